#include "verify/build.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <set>
#include <utility>

#include "check/build_lock.hpp"
#include "check/warnings.hpp"
#include "reading/diagnostics.hpp"
#include "reading/ninja_output.hpp"
#include "system/process.hpp"
#include "text/place.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// What ninja says of these targets with one of its tools, "deps" or "query".
std::string ask_ninja(const BuildFolder& build, const std::string& tool, const std::vector<std::string>& targets) {
  std::vector<std::string> arguments{"-t", tool};
  arguments.insert(arguments.end(), targets.begin(), targets.end());
  return run(ninja_command(build, arguments)).output;
}

// `ninja -t query`: "PROGRAM:", "  input: RULE", then an input a line, "  outputs:".
std::vector<std::string> objects_of(const BuildFolder& build, const std::vector<std::string>& programs) {
  std::set<std::string> objects;
  const auto answer = ask_ninja(build, "query", programs);
  for (const auto line : split_lines(answer)) {
    if (line.ends_with(".o")) objects.emplace(trimmed(line));
  }
  return {objects.begin(), objects.end()};
}

// `ninja -t deps`: "OBJECT: #deps 123, deps mtime … (VALID)", then a dependency a line, indented. Each object with each
// file of the course's that it was compiled with.
std::vector<std::pair<std::string, std::string>> headers_of(const BuildFolder& build,
                                                            const std::vector<std::string>& objects) {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string object;
  const auto answer = ask_ninja(build, "deps", objects);
  for (const auto line : split_lines(answer)) {
    if (const auto mark = line.find(": #deps "); mark != std::string_view::npos) object = line.substr(0, mark);
    const auto path = repository_path(trimmed(line));
    if (path.starts_with("steps/") || path.starts_with("solutions/")) headers.emplace_back(object, path);
  }
  return headers;
}

// What ninja would still link, after a build that failed. In a folder that was kept an older program may be there.
std::set<std::string> not_linked(const BuildFolder& build, std::vector<std::string> arguments) {
  arguments.emplace_back("-n");
  const auto finished = run(ninja_command(build, arguments));
  std::set<std::string> targets;
  for (const auto line : split_lines(finished.output)) {
    constexpr std::string_view link = "] Linking target ";
    if (const auto at = line.find(link); at != std::string_view::npos) targets.emplace(line.substr(at + link.size()));
  }
  return targets;
}

}  // namespace

std::vector<BuildFolder> configured_builds(const Scratch& scratch, const Course& course,
                                           const std::vector<std::string>& compilers,
                                           const std::vector<std::string>& mistakes, const std::stop_token& stop) {
  std::vector<std::future<void>> set_ups;
  for (const auto& compiler : compilers) {
    set_ups.push_back(std::async(std::launch::async, [&] {
      // Only the steps and what they link, whose lines are read, are compiled for a debugger.
      set_up(scratch.root(), scratch.build(compiler), compiler, {"-Ddebug=false", "-Dmistakes=" + join(mistakes, ",")},
             stop);
    }));
  }
  for (auto& each : set_ups) each.wait();
  std::vector<BuildFolder> builds;
  if (stop.stop_requested()) return builds;
  for (auto& each : set_ups) each.get();
  for (const auto& compiler : compilers) builds.push_back(build_folder(course, compiler, false));
  return builds;
}

std::string Program::target(std::string_view which) const {
  return fmt::format("{}.{}.{}.{}", stage, kind, sanitizer, which);
}

bool Built::has(const Program& program) const {
  return !(program.with_server && unbuilt.contains(program.target("server"))) &&
         !unbuilt.contains(program.target("test"));
}

Built build_programs(const BuildFolder& build, const std::vector<Program>& programs, int jobs,
                     const std::function<void(int, int)>& on_progress, std::stop_token stop) {
  std::vector<std::string> arguments{"-k", "0", fmt::format("-j{}", jobs)};
  for (const auto& program : programs) {
    if (program.with_server) arguments.push_back(program.target("server"));
    arguments.push_back(program.target("test"));
  }
  auto command = ninja_command(build, arguments);
  command.on_output = NinjaProgress(on_progress);
  Built built;
  // Checks that run meanwhile may build what nobody expected to be needed.
  const BuildLock lock(build.folder, stop);
  const auto finished = run(command, std::move(stop));
  if (!finished.ok()) built.unbuilt = not_linked(build, std::move(arguments));
  const auto output = printable(finished.output);
  keep_warnings(build, output);
  for (const auto& edge : read_ninja(output).edges) {
    if (edge.failed) continue;
    const auto report = read_build(edge.text, {});
    if (!report.warning) continue;
    const auto& place = report.warning->place;
    if (place.file.starts_with("steps/") || place.file.starts_with("mistakes/")) continue;
    built.warnings.push_back(fmt::format("{}: {}", to_string(place), report.warning->message));
  }
  return built;
}

std::vector<std::string> header_problems(const Course& course, const Stage& stage, const BuildFolder& build,
                                         const std::vector<Program>& programs) {
  const auto origins = course.origins(stage);
  std::set<std::string> problems;
  for (const std::string kind : {"solution", "step"}) {
    std::vector<std::string> targets;
    for (const auto& program : programs) {
      if (program.kind != kind) continue;
      for (const char* which : {"server", "test"}) targets.push_back(program.target(which));
    }
    const auto objects = objects_of(build, targets);
    if (objects.empty()) continue;
    for (const auto& [object, header] : headers_of(build, objects)) {
      const auto name = std::filesystem::path(header).filename().string();
      const auto origin = std::ranges::find(origins, name, &Origin::file);
      if (origin == origins.end()) {
        problems.insert(fmt::format("{} is compiled with {}, which is no file of this stage", object, header));
        continue;
      }
      const bool is_step = kind == "step" && origin->stage == stage.name;
      const auto expected = fmt::format("{}/{}/{}", is_step ? "steps" : "solutions", origin->stage, name);
      if (header != expected)
        problems.insert(fmt::format("{} is compiled with {}, and this stage has {}", object, header, expected));
    }
  }
  return {problems.begin(), problems.end()};
}

}  // namespace runner
