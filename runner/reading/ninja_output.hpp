#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/diagnostics.hpp"

namespace runner {

struct NinjaOutput {
  std::vector<Edge> edges{};  // in the order printed; of those that succeeded only the ones that said something
  std::vector<std::string> compiled{};  // the objects of the commands that have ended, well or not
  std::vector<std::string> errors{};    // ninja's own: what follows "ninja: error: "
  bool is_ninjas = false;               // whether any line is ninja's
};

/// Takes apart what ninja prints into a pipe: status lines, failed commands with their output, its own errors. The
/// output of a command is not mixed with that of others: ninja keeps it until the command has ended.
NinjaOutput read_ninja(std::string_view output);

/// Tells how far ninja is, from its output as it comes: "[3/17] Compiling …" is how it begins a line.
class NinjaProgress {
 public:
  explicit NinjaProgress(std::function<void(int, int)> tell) : tell_(std::move(tell)) {}
  void operator()(std::string_view piece);

 private:
  std::function<void(int, int)> tell_;  // called with what is done, and all
  std::string line_;
};

}  // namespace runner
