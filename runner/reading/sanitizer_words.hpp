#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "reading/sanitizer_report.hpp"

namespace runner {

/// The line above a stack ("READ of size 4 at 0x602 thread T1") in words ("read of 4 bytes by thread T1").
std::string title_in_words(std::string_view line);

/// The kind that stands in a report's first line, after the tool's name: "heap-use-after-free" of "heap-use-after-free
/// on address 0x602…", "data race" of "data race (pid=7)", "signed integer overflow" of "signed integer overflow: 1 +
/// …".
std::string kind_of(Sanitizer tool, std::string_view message);

/// Without addresses and process numbers, which differ from run to run.
std::string without_addresses(std::string_view text);

/// The report in lines for a screen, the same in each run: the tool and the kind, each part's title, and below it its
/// frames as "handle_connection (steps/10_dangling/main.cpp:31)". Of a data race the two places in the order of the
/// files, with their source lines when `root` has them, and which of them holds a lock.
Lines lines_of(const SanitizerReport& report, const std::filesystem::path& root = {});

}  // namespace runner
