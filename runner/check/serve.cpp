#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "check/serve.hpp"
#include "learner/commands.hpp"
#include "learner/screen.hpp"
#include "system/process.hpp"
#include "text/text.hpp"

namespace runner {

int free_port(int wanted) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(wanted));
  const bool free = bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(descriptor);
  return free ? wanted : 0;
}

Command server_command(const Course& course, const std::filesystem::path& server, int port) {
  Command command;
  command.words = {server.string(), std::to_string(port)};
  command.folder = site_folder(course);
  command.environment = stage_environment();
  command.output_limit = std::size_t{1} << 30;
  return command;
}

std::string ending_in_words(const Finished& finished, const Words& words) {
  if (finished.end == End::exited) return fmt::format("with exit code {}.", finished.code);
  if (finished.end == End::killed_by_signal) return "by " + signal_in_words(finished.code, printable(finished.output), words);
  return finished.end == End::not_started ? "before it began: " + finished.error : "because it printed without end.";
}

int serve(Context& context, const Stage& stage, bool solution, int port) {
  auto request = step_request(context.course, stage);
  if (solution) request.kind = "solution";
  const auto lesson = lesson_of(context.course, stage);
  std::filesystem::path server;
  if (const auto verdict =
          build_server(context.build(), stage, request, server, context.stop)) {
    if (verdict->outcome == Outcome::cancelled) return 1;
    const Page page{context.course, stage, lesson ? &*lesson : nullptr, &*verdict, 0, false, false};
    for (const auto& line : stage_page(page, output_width(), context.paint)) fmt::print("{}\n", line);
    fmt::print("There is no server to start yet. Ours: ./learn serve {} --solution\n", stage.number());
    return verdict->outcome == Outcome::cannot_build ? 2 : 1;
  }
  const int usable = free_port(port);
  if (usable != port) fmt::print("Port {} is taken; another one is used. To choose: --port N\n", port);
  auto command = server_command(context.course, server, usable);
  command.on_output = [](std::string_view piece) {
    fmt::print("{}", printable(piece));
    std::fflush(stdout);
  };
  fmt::print("Starting the server of {} ({}). Open the address in a browser, or with curl -v. Ctrl-C ends it.\n",
             stage.name, solution ? "our solution" : "your version");
  std::fflush(stdout);
  const auto finished = run(command, context.stop);
  if (finished.end == End::cancelled) return 0;
  fmt::print("The server has ended {}\n", ending_in_words(finished, request.words));
  return 1;
}

}  // namespace runner
