#include "report/failure.hpp"

#include "report/bytes.hpp"
#include "report/history.hpp"
#include "report/report.hpp"

#include <algorithm>
#include <sstream>

namespace support {
namespace {

constexpr std::size_t most_lines = 14;
constexpr std::size_t most_columns = 98;

std::string place_of(const char* file, int line) {
  return report::path_in_repository(file) + ":" + std::to_string(line);
}

// Columns, not bytes: the only letters beyond ASCII here are "…".
std::string cut(const std::string& text, std::size_t columns = most_columns) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (++width == columns && i + 1 < text.size()) return text.substr(0, i) + "…";
  }
  return text;
}

std::vector<std::string> active_infos() {
  std::vector<std::string> infos;
  const int count = doctest::IReporter::get_num_active_contexts();
  const doctest::IContextScope* const* contexts = doctest::IReporter::get_active_contexts();
  for (int i = 0; i < count; ++i) {
    std::ostringstream text;
    contexts[i]->stringify(&text);
    infos.push_back(printable(text.str()));
  }
  return infos;
}

// What came instead of what the assertion asks for.
std::string actual_of(const doctest::AssertData& data) {
  using doctest::assertType::Enum;
  if (data.m_threw) return "exception: " + printable(data.m_exception.c_str());
  if (data.m_at & (Enum::is_throws | Enum::is_throws_as | Enum::is_throws_with)) return "no exception";
  return printable(data.m_decomp.c_str());
}

// Whether a line says so already: "it exited with status 1" for "the server exited with status 1".
bool is_told(const std::vector<std::string>& lines, std::string_view words) {
  for (const std::string_view start : {"the server ", "a sanitizer found a mistake in the server: "}) {
    if (words.starts_with(start)) words.remove_prefix(start.size());
  }
  return std::any_of(lines.begin(), lines.end(),
                     [words](const std::string& line) { return line.find(words) != line.npos; });
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    result += control ? escaped({&letter, 1}) : std::string{letter};
  }
  return result;
}

std::vector<std::string> printable_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end = 0; end != text.npos; text.remove_prefix(end == text.npos ? 0 : end + 1)) {
    end = text.find('\n');
    lines.push_back(printable(text.substr(0, end)));
  }
  return lines;
}

Failure failure_of(const doctest::TestCaseData& test, const std::string& message) {
  return {place_of(test.m_file.c_str(), static_cast<int>(test.m_line)), message, {}, {}};
}

Failure failure_of(const doctest::AssertData& data) {
  using doctest::assertType::Enum;
  Failure failure{place_of(data.m_file, data.m_line), "", active_infos(), {}};
  const std::string expression = printable(data.m_expr);
  std::string expected;
  if (*data.m_exception_type != '\0') {
    expected = "an exception of type " + std::string{data.m_exception_type};
  } else if (data.m_at & (Enum::is_throws | Enum::is_throws_with)) {
    expected = "an exception";
  }
  // The text of CHECK_MESSAGE is the innermost INFO; without any the check speaks for itself.
  if (failure.given.empty()) {
    failure.message = doctest::assertString(data.m_at) + ("( " + expression + " )");
  } else {
    failure.message = failure.given.back();
    failure.given.pop_back();
    if (expected.empty()) expected = (data.m_at & Enum::is_false ? "not: " : "") + expression;
  }
  if (!expected.empty()) failure.details.push_back("expected: " + expected);
  failure.details.push_back("actual:   " + actual_of(data));
  return failure;
}

Failure failure_of(const doctest::MessageData& data) {
  const std::vector<std::string> lines = printable_lines(data.m_string.c_str());
  return {place_of(data.m_file, data.m_line), lines[0], active_infos(), {lines.begin() + 1, lines.end()}};
}

Failure failure_of(const doctest::TestCaseData& test, const doctest::TestCaseException& exception) {
  Failure failure = failure_of(test, "an exception left the test");
  failure.details.push_back("actual:   " + printable(exception.error_string.c_str()));
  for (int i = 0; i < doctest::IReporter::get_num_stringified_contexts(); ++i) {
    failure.given.push_back(printable(doctest::IReporter::get_stringified_contexts()[i].c_str()));
  }
  return failure;
}

std::string headline(const Failure& failure) {
  return cut(failure.place + ": " + failure.message, 90);
}

std::vector<std::string> told(const Failure& failure) {
  std::vector<std::string> lines{failure.place + ": " + failure.message};
  for (const std::string& given : failure.given) lines.push_back("given:    " + given);
  lines.insert(lines.end(), failure.details.begin(), failure.details.end());
  for (const report::ServerEnd& end : report::ends()) {
    if (!end.words.empty() && !is_told(lines, end.words)) lines.push_back(end.words);
  }
  const std::vector<std::string> threads = report::threads();
  if (!threads.empty()) lines.emplace_back("where the server's threads stand:");
  for (const std::string& line : threads) lines.push_back("  " + line);

  std::vector<std::string> stderr_lines = report::meaningful_lines(report::whole_stderr());
  if (!stderr_lines.empty() && is_told(lines, stderr_lines[0])) stderr_lines.erase(stderr_lines.begin());
  const std::size_t fixed = lines.size() + (stderr_lines.empty() ? 0 : 1 + stderr_lines.size());
  if (fixed + 2 <= most_lines) {
    const std::vector<std::string> history = history::lines(most_lines - fixed);
    lines.insert(lines.end(), history.begin(), history.end());
  }
  if (!stderr_lines.empty()) lines.emplace_back("server's stderr:");
  for (const std::string& line : stderr_lines) lines.push_back("  " + printable(line));

  if (lines.size() > most_lines) {
    const std::size_t left_out = lines.size() - most_lines + 1;
    lines.resize(most_lines - 1);
    lines.push_back("… " + std::to_string(left_out) + " more lines");
  }
  for (std::string& line : lines) line = cut(line);
  return lines;
}

}  // namespace support
