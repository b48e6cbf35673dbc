#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Place {
  std::string file{};  // relative to the repository for the course's own files, else as the tool printed it
  int line = 0;        // from 1; 0: unknown
  int column = 0;      // from 1; 0: unknown
};

/// "steps/04_whole_request/read_request.cpp:12", with the column when it is known and asked for.
std::string to_string(const Place& place, bool with_column = false);

/// "read_request.cpp:12".
std::string short_place(const Place& place);

/// "main.cpp:12:30" or "main.cpp:12", read from its end, as the name may hold anything; nothing without a line. The
/// file is given as repository_path gives it.
std::optional<Place> read_place(std::string_view text);

/// The place that `text` begins with, "tests/03_rebind.cpp:24: the server starts", which is cut off with the colon;
/// unknown when there is none, and then nothing is cut off.
Place take_place(std::string_view& text);

/// `path` from the repository's root if it lies in steps/, solutions/, tests/ or mistakes/ (with any prefix: ../../, an
/// absolute one), else unchanged.
std::string repository_path(std::string_view path);

/// `text` with each such path in it made relative to the repository.
std::string with_repository_paths(std::string_view text);

/// A file that a learner reads or edits: in steps/, solutions/, mistakes/ or a stage's test; tests/support/ is not.
/// `path` as repository_path gives it.
bool is_learners(std::string_view path);

/// The same without the tests' headers: they stand between the test cases and what is tested.
bool is_shown_in_stacks(std::string_view path);

/// Line `place.line` of `file_text` with its number and a caret line below, as GCC prints them; empty when there is no
/// such line.
std::vector<std::string> source_with_caret(std::string_view file_text, const Place& place);

}  // namespace runner
