#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "course/course.hpp"
#include "course/lesson.hpp"
#include "course/shipped.hpp"
#include "verify/board.hpp"
#include "verify/build.hpp"
#include "verify/mistake.hpp"
#include "verify/screens.hpp"
#include "verify/transcript.hpp"
#include "verify/verify.hpp"

namespace runner {

/// One thing to find out; it runs programs that are built.
using Job = std::function<void(std::stop_token)>;

/// What `learn verify` knows and finds out about one stage. `course` is the scratch course.
class StageVerification {
 public:
  StageVerification(const Course& course, const Stage& stage, Board& board, const VerifyOptions& options)
      : course_(course), stage_(stage), board_(board), options_(options) {
    findings_.name = stage.name;
  }

  const Stage& stage() const { return stage_; }
  Findings& findings() { return findings_; }
  const Lesson* lesson() const { return lesson_ ? &*lesson_ : nullptr; }

  /// Looks at the files of the stage, and puts its mistakes into the scratch copy.
  void look_at_files(const Course& real, const ShippedStage& shipped, Scratch& scratch);
  /// "STAGE/NAME" of each mistake.
  std::vector<std::string> mistakes() const;

  /// Builds the stage's programs, and says at once what can be said by the compiler. What is left to be run, as jobs.
  /// `last`: with this compiler, mistakes that a test rejects are tried as well. (Clang, after GCC: it is quicker.)
  std::vector<Job> build(const BuildFolder& build, int jobs, bool last,
                         const std::function<void(int, int)>& on_progress, std::stop_token stop);

  /// For the end: what each kept screen shows must be what its head says, and something must show each row, if every
  /// compiler's words were seen.
  void look_at_rows(const Course& real, bool all_words_are_seen);
  /// For the end: writes the lesson's transcripts, and the mistakes' arrows, as they were shown.
  void update_files(const Course& real);

 private:
  void judge_step(const BuildFolder& build, const Verdict& verdict);
  void judge_solution(const BuildFolder& build, const std::string& sanitizer, const Verdict& verdict);
  void judge_mistake(const BuildFolder& build, const Mistake& mistake, const Verdict& verdict);
  void note_arrow(const Verdict& verdict);
  CheckRequest request(const std::string& kind, const std::string& folder) const;
  CheckRequest request(const Mistake& mistake) const;
  std::vector<std::string> sanitizers_for(const Mistake& mistake) const;

  const Course& course_;
  const Stage& stage_;
  Board& board_;
  const VerifyOptions& options_;
  std::optional<Lesson> lesson_;
  std::vector<Mistake> mistakes_;
  std::mutex mutex_;  // guards what follows, but for findings_
  std::vector<Seen> seen_;
  RowFindings rows_;
  std::map<std::filesystem::path, std::set<std::string>> arrows_;  // of the patches that say another one
  Findings findings_;                                              // guarded by the board
};

}  // namespace runner
