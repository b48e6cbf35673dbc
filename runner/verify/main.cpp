// `./learn verify`: checks the course itself.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "check/build_folder.hpp"
#include "check/hang.hpp"
#include "check/here.hpp"
#include "system/interrupt.hpp"
#include "system/process.hpp"
#include "system/processes.hpp"
#include "verify/verify.hpp"

namespace {

constexpr int wrong_usage = 2;

int start(int argc, char** argv) {
  const auto stop = runner::catch_interrupts();
  runner::adopt_orphans();
  runner::undo_at_crash(runner::kill_all_sessions);

  CLI::App app("Checks the course itself: every stage as it ships, its solution, and its wrong solutions.",
               "./learn verify");
  runner::VerifyOptions options;
  app.add_option("--stage", options.stages, "only this stage, by number or part of its name; may be repeated");
  app.add_option("--compiler", options.compilers, "only this compiler; may be repeated");
  app.add_option("--jobs", options.jobs, "how many things to do at a time; one for each core if left out");
  app.add_option("--repeat", options.repeat, "run the tests of each solution so many times");
  app.add_option("--repeat-mistakes", options.repeat_mistakes, "run the tests of each wrong solution so many times");
  app.add_flag("--every-compiler", options.every_compiler,
               "wrong solutions that a test rejects with each compiler, not with the last alone");
  app.add_flag("--update", options.update,
               "write what the steps in the working tree show into their lessons, and the arrows into the mistakes");
  app.add_flag("--pages", options.pages, "only the pages, and the tables of words that all stages share")
      ->excludes("--stage");
  app.add_flag("--keep", options.keep, "keep what is built, so that the next time is quick");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  const auto root = runner::find_root();
  const runner::Course course(root, runner::find_build(root, stop));
  const int code = runner::verify(course, options, stop);
  return runner::interrupt_signal() != 0 ? 128 + runner::interrupt_signal() : code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (runner::asks_for_threads(argc, argv)) {  // by a test program that hangs
      fmt::print("{}", runner::where_threads_stand(std::atoi(argv[2])));
      return 0;
    }
    return start(argc, argv);
  } catch (const runner::Cancelled&) {
    return 128 + runner::interrupt_signal();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return wrong_usage;
  }
}
