#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "check/running_server.hpp"
#include "learner/commands.hpp"
#include "pictures/connection_cost.hpp"
#include "pictures/thread_cost.hpp"

namespace runner {
namespace {

constexpr int most_clients = 10'000;
constexpr int other_descriptors = 100;  // of this program and of the server, for something else
constexpr int threads_to_compare = 100;
constexpr std::chrono::milliseconds first_line_limit{5000};  // until the server says where it listens

}  // namespace

int connection_cost(Context& context, const Stage& stage, bool solution) {
  auto request = step_request(context.course, stage);
  request.sanitizers = {"plain"};  // sanitizers have memory of their own
  if (solution) request.kind = "solution";
  std::filesystem::path program;
  const auto build = context.build();
  if (const auto verdict = build_programs(build, stage, request, {"server"}, program, context.stop)) {
    if (verdict->outcome == Outcome::cancelled) return 1;
    fmt::print(stderr, "There is no server: it {}. See ./learn run {}, or take ours with --solution.\n",
               verdict->headline, stage.number());
    return verdict->outcome == Outcome::cannot_build ? 2 : 1;
  }
  const int clients = std::clamp(raise_descriptor_limit() - other_descriptors, 1, most_clients);
  const auto threads = measure_threads(threads_to_compare, context.stop);
  RunningServer server(server_command(context.course.root(), program, 0));
  const auto port = server.port(first_line_limit);
  ConnectionCost cost;
  if (port) cost = measure_connections(*port, server.process(), clients, context.stop);
  server.stop();
  const auto finished = server.wait();
  if (context.stop.stop_requested()) return 1;
  if (finished.end != End::cancelled || !port) {
    fmt::print(stderr, "The server {}\n",
               finished.end == End::cancelled ? "did not say where it listens; it was ended."
                                              : "ended " + ending_in_words(finished, request.words));
    return 1;
  }
  const double stack = threads.created > 0 ? threads.resident / threads.created : 0;
  for (const auto& line : connection_cost_lines(cost, stack)) fmt::print("{}\n", line);
  return cost.kept > 0 ? 0 : 1;
}

}  // namespace runner
