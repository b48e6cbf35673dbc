#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/sanitizer_frame.hpp"
#include "text/line.hpp"
#include "text/place.hpp"

namespace runner {

enum class Sanitizer { address, undefined, leak, thread };

struct ReportPart {
  std::string title{};          // "read of size 4 by the main thread", "freed by thread T1", "thread T2 was created"
  std::vector<Frame> frames{};  // the learner's, innermost first
  bool elsewhere = false;  // no frame lies in the learner's files; `frames` has then the innermost one that is named
};

struct SanitizerReport {
  Sanitizer tool = Sanitizer::address;
  std::string kind{};               // "heap-use-after-free", "data race", "signed integer overflow"
  std::string message{};            // the report's own first line, without process numbers and addresses
  Place place{};                    // the first line of the learner's to look at; may be unknown
  std::string variable{};           // the variable's name, when the report gives one
  std::vector<ReportPart> parts{};  // in the report's order
  std::string text{};               // the whole report, safe to show
};

/// The first report in what a test or a server printed (also when it is indented, as in a failed test's text), or
/// nothing. `output` is safe to print.
std::optional<SanitizerReport> find_sanitizer_report(std::string_view output);

/// "AddressSanitizer".
std::string_view to_string(Sanitizer tool);

}  // namespace runner
