#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/line.hpp"
#include "text/place.hpp"

namespace runner {

struct Frame {
  std::string function{};  // without its parameters and its template arguments
  Place place{};
};

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

}  // namespace runner
