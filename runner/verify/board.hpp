#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace runner {

/// What was found out about one stage, or about the pages around them.
struct Findings {
  std::string name;
  int solution_runs = 0;  // of a test program, that passed
  int mistakes = 0;       // wrong solutions that there are
  std::vector<std::string> notes{};

  struct Reason {
    std::string text;
    std::vector<std::string> compilers;  // with which it was found; empty: it has nothing to do with them
  };
  std::vector<Reason> reasons{};  // why it does not pass
};

/// The output of `learn verify`: a line for each stage as it ends, and below it the reasons; on a terminal also a last
/// line that says what is being done. May be used by several threads.
class Board {
 public:
  Board(bool terminal, int width) : terminal_(terminal), width_(width) {}
  ~Board() { clear(); }

  int width() const { return width_; }
  void say(const std::string& line);
  void doing(const std::string& what);
  void add_reason(Findings& findings, const std::string& text, const std::string& compiler = {});
  void add_reasons(Findings& findings, const std::vector<std::string>& texts, const std::string& compiler = {});
  void add_note(Findings& findings, const std::string& note);
  void add_notes(Findings& findings, const std::vector<std::string>& notes);
  void add_run(Findings& findings);

  /// Prints the line of what has been looked at.
  void finish(const Findings& findings);
  /// Prints "N passed, N failed"; returns the exit code.
  int close();

 private:
  void print(const std::string& line);
  void clear();

  std::mutex mutex_;  // guards what follows, the output, and the findings that are added to
  const bool terminal_;
  const int width_;
  bool progress_shown_ = false;
  int passed_ = 0;
  int failed_ = 0;
};

}  // namespace runner
