#include "verify/verify.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "system/process.hpp"
#include "system/terminal_size.hpp"
#include "system/workers.hpp"
#include "text/text.hpp"
#include "verify/build.hpp"
#include "verify/commands.hpp"
#include "verify/pages.hpp"
#include "verify/scratch.hpp"
#include "verify/screens.hpp"
#include "verify/stage.hpp"
#include "verify/tree.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> compilers_here() {
  std::vector<std::string> found;
  // The lessons show what GCC 12 and Clang 14 say; newer ones must come to the same end.
  for (const char* each : {"g++", "g++-13", "g++-14", "clang++", "clang++-19"}) {
    if (!find_program(each).empty()) found.emplace_back(each);
  }
  if (found.empty()) throw UsageError("there is neither g++ nor clang++ here: give a compiler with --compiler");
  return found;
}

class Verify {
 public:
  Verify(const Course& course, const VerifyOptions& options, std::stop_token stop)
      : real_(course),
        options_(options),
        stop_(std::move(stop)),
        jobs_(options.jobs > 0 ? options.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))),
        board_(isatty(STDOUT_FILENO) == 1, output_width()),
        scratch_(course, options.keep),
        course_(scratch_.course(course)) {
    for (const auto& name : options.stages) chosen_.insert(course.find(name).name);
    for (const auto& stage : course_.stages()) {
      if (!options.pages && (chosen_.empty() || chosen_.contains(stage.name)))
        stages_.push_back(std::make_unique<Entry>(course_, stage, board_, options));
    }
  }

  int operator()() {
    board_.doing("reading the lessons …");
    look_at_files();
    if (options_.pages) {
      board_.finish(pages_);
      return board_.close();
    }
    set_up_builds();
    if (!stop_.stop_requested() && !builds_.empty()) build_and_run();
    if (stop_.stop_requested()) return 1;
    if (options_.keep) board_.say(fmt::format("kept for the next --keep: {}", scratch_.root().string()));
    return board_.close();
  }

 private:
  struct Entry {
    Entry(const Course& course, const Stage& stage, Board& board, const VerifyOptions& options)
        : checks(course, stage, board, options) {}
    StageVerification checks;
    std::atomic<int> left = 1;  // jobs; and one while more may be added
    bool finished = false;
  };

  void look_at_files() {
    std::map<std::string, ShippedStage> shipped;
    for (const auto& stage : course_.stages()) {
      shipped[stage.name] = as_it_ships(stage);
      scratch_.put_step(stage, shipped[stage.name].files);
    }
    for (auto& entry : stages_) entry->checks.look_at_files(real_, shipped.at(entry->checks.stage().name), scratch_);
    scratch_.remove_others();
    pages_.name = "pages";
    if (!chosen_.empty()) return;
    board_.add_reasons(pages_, page_problems(real_));
    board_.add_reasons(pages_, stray_files(real_));
    const auto rows = shared_row_findings(real_, options_.update);
    board_.add_reasons(pages_, rows.problems);
    board_.add_notes(pages_, rows.notes);
  }

  ShippedStage as_it_ships(const Stage& stage) {
    try {
      if (!options_.update) return shipped_stage(real_, stage);
    } catch (const UsageError& error) {
      if (!std::exchange(said_no_git_, true))
        board_.say(fmt::format("The steps are taken as they stand here: {}", error.what()));
    }
    return {"", files_as_they_stand(real_, stage)};
  }

  void set_up_builds() {
    const auto compilers = options_.compilers.empty() ? compilers_here() : options_.compilers;
    std::vector<std::string> mistakes;
    for (const auto& entry : stages_) {
      for (auto& name : entry->checks.mistakes()) mistakes.push_back(std::move(name));
    }
    board_.doing("setting up the builds …");
    try {
      builds_ = configured_builds(scratch_, course_, compilers, mistakes, stop_);
    } catch (const std::exception& error) {
      return finish_unbuilt(error.what());
    }
    if (builds_.empty()) return;
    // The learner's program looks for its default build here.
    fs::remove(course_.state() / "build");
    fs::create_directory_symlink(builds_.front().folder, course_.state() / "build");
  }

  void finish_unbuilt(const std::string& problem) {
    for (auto& entry : stages_) {
      board_.add_reason(entry->checks.findings(), "not built, see below");
      board_.finish(entry->checks.findings());
    }
    board_.add_reason(pages_, problem);
    board_.finish(pages_);
  }

  // One thread builds, stage by stage, and the workers run what is built.
  void build_and_run() {
    Workers workers(jobs_, stop_);
    for (auto& entry : stages_) {
      for (const auto& build : builds_) {
        const auto& name = entry->checks.stage().name;
        auto jobs = entry->checks.build(
            build, jobs_, &build == &builds_.back(),
            [&](int done, int all) {
              board_.doing(fmt::format("{} of {} stages · building {} with {}: {}/{}", finished_, stages_.size(), name,
                                       build.compiler, done, all));
            },
            stop_);
        entry->left += static_cast<int>(jobs.size());
        for (auto& job : jobs) {
          workers.add([this, &entry, job = std::move(job)] {
            job(stop_);
            done(*entry);
          });
        }
        if (stop_.stop_requested()) return;
      }
      done(*entry);
      finish_ended();
    }
    while (finished_ < stages_.size() && !stop_.stop_requested()) {
      wait_for_jobs();
      finish_ended();
    }
    if (chosen_.empty() && !stop_.stop_requested()) board_.finish(pages_);
  }

  void done(Entry& entry) {
    if (--entry.left > 0) return;
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_one();
  }

  void wait_for_jobs() {
    board_.doing(fmt::format("{} of {} stages · running tests", finished_, stages_.size()));
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop_, [this] { return ended_ > finished_; });
  }

  // Stages whose jobs are done have only their lesson's commands left; these use the build folders, as this thread
  // does.
  void finish_ended() {
    for (auto& entry : stages_) {
      if (entry->finished || entry->left > 0 || stop_.stop_requested()) continue;
      run_commands(*entry);
      entry->checks.look_at_rows(real_, all_words_are_seen());
      if (options_.update) entry->checks.update_files(real_);
      entry->finished = true;
      ++finished_;
      board_.finish(entry->checks.findings());
    }
  }

  // GCC's and Clang's: a row may be about one of them alone.
  bool all_words_are_seen() const {
    const auto is = [&](std::string_view family) {
      return std::ranges::any_of(builds_, [&](const auto& build) { return family_of(build.compiler) == family; });
    };
    return is("gcc") && is("clang");
  }

  void run_commands(Entry& entry) {
    const auto* lesson = entry.checks.lesson();
    if (lesson == nullptr || commands_of(lesson->document).empty()) return;
    const auto& stage = entry.checks.stage();
    board_.doing(fmt::format("{} of {} stages · running the commands of {}", finished_, stages_.size(), stage.page()));
    scratch_.mend_step(stage);
    const auto& build = builds_.front();
    const CommandPlace place{scratch_.root(), fs::read_symlink("/proc/self/exe").parent_path() / "learn", build.folder,
                             build.folder / Program{stage.name, "solution", "address"}.target("server")};
    std::vector<std::string> notes;
    board_.add_reasons(entry.checks.findings(), command_problems(stage.page(), lesson->document, place, notes, stop_));
    board_.add_notes(entry.checks.findings(), notes);
  }

  const Course& real_;
  const VerifyOptions& options_;
  std::stop_token stop_;
  const int jobs_;
  Board board_;
  Scratch scratch_;
  Course course_;  // in the scratch folder
  std::set<std::string> chosen_;
  std::vector<BuildFolder> builds_;
  std::vector<std::unique_ptr<Entry>> stages_;
  Findings pages_;
  bool said_no_git_ = false;
  std::size_t finished_ = 0;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t ended_ = 0;  // guarded by mutex_: stages without jobs left
};

}  // namespace

int verify(const Course& course, const VerifyOptions& options, std::stop_token stop) {
  return Verify(course, options, std::move(stop))();
}

}  // namespace runner
