#include "verify/build.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "check/build_lock.hpp"
#include "check/warnings.hpp"
#include "reading/diagnostics.hpp"
#include "reading/ninja_output.hpp"
#include "system/process.hpp"
#include "text/place.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// `ninja -t deps`: "OBJECT: #deps 123, deps mtime … (VALID)", then a dependency a line, indented.
std::map<std::string, std::vector<std::string>> headers_of_objects(const BuildFolder& build) {
  auto command = ninja_command(build, {"-t", "deps"});
  std::map<std::string, std::vector<std::string>> headers;
  std::string pending;
  std::vector<std::string>* current = nullptr;
  // Read as it comes: with many objects this is more than a Finished keeps.
  command.output_limit = std::size_t{1} << 30;
  command.on_output = [&](std::string_view piece) {
    pending += piece;
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
      const auto line = pending.substr(0, end);
      pending.erase(0, end + 1);
      if (const auto mark = line.find(": #deps "); mark != std::string::npos) {
        current = &headers[line.substr(0, mark)];
      } else if (current != nullptr && !line.empty()) {
        auto path = repository_path(trimmed(line));
        if (path.starts_with("steps/") || path.starts_with("solutions/")) current->push_back(std::move(path));
      }
    }
  };
  run(command);
  return headers;
}

// `ninja -t query`: "PROGRAM:", "  input: RULE", then an input a line, "  outputs:".
std::map<std::string, std::vector<std::string>> objects_of_programs(const BuildFolder& build,
                                                                    const std::vector<std::string>& targets) {
  std::vector<std::string> arguments{"-t", "query"};
  arguments.insert(arguments.end(), targets.begin(), targets.end());
  const auto finished = run(ninja_command(build, arguments));
  std::map<std::string, std::vector<std::string>> objects;
  std::string program;
  for (const auto line : split_lines(finished.output)) {
    if (!line.starts_with(' ') && line.ends_with(':')) program = line.substr(0, line.size() - 1);
    if (line.ends_with(".o")) objects[program].emplace_back(trimmed(line));
  }
  return objects;
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
  std::vector<std::string> targets;
  for (const auto& program : programs) {
    for (const char* which : {"server", "test"}) targets.push_back(program.target(which));
  }
  const auto headers = headers_of_objects(build);
  const auto origins = course.origins(stage);
  std::set<std::string> problems;
  for (const auto& [target, objects] : objects_of_programs(build, targets)) {
    const bool step = target.find(".step.") != std::string::npos;
    for (const auto& object : objects) {
      const auto found = headers.find(object);
      if (found == headers.end()) continue;
      for (const auto& header : found->second) {
        const auto name = std::filesystem::path(header).filename().string();
        const auto origin = std::ranges::find(origins, name, &Origin::file);
        if (origin == origins.end()) {
          problems.insert(fmt::format("{} is compiled with {}, which is no file of this stage", object, header));
          continue;
        }
        const auto expected =
            (step && origin->stage == stage.name ? "steps/" : "solutions/") + origin->stage + "/" + name;
        if (header != expected)
          problems.insert(fmt::format("{} is compiled with {}, and this stage has {}", object, header, expected));
      }
    }
  }
  return {problems.begin(), problems.end()};
}

}  // namespace runner
