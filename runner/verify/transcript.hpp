#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.hpp"
#include "course/lesson.hpp"

namespace runner {

/// A line of a transcript with what differs from run to run written as letters: times, ports, process numbers,
/// addresses.
std::string normalised(std::string_view line);

/// "gcc" for a compiler that Meson calls "gcc 12.2.0", "clang" for a Clang; as the fences of lessons say.
std::string family_of(const std::string& compiler);

/// Whether the words of this compiler are those that lessons show (GCC 12, Clang 14). Others are held only to the
/// outcome and to the place of the first diagnostic.
bool words_are_compared(const std::string& compiler);

/// What a step shows, without where the threads of a hang stand: that is chance, and only gdb knows it.
std::vector<std::string> lines_for_lesson(const Verdict& verdict);

/// Whether an untouched step that ends so fails as its lesson says.
bool fails_as_said(ShippedAs shipped_as, Outcome outcome);

/// The schedule by which the step fails, as `./learn story` tells it in 80 columns; none when no schedule did.
std::vector<std::string> story_for_lesson(const Verdict& verdict, const Course& course);

/// What is wrong with the story in the lesson, if it shows one; as below.
std::vector<std::string> story_problem(const Lesson& lesson, const std::string& lesson_file,
                                       const std::vector<std::string>& story, const std::string& compiler, int width);

/// What is wrong with the lesson's transcript, in lines for a maintainer; empty when it is what the step showed.
/// `width`: columns to show the two beside each other in, else they come one below the other.
std::vector<std::string> transcript_problem(const Lesson& lesson, const std::string& lesson_file,
                                            const Verdict& verdict, const std::string& compiler, int width);

/// What an untouched step showed with one compiler.
struct Seen {
  std::string family;  // "gcc"
  std::vector<std::string> lines;
  std::vector<std::string> story{};
};

/// The lesson's text with its transcripts and stories replaced by what was seen, where these differ; with both
/// compilers' in one fence when they are equal and in two when not. A fence for a compiler that was not run stays.
std::string with_transcripts(std::string_view markdown, const std::vector<Seen>& seen);

}  // namespace runner
