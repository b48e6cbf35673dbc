#include "own/failing_run.hpp"

#include "expect/expect.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <vector>

namespace support {
namespace {

// This test program, started with other arguments.
class Started {
 public:
  explicit Started(const std::string& arguments) {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    const std::string program(path, static_cast<std::size_t>(length));
    pipe_ = popen(("'" + program + "' " + arguments + " 2>&1").c_str(), "re");
  }

  // Waits for its end; once.
  Run result() {
    Run run;
    char part[4096];
    for (std::size_t count = 0; (count = std::fread(part, 1, sizeof part, pipe_)) > 0;) run.output.append(part, count);
    const int status = pclose(pipe_);
    if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
    return run;
  }

 private:
  std::FILE* pipe_ = nullptr;
};

// What all failing cases print. They mostly wait, so several programs take a share each at the same time.
Run run_all_failures() {
  constexpr int share = 4;
  std::vector<Started> programs;
  for (int first = 1; first <= 50; first += share) {
    programs.emplace_back("--no-skip --test-suite='fails on purpose' --first=" + std::to_string(first) +
                          " --last=" + std::to_string(first + share - 1));
  }
  Run all;
  for (Started& program : programs) {
    const Run run = program.result();
    all.output += run.output;
    all.status = std::max(all.status, run.status);
  }
  return all;
}

bool is_amount(char letter) {
  return std::isdigit(static_cast<unsigned char>(letter)) != 0 || letter == '.';
}

// Writes N for the number between `before` and `after`, which differs from run to run.
void hide_number(std::string& text, std::string_view before, std::string_view after) {
  for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at + 1)) {
    const std::size_t start = at + before.size();
    std::size_t end = start;
    while (end < text.size() && is_amount(text[end])) ++end;
    if (end > start && text.compare(end, after.size(), after) == 0) text.replace(start, end - start, "N");
  }
}

}  // namespace

Run run_self(const std::string& arguments) {
  return Started{arguments}.result();
}

const Run& all_failures() {
  static const Run run = run_all_failures();
  return run;
}

std::string failure(const std::string& name) {
  const std::string& output = all_failures().output;
  const std::size_t start = output.find(" - " + name + "\n");
  if (start == output.npos) return "there is no such case";
  std::string text;
  for (std::size_t at = output.find('\n', start) + 1; output[at] == ' '; at = output.find('\n', at) + 1) {
    std::string line = output.substr(at, output.find('\n', at) + 1 - at);
    if (const std::size_t unit = line.find(" ms  "); unit != line.npos) line.replace(0, unit, "    N");
    text += line;
  }
  hide_number(text, "127.0.0.1:", "");
  hide_number(text, " for ", " s");
  hide_number(text, "only ", " bytes");
  hide_number(text, "… (", " bytes)");
  hide_number(text, "cases.cpp:", ":");
  hide_number(text, "servers.cpp:", ":");
  for (const std::string_view tool : {"AddressSanitizer", "ThreadSanitizer"}) {
    for (std::size_t at; (at = text.find(tool)) != text.npos;) text.replace(at, tool.size(), "Sanitizer");
  }
  return text;
}

void expect_failure(const std::string& name, std::string_view expected, Place place) {
  expect(name, failure(name), place).is(expected);
}

}  // namespace support
