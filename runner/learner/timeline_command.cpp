#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "check/running_server.hpp"
#include "course/shipped.hpp"
#include "learner/commands.hpp"
#include "pictures/scene.hpp"
#include "pictures/timeline.hpp"
#include "system/files.hpp"
#include "system/terminal_size.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds start_limit{5000};  // until the server says where it listens
constexpr milliseconds end_limit{500};     // for a server that seems to have ended by itself
constexpr milliseconds scene_limit{2500};  // the scene takes one second when it is served in turn

// Plays the scene to a server of its own, which is ended afterwards.
Timeline play_to(const Scene& scene, const Course& course, const std::filesystem::path& program,
                 std::optional<int> workers, const Words& words, const std::stop_token& stop) {
  auto command = server_command(course.root(), program, 0);
  // PORT CONNECTIONS WORKERS; no end to the connections (solutions/09_slow_neighbour/serve.hpp).
  if (workers) command.words.insert(command.words.end(), {"0", std::to_string(*workers)});
  RunningServer server(std::move(command));
  Timeline timeline;
  if (const auto port = server.port(start_limit))
    timeline.lanes = play(
        scene, *port, scene_limit, [&] { server.ask_to_stop(); }, stop);
  else if (!server.has_ended(milliseconds(0)))
    timeline.note = "The server did not say where it listens; it was ended.";
  const bool seems_ended = std::ranges::any_of(timeline.lanes, [](const auto& lane) {
    return lane.ending == Ending::cut_off || lane.ending == Ending::refused;
  });
  if (!timeline.lanes.empty() && scene.stops) timeline.stopped = *scene.stops;
  if (seems_ended || timeline.stopped) server.has_ended(end_limit);
  server.stop();
  const auto finished = server.wait();
  if (finished.end != End::cancelled) timeline.note = "The server ended " + ending_in_words(finished, words);
  if (finished.end == End::cancelled && timeline.stopped)
    timeline.note = "The server was asked to stop, and went on; it was ended by force.";
  if (timeline.note.empty() && std::ranges::any_of(timeline.lanes, &Lane::hurried)) {
    timeline.note = "Its slow pages came at once: /sleep?ms=N is there from stage 08 on.";
  }
  return timeline;
}

struct Chosen {
  const Stage& stage;
  std::optional<int> workers{};  // in its pool; nothing: as many as it says
};

// "21", "unlock", "21:2".
Chosen wanted_stage(const Course& course, std::string_view name) {
  const auto colon = name.rfind(':');
  if (colon == std::string_view::npos) return {course.find(name)};
  const auto workers = to_number(name.substr(colon + 1));
  const auto& stage = course.find(name.substr(0, colon));
  if (!workers || *workers < 1 || *workers > 1000) {
    throw UsageError(fmt::format("'{}': after the colon stands a number of workers, 1 to 1000", name));
  }
  const auto origins = course.origins(stage);
  if (std::ranges::find(origins, "thread_pool.hpp", &Origin::file) == origins.end()) {
    throw UsageError(fmt::format("{} has no pool: no workers to count", stage.name));
  }
  return {stage, workers};
}

}  // namespace

int show_timeline(Context& context, const std::vector<std::string>& stages, const std::string& scene_name,
                  bool solution, const std::string& svg) {
  const auto& scene = *std::ranges::find(scenes(), scene_name, &Scene::name);
  std::vector<Chosen> wanted;
  wanted.reserve(stages.size());
  for (const auto& name : stages) wanted.push_back(wanted_stage(context.course, name));
  std::vector<Timeline> timelines;
  bool all_served = true;
  bool can_build = true;
  for (const auto& [stage, workers] : wanted) {
    auto request = step_request(context.course, stage);
    request.sanitizers = {"plain"};  // sanitizers take their time
    if (solution) request.kind = "solution";
    std::filesystem::path program;
    Timeline timeline;
    const auto build = context.build();
    if (const auto verdict = build_programs(build, stage, request, {"server"}, program, context.stop)) {
      if (verdict->outcome == Outcome::cancelled) return 1;
      can_build = can_build && verdict->outcome != Outcome::cannot_build;
      timeline.note = fmt::format("There is no server: it {}. See ./learn run {}, or take ours with --solution.",
                                  verdict->headline, stage.number());
    } else {
      timeline = play_to(scene, context.course, program, workers, request.words, context.stop);
    }
    if (context.stop.stop_requested()) return 1;
    timeline.title =
        fmt::format("{} {}{}{}", stage.number(), stage.title, workers ? fmt::format(", pool of {}", *workers) : "",
                    solution                              ? ""
                    : is_untouched(context.course, stage) ? ", as it came"
                                                          : ", your version");
    all_served = all_served && !timeline.lanes.empty();
    timelines.push_back(std::move(timeline));
  }
  const auto width = std::min(output_width(), 80);
  for (const auto& line : timeline_text(timelines, width, shows_unicode(), context.paint)) fmt::print("{}\n", line);
  if (!svg.empty()) {
    write_file(svg, timeline_svg(timelines));
    fmt::print("The picture is in {}\n", svg);
  }
  return all_served ? 0 : can_build ? 1 : 2;
}

}  // namespace runner
