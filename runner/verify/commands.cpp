#include "verify/commands.hpp"

#include <fmt/core.h>

#include <optional>

#include "check/check.hpp"
#include "check/running_server.hpp"
#include "system/process.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::chrono::seconds limit{60};  // only a guard: a command may have to build a stage first
constexpr std::string_view address = "http://127.0.0.1:";

// `./learn serve` goes on until it is ended: an address is all that is asked of it.
bool serves(Command command, std::string& output, const std::stop_token& stop) {
  std::stop_source end;
  const std::stop_callback on_stop(stop, [&] { end.request_stop(); });
  command.on_output = [&](std::string_view piece) {
    output += piece;
    if (output.find(address) != std::string::npos) end.request_stop();
  };
  run(command, end.get_token());
  return output.find(address) != std::string::npos;
}

}  // namespace

std::vector<std::pair<int, std::string>> commands_of(const Document& page) {
  std::vector<std::pair<int, std::string>> commands;
  for (const auto& fence : page.fences) {
    if (fence.info != "sh") continue;
    int number = fence.line;
    for (const auto line : split_lines(fence.text)) {
      ++number;
      if (const auto words = trimmed(line); !words.empty() && !words.starts_with('#'))
        commands.emplace_back(number, words);
    }
  }
  return commands;
}

std::vector<std::string> command_problems(const std::string& page, const Document& read, const CommandPlace& place,
                                          std::vector<std::string>& notes, const std::stop_token& stop) {
  std::vector<std::string> problems;
  std::optional<RunningServer> server;  // the solution's
  for (const auto& [number, line] : commands_of(read)) {
    if (stop.stop_requested()) return {};
    const auto program = split(line, ' ').front();
    const auto problem = [&, number = number, line = line](std::string_view what) {
      problems.push_back(fmt::format("{}:{}: `{}` {}", page, number, line, what));
    };
    if (program != "./learn" && program != "curl" && program != "diff") {
      problem("is no command that verify can run: use ./learn, curl or diff");
      continue;
    }
    if (line.starts_with("./learn verify")) continue;
    Command command;
    command.folder = place.root;
    command.time_limit = limit;
    command.environment = {{"SERVERLINGS_ROOT", place.root.string()}, {"SERVERLINGS_BUILD", place.build.string()}};
    auto words = line;
    if (program == "./learn") words.replace(0, program.size(), shell_quoted(place.program.string()));
    if (program == "curl") {
      if (find_program("curl").empty()) {
        notes.emplace_back("curl is not here: the lesson's curl commands were not run");
        continue;
      }
      if (!server) server.emplace(server_command(place.root, place.server, 0));
      const auto port = server->port(limit);
      if (!port) {
        problem("cannot be run: the solution's server does not start");
        continue;
      }
      words = replaced(words, std::to_string(usual_port), std::to_string(*port));
    }
    command.words = {"sh", "-c", words};
    if (line.starts_with("./learn serve")) {
      std::string output;
      if (!serves(command, output, stop))
        problem("prints no address; it says: " + std::string(trimmed(printable(output))));
      continue;
    }
    const auto finished = run(command, stop);
    if (finished.end == End::cancelled) return {};
    const int most = program == "curl" ? 0 : 1;
    if (finished.end == End::exited && finished.code <= most) continue;
    const auto ended =
        finished.end == End::exited ? fmt::format("ends with exit code {}", finished.code) : "does not end";
    problem(fmt::format("{}; it says: {}", ended, trimmed(printable(finished.output))));
  }
  return problems;
}

}  // namespace runner
