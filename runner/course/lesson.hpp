#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

enum class ShippedAs { build, test, hang, sanitizer };  // how a stage fails before the learner touches it

struct Section {
  std::string heading{};  // "What you see"
  std::string text{};     // markdown, without the heading
  int line = 0;           // of the heading, from 1
};

struct Hint {
  std::string title{};  // "Hint 1: a nudge"
  std::string body{};   // markdown
  int line = 0;
};

struct Meaning {
  std::string pattern{};  // part of an error's text; `…` stands for anything
  std::string text{};     // markdown, one line
  int line = 0;
};

struct Fence {
  std::string info{};  // "text gcc", "cpp solutions/01_call_first/main.cpp"
  std::string text{};  // each line with its LF
  int line = 0;        // of the opening ```, from 1; the first line of text is the next
};

struct Link {
  std::string target{};  // as written, with its #anchor
  int line = 0;
};

struct Lesson {
  std::string number{};             // "04"
  std::string title{};              // "Whole request"
  std::string part{};               // "1, one thread"
  std::vector<std::string> edit{};  // "steps/04_whole_request/read_request.cpp"
  ShippedAs shipped_as = ShippedAs::build;
  std::string purpose{};  // the line that says that the failure is on purpose
  std::vector<Section> sections{};
  std::vector<Hint> hints{};
  std::vector<Meaning> meanings{};
  std::vector<Fence> fences{};
  std::vector<Link> links{};
  int lines = 0;

  const Section* section(std::string_view heading) const;    // null: there is none
  const Fence* transcript(std::string_view compiler) const;  // "gcc" or "clang": what the first run shows; may be null
};

/// What is wrong with a lesson, where, and what to do about it.
class LessonError : public std::runtime_error {
 public:
  LessonError(int line, const std::string& what) : std::runtime_error(what), line_(line) {}
  int line() const { return line_; }

 private:
  int line_;
};

/// Throws LessonError for a text that cannot be read as a lesson. What is merely missing is not refused here, so that a
/// learner still gets hints from a lesson that is not finished: see problems_of.
Lesson read_lesson(std::string_view markdown);

/// The rows of a table of messages and meanings (docs/when_it_fails); throws LessonError.
std::vector<Meaning> read_meanings(std::string_view markdown);

/// What a finished lesson must have and this one has not (sections and their order, three hints, transcripts
/// for both compilers); empty when all is well.
std::vector<LessonError> problems_of(const Lesson& lesson);

/// The first row of the lesson's table whose message occurs in `error_text`, or null.
const Meaning* meaning_of(const Lesson& lesson, std::string_view error_text);

std::string_view to_string(ShippedAs shipped_as);

}  // namespace runner
