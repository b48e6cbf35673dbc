#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

#include "check/build_folder.hpp"
#include "check/build_lock.hpp"
#include "check/running_server.hpp"
#include "learner/commands.hpp"
#include "learner/screen.hpp"
#include "system/terminal_size.hpp"
#include "text/text.hpp"

namespace runner {

namespace {

// Loads what prints a line for each response into the server. It is built where this program was.
void add_request_log(const Context& context, Command& command) {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const BuildFolder build{here.parent_path(), ""};
  const auto library = here / "librequest_log.so";
  const BuildLock lock(build.folder, context.stop);
  const auto built = run(ninja_command(build, {library.lexically_relative(build.folder).string()}), context.stop);
  if (!built.ok()) throw UsageError("what --log needs cannot be built:\n" + printable(built.output));
  command.environment.emplace_back("LD_PRELOAD", library.string());
}

}  // namespace

int serve(Context& context, const Stage& stage, bool solution, int port, bool log) {
  auto request = step_request(context.course, stage);
  if (log) request.sanitizers = {"plain"};  // a sanitizer's library would have to be loaded before the log's
  if (solution) request.kind = "solution";
  std::filesystem::path server;
  if (const auto verdict = build_programs(context.build(), stage, request, {"server"}, server, context.stop)) {
    if (verdict->outcome == Outcome::cancelled) return 1;
    const Page page{.stage = &stage, .lesson = lesson_of(context.course, stage), .verdict = verdict};
    for (const auto& line : stage_page(context, page, output_width())) fmt::print("{}\n", line);
    fmt::print("There is no server to start yet. Ours: ./learn serve {} --solution\n", stage.number());
    return verdict->outcome == Outcome::cannot_build ? 2 : 1;
  }
  const int usable = free_port(port);
  if (usable != port) fmt::print("Port {} is taken; another one is used. To choose: --port N\n", port);
  auto command = server_command(context.course.root(), server, usable);
  command.on_output = [](std::string_view piece) {
    fmt::print("{}", printable(piece));
    std::fflush(stdout);
  };
  if (log) add_request_log(context, command);
  fmt::print("Starting the server of {} ({}). Open the address in a browser, or with curl -v. Ctrl-C ends it.\n",
             stage.name, solution ? "our solution" : "your version");
  std::fflush(stdout);
  const auto finished = run(command, context.stop);
  if (finished.end == End::cancelled) return 0;
  fmt::print("The server has ended {}\n", ending_in_words(finished, request.words));
  return 1;
}

}  // namespace runner
