#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct StageMarks {
  std::string stage{};  // its name: marks outlive a change of numbers
  std::string done{};   // the date of the first pass, "2026-11-23"; empty: not yet
  int hints = 0;        // revealed so far
};

struct Progress {
  std::vector<StageMarks> stages{};  // in the order first marked; also those that the course no longer knows
  std::string current{};             // the stage that the learner works on; empty: none yet

  const StageMarks* find(std::string_view stage) const;  // null: no marks
  bool is_done(std::string_view stage) const;
  int hints(std::string_view stage) const;
};

/// The learner's marks in a small text file:
///
///     current 05_parse_request
///     04_whole_request done 2026-11-23 hints 2
///
/// Nothing here throws. A missing file is an empty one. A damaged or unreadable file is renamed to `PATH.damaged-N` and
/// what can be read of it is kept. Each change reads the file again and replaces it in one step, under a lock, so that
/// two runners keep each other's marks and a crash leaves the old file or the new one.
class ProgressFile {
 public:
  explicit ProgressFile(const std::filesystem::path& path) : path_(absolute(path)) {}

  Progress read();

  /// The first date stays.
  Progress mark_done(std::string_view stage, std::string_view date);
  /// The largest number stays.
  Progress mark_hints(std::string_view stage, int revealed);
  Progress mark_current(std::string_view stage);
  /// Takes `done` away (a stage that no longer passes and is to be marked so).
  Progress mark_not_done(std::string_view stage);

  /// What the learner should know of the last call: "progress was damaged; it is kept as …", "progress cannot be saved:
  /// …"; empty when all is well.
  const std::string& problem() const { return problem_; }

 private:
  template <class Change>
  Progress change(const Change& apply);
  Progress load();
  void save(const Progress& progress);

  std::filesystem::path path_;
  std::string problem_;
};

/// The local date as "2026-11-23".
std::string today();

}  // namespace runner
