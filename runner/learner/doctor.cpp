#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "learner/commands.hpp"
#include "system/files.hpp"
#include "system/process.hpp"
#include "system/save_events.hpp"
#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// What a program stands for in that table; the others are looked for by `learn`.
bool is_a_program(std::string_view tool) {
  constexpr std::string_view libraries[] = {"tool",    "compiler", "sanitizers", "pkg-config",
                                            "doctest", "cli11",    "fmt",        "libuv"};
  return std::ranges::find(libraries, tool) == std::end(libraries) && !tool.starts_with('-');
}

struct Manager {
  std::string_view program;
  std::string_view install;
};

constexpr std::array<Manager, 5> managers{{{"apt-get", "apt-get install --yes"},
                                           {"dnf", "dnf install --assumeyes"},
                                           {"pacman", "pacman -S --needed"},
                                           {"zypper", "zypper install"},
                                           {"brew", "brew install"}}};

std::string first_line(const std::string& program) {
  const auto finished = run({.words = {program, "--version"}, .time_limit = std::chrono::seconds(5)});
  const auto lines = split_lines(finished.output);
  return finished.ok() && !lines.empty() ? printable(lines.front()) : "is there, and does not start";
}

// Compiles and runs a program that has the mistake; the sanitizer must catch it.
std::string try_sanitizer(const Context& context, std::string_view flag, std::string_view mistake,
                          std::string_view report) {
  const auto folder = context.course.state() / "doctor";
  std::filesystem::create_directories(folder);
  write_file(folder / "try.cpp", mistake);
  const std::string compiler = context.compiler.empty() ? "c++" : context.compiler;
  const auto compiled =
      run({.words = {compiler, "-std=c++20", "-g", "-pthread", std::string(flag), "try.cpp", "-o", "try"},
           .folder = folder});
  if (!compiled.ok()) return "does not compile: " + std::string(trimmed(printable(compiled.output + compiled.error)));
  const auto ran = run({.words = {(folder / "try").string()},
                        .folder = folder,
                        .environment = stage_environment(),
                        .time_limit = std::chrono::seconds(10)});
  if (ran.output.find(report) != std::string::npos) return {};
  const auto lines = split_lines(ran.output);
  return lines.empty() ? "reports nothing" : printable(lines.front());
}

constexpr std::string_view overflow = "int main(int n, char**) { int* p = new int[1]; delete[] p; return p[n - 1]; }\n";
constexpr std::string_view race =
    "#include <thread>\nint n; int main() { std::thread t{[] { ++n; }}; ++n; t.join(); return 0; }\n";

void report(const Paint& paint, std::string_view what, const std::string& problem, std::string_view cost) {
  if (problem.empty())
    fmt::print("{} {:<22} works\n", paint.green("✓"), what);
  else
    fmt::print("{} {:<22} {}\n  without it: {}\n", paint.yellow("·"), what, problem, cost);
}

// The programs of docs/tools.md, whose columns are: the tool, what is lost without it, whether the course needs it, and
// its packages for each package manager. False: one that is needed is missing. `install`: how to get what is missing.
bool report_programs(const Context& context, std::string& install) {
  const auto& paint = context.paint;
  bool works = true;
  const auto manager =
      std::ranges::find_if(managers, [](const auto& each) { return !find_program(each.program).empty(); });
  std::vector<std::string> head;
  const auto text = read_file(context.course.root() / "docs" / "tools.md");
  for (const auto line : split_lines(text)) {
    if (!line.starts_with('|')) continue;
    const auto cells = table_cells(line);
    if (cells.size() < 4) continue;
    if (head.empty()) head = cells;
    const auto& program = cells[0];
    if (!is_a_program(program)) continue;
    auto path = find_program(program);
    if (path.empty() && program == "ninja") path = find_program("ninja-build");
    if (!path.empty()) {
      fmt::print("{} {:<22} {}\n", paint.green("✓"), program, first_line(path.string()));
      continue;
    }
    const bool needed = cells[2] == "yes";
    works = works && !needed;
    fmt::print("{} {:<22} missing; without it: {}\n", needed ? paint.red("✗") : paint.yellow("·"), program,
               render_inline(cells[1]));
    if (manager == managers.end()) continue;
    const auto column = static_cast<std::size_t>(std::ranges::find(head, manager->program) - head.begin());
    if (column >= cells.size()) continue;
    if (install.empty()) install = manager->install;
    install += " " + cells[column];
  }
  return works;
}

}  // namespace

int doctor(Context& context) {
  const auto& paint = context.paint;
  std::string install;
  const bool works = report_programs(context, install);
  report(paint, "AddressSanitizer", try_sanitizer(context, "-fsanitize=address", overflow, "heap-use-after-free"),
         "use of memory that is gone may pass unseen");
  report(paint, "ThreadSanitizer", try_sanitizer(context, "-fsanitize=thread", race, "data race"),
         "data races may pass unseen (on kernels with much address randomisation, try: setarch -R ./learn)");
  int level = 0;
  std::ifstream("/proc/sys/kernel/yama/ptrace_scope") >> level;
  const bool may_look = level <= 1 || geteuid() == 0;
  report(paint, "gdb on a running test",
         may_look ? "" : fmt::format("is not allowed (kernel.yama.ptrace_scope is {})", level),
         "a hang is stopped, and not explained");
  report(paint, "file events", has_file_events(context.course.root()) ? "" : "are not there on this file system",
         "watch mode looks at the files twice a second (a folder on a local disk has events)");
  if (!install.empty()) {
    fmt::print("\nThis installs what is missing:\n\n  {}{}\n", geteuid() == 0 ? "" : "sudo ", install);
  }
  fmt::print("\n{}\n",
             works ? "The course can be worked through on this machine." : "The course needs what is marked ✗.");
  return works ? 0 : 2;
}

}  // namespace runner
