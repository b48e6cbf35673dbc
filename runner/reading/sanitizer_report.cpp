#include "reading/sanitizer_report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reading/sanitizer_words.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t most_report_lines = 600;  // of one report that are read
constexpr std::size_t most_frames = 6;          // of one stack that are kept
constexpr std::string_view runtime_error = ": runtime error: ";

// "main.cpp:4:46: runtime error: …"
Place place_before(std::string_view line) {
  const auto text = trimmed(line.substr(0, line.find(runtime_error)));
  const auto frame = read_report_frame(fmt::format("#0 f {}", text.substr(std::min(text.rfind(' ') + 1, text.size()))));
  return frame ? frame->place : Place{};
}

bool is_head(std::string_view line, Sanitizer& tool, std::string_view& message) {
  constexpr std::pair<std::string_view, Sanitizer> heads[] = {
      {"ERROR: AddressSanitizer: ", Sanitizer::address},
      {"ERROR: LeakSanitizer: ", Sanitizer::leak},
      {"WARNING: ThreadSanitizer: ", Sanitizer::thread},
      {"ERROR: ThreadSanitizer: ", Sanitizer::thread},
      {"FATAL: ThreadSanitizer: ", Sanitizer::thread},
      {"ERROR: UndefinedBehaviorSanitizer: ", Sanitizer::undefined},
      {"LeakSanitizer has encountered ", Sanitizer::leak},
  };
  for (const auto& [head, kind] : heads) {
    const auto at = line.find(head);
    if (at == std::string_view::npos) continue;
    tool = kind;
    message = line.substr(at + head.size());
    return true;
  }
  const auto at = line.find(runtime_error);
  if (at == std::string_view::npos || place_before(line).line == 0) return false;
  tool = Sanitizer::undefined;
  message = line.substr(at + runtime_error.size());
  return true;
}

bool is_last(std::string_view line) {
  return line.starts_with("SUMMARY: ") || line.ends_with("==ABORTING") || line.starts_with("Shadow bytes around");
}

// What stands between quotes after `key`.
std::string quoted_after(std::string_view line, std::string_view key) {
  const auto rest = after(after(line, key), "'");
  if (!contains(rest, '\'')) return {};
  const std::string name(rest.substr(0, rest.find('\'')));
  return name == "<null>" || name == "??" || name == "<unknown>" ? std::string{} : name;
}

std::string variable_in(std::string_view line) {
  if (contains(line, "<== Memory access")) return quoted_after(line, "");
  for (const std::string_view key : {"of global variable ", "Location is global "}) {
    if (auto name = quoted_after(line, key); !name.empty()) return name;
  }
  return {};
}

// Lines above a stack that do not say what it is.
bool is_remark(std::string_view line) {
  return line.empty() || contains(line, "==Hint: ") || line.starts_with("Hint: ") || line.starts_with("HINT: ");
}

class ReportReader {
 public:
  explicit ReportReader(SanitizerReport& report) : report_(report), title_(report.kind) {}

  void read(std::string_view line) {
    if (const auto frame = read_report_frame(line)) {
      if (nameless_lambda_ != nullptr) name_lambda(line);
      return add(*frame);
    }
    end_stack();
    const auto inner = trimmed(line);
    if (report_.variable.empty()) report_.variable = variable_in(inner);
    if (contains(inner, "address points to the zero page")) {
      title_ = title_.starts_with("write") ? "write through a null pointer" : "read through a null pointer";
    } else if (!is_remark(inner)) {
      title_ = title_in_words(inner);
    }
  }

  void end() {
    end_stack();
    add_named_place();
    for (const auto& part : report_.parts) {
      if (!part.elsewhere && report_.place.line == 0) report_.place = part.frames.front().place;
    }
  }

 private:
  // The end of a function without a return may have no line of its own, so that the stack has none for it; UBSan's
  // first line has.
  void add_named_place() {
    if (!is_shown_in_stacks(report_.place.file) || (innermost_ && is_shown_in_stacks(innermost_->place.file))) return;
    if (report_.parts.empty()) report_.parts.push_back({report_.kind, {}, true});
    auto& frames = learners_frames(report_.parts.front());
    frames.insert(frames.begin(), {innermost_ ? innermost_->function : "", report_.place});
  }

  // Without the frame that stands in for them while there are none.
  static std::vector<Frame>& learners_frames(ReportPart& part) {
    if (part.elsewhere) part.frames.clear();
    part.elsewhere = false;
    return part.frames;
  }

  void add(const Frame& frame) {
    if (!innermost_) innermost_ = frame;
    if (!in_stack_) report_.parts.push_back({title_, {}, true});
    in_stack_ = true;
    auto& part = report_.parts.back();
    if (!is_shown_in_stacks(frame.place.file)) {
      if (part.elsewhere && part.frames.empty() && !frame.function.empty()) part.frames.push_back(frame);
      return;
    }
    auto& frames = learners_frames(part);
    const bool recursion =
        !frames.empty() && frames.back().function == frame.function && frames.back().place.line == frame.place.line;
    if (recursion || frames.size() == most_frames) return;
    frames.push_back(frame);
    nameless_lambda_ = frame.function == "a lambda" ? &frames.back() : nullptr;
  }

  // GCC calls a lambda "operator()"; the frames that called it have the function that it stands in among their types.
  void name_lambda(std::string_view line) {
    const auto home = home_of_lambda(line);
    if (home.empty()) return;
    nameless_lambda_->function = "a lambda in " + short_function(home);
    nameless_lambda_ = nullptr;
  }

  void end_stack() {
    in_stack_ = false;
    nameless_lambda_ = nullptr;
  }

  SanitizerReport& report_;
  std::string title_;  // of the next stack
  bool in_stack_ = false;
  std::optional<Frame> innermost_;    // of the first stack
  Frame* nameless_lambda_ = nullptr;  // the last frame of the part, while it waits for its name
};

}  // namespace

std::optional<SanitizerReport> find_sanitizer_report(std::string_view output) {
  const auto lines = split_lines(output);
  SanitizerReport report;
  std::string_view message;
  std::size_t at = 0;
  while (at < lines.size() && !is_head(lines[at], report.tool, message)) ++at;
  if (at == lines.size()) return std::nullopt;

  report.kind = kind_of(report.tool, message);
  report.message = without_addresses(with_repository_paths(message));
  const auto indent = indent_of(lines[at]);
  if (report.tool == Sanitizer::undefined) report.place = place_before(lines[at]);
  ReportReader reader(report);
  const auto first = at;
  for (; at < lines.size() && at - first < most_report_lines; ++at) {
    const auto line = lines[at].substr(std::min(indent, lines[at].size()));
    const bool left = indent_of(lines[at]) < indent && !trimmed(lines[at]).empty();
    // UBSan ends without a mark when GCC's runtime prints it.
    const bool next = report.tool == Sanitizer::undefined && at > first && !line.starts_with(' ') && !is_last(line);
    if (left || next) break;
    (report.text += line) += '\n';
    if (is_last(line)) break;
    if (at > first) reader.read(line);
  }
  reader.end();
  return report;
}

std::string_view to_string(Sanitizer tool) {
  constexpr std::array<std::string_view, 4> names{
      // in the order of the type
      "AddressSanitizer", "UndefinedBehaviorSanitizer", "LeakSanitizer", "ThreadSanitizer"};
  return names.at(static_cast<std::size_t>(tool));
}

}  // namespace runner
