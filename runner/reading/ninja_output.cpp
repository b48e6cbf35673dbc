#include "reading/ninja_output.hpp"

#include <cstdio>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view failed_mark = "FAILED: ";
constexpr std::string_view ninja_mark = "ninja: ";
constexpr std::string_view error_mark = "ninja: error: ";

// "[3/12] Compiling …"
bool is_status(std::string_view line) {
  if (!line.starts_with('[') || !contains(line, "] ")) return false;
  const auto counts = split(line.substr(1, line.find("] ") - 1), '/');
  return counts.size() == 2 && to_number(counts[0]) && to_number(counts[1]);
}

// The file after the last " -c " of a compiler's command.
std::string compiled_file(std::string_view command) {
  constexpr std::string_view option = " -c ";
  const auto at = command.rfind(option);
  if (at == std::string_view::npos) return {};
  const auto rest = trimmed(command.substr(at + option.size()));
  const bool quoted = rest.starts_with('\'') || rest.starts_with('"');
  if (quoted) return repository_path(rest.substr(1, rest.find(rest.front(), 1) - 1));
  return repository_path(rest.substr(0, rest.find(' ')));
}

// Since 1.12 ninja says "FAILED: [code=1] target".
std::string_view without_code(std::string_view targets) {
  return targets.starts_with("[code=") && contains(targets, "] ") ? after(targets, "] ") : targets;
}

class NinjaReader {
 public:
  void read(std::string_view line) {
    const bool status = is_status(line);
    if (status || line.starts_with(failed_mark) || line.starts_with(ninja_mark)) result_.is_ninjas = true;
    if (command_follows_) {
      command_follows_ = false;
      const auto end = line.find(error_mark);  // after a command of the console pool ninja 1.11 prints no newline
      edge_.command = trimmed(line.substr(0, end));
      edge_.source = compiled_file(edge_.command);
      if (end != std::string_view::npos) read(line.substr(end));
    } else if (status) {
      end_edge();
      constexpr std::string_view compiles = "] Compiling C++ object ";
      if (const auto at = line.find(compiles); at != std::string_view::npos) {
        edge_.targets = line.substr(at + compiles.size());
        result_.compiled.push_back(edge_.targets);
      }
    } else if (line.starts_with(failed_mark)) {
      const auto targets = trimmed(without_code(line.substr(failed_mark.size())));
      if (targets != "build.ninja") end_edge();  // Meson writes to the console, so its words come first
      edge_.failed = true;
      edge_.targets = targets;
      command_follows_ = true;
    } else if (line.starts_with(ninja_mark)) {
      end_edge();
      if (line.starts_with(error_mark)) result_.errors.emplace_back(line.substr(error_mark.size()));
    } else {
      (edge_.text += line) += '\n';
    }
  }

  NinjaOutput end() {
    end_edge();
    return std::move(result_);
  }

 private:
  void end_edge() {
    if (edge_.failed || !trimmed(edge_.text).empty()) result_.edges.push_back(std::move(edge_));
    edge_ = Edge{};
    command_follows_ = false;
  }

  NinjaOutput result_;
  Edge edge_;
  bool command_follows_ = false;
};

}  // namespace

NinjaOutput read_ninja(std::string_view output) {
  NinjaReader reader;
  for (const auto line : split_lines(output)) reader.read(line);
  return reader.end();
}

void NinjaProgress::operator()(std::string_view piece) {
  constexpr std::size_t enough = 32;  // bytes of a line
  for (const char letter : piece) {
    if (letter == '\n') {
      int done = 0;
      int all = 0;
      if (std::sscanf(line_.c_str(), "[%d/%d]", &done, &all) == 2) tell_(done, all);
      line_.clear();
    } else if (line_.size() < enough) {
      line_ += letter;
    }
  }
}

}  // namespace runner
