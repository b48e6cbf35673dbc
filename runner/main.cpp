#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

#include "check/hang.hpp"
#include "check/here.hpp"
#include "learner/commands.hpp"
#include "pictures/scene.hpp"
#include "system/interrupt.hpp"
#include "system/process.hpp"
#include "system/processes.hpp"

namespace runner {
namespace {

constexpr int wrong_usage = 2;

struct Arguments {
  std::string stage;
  std::vector<std::string> stages;
  std::string compiler;
  std::string base;
  std::string chosen_base;
  std::string played;
  bool yes = false;
  RunOutput output;
  bool check = false;
  bool all = false;
  bool undo = false;
  bool solution = false;
  bool log = false;
  bool tests = false;
  bool given = false;
  int port = 8080;
  std::string folder;
  std::string scene = scenes().front().name;
  std::string svg;
};

std::vector<std::string> names_of_scenes() {
  std::vector<std::string> names;
  for (const auto& scene : scenes()) names.push_back(scene.name);
  return names;
}

std::string scenes_in_words() {
  std::string words = "what is sent:";
  for (const auto& scene : scenes()) words += "\n" + scene.name + ": " + scene.about;
  return words;
}

// What is opened next must not take the place of a standard stream that is closed.
void open_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY);
  }
}

int start(int argc, char** argv) {
  const auto stop = catch_interrupts();
  adopt_orphans();
  undo_at_crash(kill_all_sessions);

  Arguments arguments;
  // What to do, once the course is known; the chosen subcommand sets it.
  std::function<int(Context&, const Stage&)> action = [&](Context& context, const Stage& stage) {
    const bool terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
    return terminal ? watch(context, stage) : run_stage(context, stage, {});
  };
  CLI::App app(
      "serverlings: grow a web server in C++20, from one thread to a pool of threads.\n"
      "Without a command: go on where you stopped, and check at each save.",
      "./learn");
  app.add_flag("-y,--yes", arguments.yes, "answer yes to questions");
  app.add_option("--compiler", arguments.compiler, "another C++ compiler, say clang++");
  app.add_option("--base", arguments.base, "what stages stand on this time: our solutions, or your own steps (mine)")
      ->check(CLI::IsMember({"solutions", "mine"}));
  app.footer("./learn verify checks the course itself, as its authors do.");
  app.fallthrough();
  app.require_subcommand(0, 1);

  const auto command = [&](const std::string& name, const std::string& about, auto act) {
    auto* added = app.add_subcommand(name, about);
    added->callback([&action, act] { action = act; });
    return added;
  };
  const auto with_stage = [&](CLI::App* added) {
    added->add_option("STAGE", arguments.stage, "its number, or part of its name; the current one if left out");
    return added;
  };
  auto* run = with_stage(command("run", "check a stage once", [&](Context& context, const Stage& stage) {
    return run_stage(context, stage, arguments.output);
  }));
  run->add_flag("--full", arguments.output.full, "the whole output of the compiler or the test, and its command");
  run->add_flag("--timings", arguments.output.timings, "how long the build, the tests and the runner took");
  command("list", "the stages, and which are done", [&](Context& context, const Stage&) {
    return show_list(context, arguments.check);
  })->add_flag("--check", arguments.check, "check them all, and mark what passes");
  with_stage(command("hint", "one more hint", [&](Context& context, const Stage& stage) {
    return show_hint(context, stage, arguments.all);
  }))->add_flag("--all", arguments.all, "all hints");
  with_stage(command("diff", "compare with the solution", [&](Context& context, const Stage& stage) {
    return show_diff(context, stage, arguments.given);
  }))->add_flag("--given", arguments.given, "what the stage brought that the one before it had not");
  with_stage(command("story", "the schedule by which a stage's tests fail, step by step", show_story));
  command("schedule", "choose yourself which thread goes on, and make a pool fail",
          [&](Context& context, const Stage&) { return be_the_scheduler(context, arguments.played); })
      ->add_option("POOL", arguments.played, "a stage; or a pool that is given: without this, they are listed");
  with_stage(command("show", "the files of a stage, and where each comes from", show_files));
  with_stage(command("read", "the lesson", [&](Context& context, const Stage& stage) {
    return read_aloud(context, stage, arguments.all);
  }))->add_flag("--hints", arguments.all, "with its hints");
  with_stage(command("goto", "make a stage the current one", go_to))->get_option("STAGE")->required();
  command("base", "what stages stand on from now on: your own steps (mine), or our solutions",
          [&](Context& context, const Stage&) { return choose_base(context, arguments.chosen_base); })
      ->add_option("BASE", arguments.chosen_base, "mine or solutions; without it: says which")
      ->check(CLI::IsMember({"solutions", "mine"}));
  with_stage(command("reset", "put a stage back as it came; your version is kept",
                     [&](Context& context, const Stage& stage) { return reset_stage(context, stage, arguments.undo); }))
      ->add_flag("--undo", arguments.undo, "bring the version back that the last reset kept");
  auto* served =
      with_stage(command("serve", "start a stage's server, for a browser", [&](Context& context, const Stage& stage) {
        return serve(context, stage, arguments.solution, arguments.port, arguments.log);
      }));
  served->add_option("--port", arguments.port, "0: any")->check(CLI::Range(0, 65535))->capture_default_str();
  served->add_flag("--solution", arguments.solution, "our version");
  served->add_flag("--log", arguments.log,
                   "a line for each response: who asked for what, how long it took, on which thread");
  auto* exported = with_stage(
      command("export", "write a stage out as a project of its own", [&](Context& context, const Stage& stage) {
        return export_stage(context, stage, arguments.folder, {arguments.solution, arguments.tests});
      }));
  exported->get_option("STAGE")->required();
  exported->add_option("FOLDER", arguments.folder, "a folder that does not exist yet")->required();
  exported->add_flag("--solution", arguments.solution, "our version in place of yours");
  exported->add_flag("--tests", arguments.tests, "with its tests, and what they need");
  command("own", "your own server: all tests of all stages against what you wrote",
          [&](Context& context, const Stage&) { return own_server(context, arguments.folder); })
      ->add_option("FOLDER", arguments.folder, "a folder to write the last stage that passes to, with its tests");
  auto* drawn =
      command("timeline", "the same requests to one or more servers, drawn over time",
              [&](Context& context, const Stage& current) {
                if (arguments.stages.empty()) arguments.stages.push_back(current.name);
                return show_timeline(context, arguments.stages, arguments.scene, arguments.solution, arguments.svg);
              });
  drawn->add_option("STAGE", arguments.stages,
                    "numbers, or parts of names; 21:2 is stage 21 with 2 workers; the current one if left out");
  drawn->add_flag("--solution", arguments.solution, "our versions");
  drawn->add_option("--scene", arguments.scene, scenes_in_words())->check(CLI::IsMember(names_of_scenes()));
  drawn->add_option("--svg", arguments.svg, "a file to write the picture to, too");
  command("thread-cost", "what a thread costs on this machine, measured",
          [](Context& context, const Stage&) { return thread_cost(context); });
  with_stage(command("connection-cost", "what a silent connection costs a stage's server, measured",
                     [&](Context& context, const Stage& stage) {
                       return connection_cost(context, stage, arguments.solution);
                     }))
      ->add_flag("--solution", arguments.solution, "our version");
  command("doctor", "what this machine has, and what is missing",
          [](Context& context, const Stage&) { return doctor(context); });
  command("bench-loop", "how long it takes from a save to the verdict",
          [](Context& context, const Stage&) { return bench_loop(context); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }

  const auto root = find_root();
  const Course course(root, find_build(root, stop));
  ProgressFile progress((course.state() / "progress").string());
  Context context{course,         progress,     Paint::for_output(STDOUT_FILENO), stop, arguments.compiler,
                  arguments.base, arguments.yes};
  const auto marks = progress.read();
  if (!progress.problem().empty()) fmt::print(stderr, "{}\n", progress.problem());
  const auto& stage = arguments.stage.empty() ? current_stage(course, marks) : course.find(arguments.stage);
  const int code = action(context, stage);
  return interrupt_signal() != 0 ? 128 + interrupt_signal() : code;
}

}  // namespace
}  // namespace runner

int main(int argc, char** argv) {
  try {
    runner::open_standard_streams();
    // `learn threads PID`, which a test program calls when a server or the test itself hangs; no command of a
    // learner's.
    const bool threads = runner::asks_for_threads(argc, argv);
    if (threads) fmt::print("{}", runner::where_threads_stand(std::atoi(argv[2])));
    const int code = threads ? 0 : runner::start(argc, argv);
    if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category(), "standard output");
    return code;
  } catch (const runner::Cancelled&) {
    return 128 + runner::interrupt_signal();
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::broken_pipe) _exit(128 + SIGPIPE);  // the reader has gone, as after `| head -1`
    std::fprintf(stderr, "%s\n", error.what());
    return runner::wrong_usage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return runner::wrong_usage;
  }
}
