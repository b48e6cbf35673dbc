#include "check/build_folder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "check/build_lock.hpp"
#include "course/shipped.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {

void set_up(const std::filesystem::path& root, const std::filesystem::path& folder, const std::string& compiler,
            const std::vector<std::string>& options, std::stop_token stop) {
  Command meson;
  meson.words = {"meson", "setup", "-Drunner=false", folder.string(), root.string()};
  if (std::filesystem::exists(folder / "build.ninja")) meson.words.emplace_back("--reconfigure");
  meson.words.insert(meson.words.end(), options.begin(), options.end());
  if (!compiler.empty()) meson.environment = {{"CXX", compiler}};
  const auto finished = run(meson, std::move(stop));
  if (finished.ok()) return;
  if (finished.end == End::cancelled) throw Cancelled("stopped");
  throw UsageError(fmt::format("meson setup did not work:\n{}{}", printable(finished.output), finished.error));
}

namespace {

bool is_to_be_made(const Course& course, const Stage& stage, const std::string& name) {
  try {
    const auto files = shipped_files(course, stage);
    return std::ranges::any_of(files, [&](const auto& file) { return file.name == name && !file.text; });
  } catch (const UsageError&) {
    return false;
  }
}

// Sources that learners make come, and go with a reset: whether the build knows one too few or one too many. A source
// that was shipped and is gone is left to ninja, whose words name it.
bool sources_have_changed(const Course& course, std::string_view build_ninja) {
  for (const auto& stage : course.stages()) {
    for (const auto& file : stage.own) {
      if (!file.ends_with(".cpp")) continue;
      const bool known = build_ninja.find("steps/" + stage.name + "/" + file) != std::string_view::npos;
      const bool there = is_file(course.step(stage) / file);
      if (there != known && (there || is_to_be_made(course, stage, file))) return true;
    }
  }
  return false;
}

// "C++ compiler for the host machine: ccache c++ (gcc 12.2.0 "c++ (Debian …)")" is what Meson wrote down.
std::optional<std::string> compiler_of(const std::filesystem::path& folder) {
  const auto log = folder / "meson-logs" / "meson-log.txt";
  const auto text = is_file(log) ? read_file(log) : std::string();
  const auto line = text.find("C++ compiler for the host machine:");
  const auto open = text.find('(', line);
  const auto quote = text.find(" \"", open);
  if (quote == std::string::npos || quote > text.find('\n', line)) return std::nullopt;
  return text.substr(open + 1, quote - open - 1);
}

}  // namespace

BuildFolder build_folder(const Course& course, const std::string& compiler, bool base_mine, std::stop_token stop) {
  BuildFolder build;
  std::string name = "build";
  if (!compiler.empty()) name += "-" + std::filesystem::path(compiler).filename().string();
  if (base_mine) name += "-mine";
  build.folder = course.state() / name;
  if (!compiler.empty() && find_program(compiler).empty() && !std::filesystem::exists(compiler)) {
    throw UsageError(fmt::format("there is no compiler '{}' here: ./learn doctor says what there is", compiler));
  }
  if (!std::filesystem::exists(build.folder / "build.ninja")) {
    const auto base = base_mine ? "-Dbase=mine" : "-Dbase=solutions";
    set_up(course.root(), build.folder, compiler, {base}, std::move(stop));
  } else {
    build.is_stale = sources_have_changed(course, read_file(build.folder / "build.ninja"));
  }
  build.compiler = compiler_of(build.folder).value_or(compiler.empty() ? "c++" : compiler);
  return build;
}

Command ninja_command(const BuildFolder& build, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{find_program("ninja").empty() ? "ninja-build" : "ninja"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return {.words = std::move(words), .folder = build.folder, .environment = stage_environment()};
}

void build_support(const BuildFolder& build, std::string_view sanitizer, const std::stop_token& stop) {
  const std::vector<std::string> libraries{"tests/support/libdoctest_main.a",
                                           fmt::format("tests/support/libsupport.{}.a", sanitizer)};
  if (std::ranges::all_of(libraries, [&](const auto& each) { return is_file(build.folder / each); })) return;
  const BuildLock lock(build.folder, stop);
  if (stop.stop_requested()) return;
  auto ninja = ninja_command(build, libraries);
  ninja.words.insert(ninja.words.begin(), "nice");
  run(ninja, stop);
}

std::vector<std::pair<std::string, std::string>> stage_environment() {
  // atexit_sleep_ms: a program that leaves threads behind ends at once, as it does without the sanitizer.
  std::vector<std::pair<std::string, std::string>> environment{
      {"LC_ALL", "C"},
      {"ASAN_OPTIONS", "color=never:handle_abort=1:detect_stack_use_after_return=1:strict_string_checks=1"},
      {"LSAN_OPTIONS", "print_suppressions=0"},
      {"UBSAN_OPTIONS", "print_stacktrace=1:color=never"},
      {"TSAN_OPTIONS", "color=never:handle_abort=1:halt_on_error=1:second_deadlock_stack=1:atexit_sleep_ms=0"},
  };
  // Clang's runtime needs this helper for file names and lines; Debian gives it a number.
  static const auto symbolizer = [] {
    std::filesystem::path found = find_program("llvm-symbolizer");
    for (int version = 22; found.empty() && version >= 14; --version) {
      found = find_program(fmt::format("llvm-symbolizer-{}", version));
    }
    return found;
  }();
  if (!symbolizer.empty()) {
    for (const char* name : {"ASAN_SYMBOLIZER_PATH", "TSAN_SYMBOLIZER_PATH", "UBSAN_SYMBOLIZER_PATH"}) {
      environment.emplace_back(name, symbolizer.string());
    }
  }
  return environment;
}

}  // namespace runner
