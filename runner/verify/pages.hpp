#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "course/course.hpp"
#include "course/lesson.hpp"

namespace runner {

/// What is wrong with a stage's lesson, each as "docs/04_whole_request.md:12: what". Its transcripts are not looked at.
/// `lesson` is null when it cannot be read; `problem` then says why.
std::vector<std::string> lesson_problems(const Course& course, const Stage& stage, const Lesson* lesson,
                                         const std::string& problem);

/// What a finished lesson must have and this one has not (sections and their order, three hints, transcripts for both
/// compilers); empty when all is well.
std::vector<DocumentError> problems_of(const Lesson& lesson);

/// What is wrong with the pages beside the lessons (README, CONTRIBUTING, topic pages): dead links, stale excerpts, and
/// the map of stages, which is the table in the README's section "The stages": a row for each stage, in order, with its
/// number and its lesson's title as a link to the lesson.
std::vector<std::string> page_problems(const Course& course);

/// The pages beside the lessons, relative to the root.
std::vector<std::string> other_pages(const Course& course);

/// The names that GitHub gives to a page's headings.
std::vector<std::string> anchors_of(std::string_view markdown);

}  // namespace runner
