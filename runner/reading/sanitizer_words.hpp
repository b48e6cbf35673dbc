#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/sanitizer_report.hpp"

namespace runner {

/// The function and the place of a line such as "#1 0x55 in main /…/main.cpp:9:33" (ASan) or "#1 main /…/main.cpp:9
/// (server+0x12)" (TSan), or nothing when it is not one.
std::optional<Frame> read_report_frame(std::string_view line);

/// A function as a learner would call it: "Queue::push" of "void Queue::push<int>(int&&)", "a lambda in main" of
/// "main::$_0::operator()() const".
std::string short_function(std::string_view function);

/// The function that a closure stands in, from a frame that has the closure's type among its template arguments:
/// "(anonymous namespace)::serve()" of "std::__invoke_impl<void, (anonymous namespace)::serve()::<lambda()>&>". Empty
/// when there is none.
std::string_view home_of_lambda(std::string_view function);

/// "the test" for the name that doctest gives to a TEST_CASE, else the function as it is.
std::string function_in_words(const std::string& function);

/// The line of the source at a place, with its number; nothing when `root` has no such file.
std::vector<std::string> source_line(const std::filesystem::path& root, const Place& place);

/// A frame below its title, and what rows are matched with: its source line too, when `root` has it.
Line frame_line(const Frame& frame, const std::filesystem::path& root);

/// The line above a stack ("READ of size 4 at 0x602 thread T1") in words ("read of 4 bytes by thread T1").
std::string title_in_words(std::string_view line);

/// The kind that stands in a report's first line, after the tool's name: "heap-use-after-free" of "heap-use-after-free
/// on address 0x602…", "data race" of "data race (pid=7)", "signed integer overflow" of "signed integer overflow: 1 +
/// …".
std::string kind_of(Sanitizer tool, std::string_view message);

/// Without addresses and process numbers, which differ from run to run.
std::string without_addresses(std::string_view text);

}  // namespace runner
