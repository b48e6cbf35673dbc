#include "reading/compiler_output.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

// "main.cpp:12:30: error: message"
struct Located {
  Place place{};
  std::string severity{};
  std::string message{};
};

// A line on the way to an error, innermost first.
struct Step {
  Place place{};
  std::string text{};
  std::vector<std::string> source_lines{};
};

struct Item {
  Located located{};
  std::vector<std::string> source_lines{};
  std::vector<Step> way{};       // instantiations
  std::vector<Step> includes{};  // innermost first
  std::vector<Step> notes{};
};

bool read_into(std::string_view text, Place& place) {
  const auto read = read_place(text);
  if (read) place = *read;
  return read.has_value();
}

std::string tidy(std::string_view message) {
  return with_repository_paths(plain_quotes(trimmed(message)));
}

bool read_located(std::string_view line, Located& located) {
  constexpr std::string_view severities[] = {
      "fatal error", "error", "warning", "note", "remark", "internal compiler error", "sorry, unimplemented"};
  for (const auto severity : severities) {
    const std::string mark = fmt::format(": {}: ", severity);
    const auto at = line.find(mark);
    if (at == std::string_view::npos || !read_into(line.substr(0, at), located.place)) continue;
    located.severity = severity;
    located.message = tidy(line.substr(at + mark.size()));
    return true;
  }
  return false;
}

// GCC: "main.cpp:9:30:   required from here"
bool read_required(std::string_view line, Step& step) {
  const auto at = std::min(line.find(":   required "), line.find(":   recursively required "));
  if (at == std::string_view::npos || !read_into(line.substr(0, at), step.place)) return false;
  step.text = tidy(line.substr(at + 1));
  return true;
}

// "In file included from main.cpp:3:" and GCC's further lines "                 from main.cpp:3:"
bool read_include(std::string_view line, Step& step, bool& further) {
  constexpr std::string_view first = "In file included from ";
  const auto inner = trimmed(line);
  further = !line.starts_with(first) && line.starts_with("      ") && inner.starts_with("from ");
  if (!line.starts_with(first) && !further) return false;
  auto place = further ? inner.substr(5) : line.substr(first.size());
  while (place.ends_with(':') || place.ends_with(',')) place.remove_suffix(1);
  step.text = "included from here";
  return read_into(place, step.place);
}

// GCC's "main.cpp: In function 'int main()':", and both compilers' last words.
bool is_frame(std::string_view line) {
  constexpr std::string_view ends[] = {" error generated.",       " errors generated.",
                                       " warning generated.",     " warnings generated.",
                                       "compilation terminated.", ": all warnings being treated as errors"};
  if (std::ranges::any_of(ends, [&](std::string_view end) { return line.ends_with(end); })) return true;
  const bool scope = contains(line, ": In ") || contains(line, ": At ");
  return scope && line.ends_with(':');
}

bool leads_on(std::string_view note) {
  return note.ends_with("requested here") || note.starts_with("in instantiation of") ||
         note.starts_with("in evaluation of") || note.starts_with("expanded from macro");
}

class CompilerReader {
 public:
  void read(std::string_view line) {
    Located located;
    Step step;
    bool further = false;
    if (read_include(line, step, further)) {
      if (!further && !includes_.empty()) outermost_first_ = true;  // Clang begins each line anew, outermost first
      includes_.push_back(std::move(step));
      source_ = nullptr;
    } else if (read_required(line, step)) {
      way_.push_back(std::move(step));
      source_ = &way_.back().source_lines;  // since GCC 14
    } else if (read_located(line, located)) {
      add(std::move(located));
    } else if (is_frame(line)) {
      source_ = nullptr;
    } else if (source_ != nullptr) {
      source_->emplace_back(line);
    }
  }

  std::vector<Item> items() { return std::move(items_); }

 private:
  void add(Located located) {
    const bool note = located.severity == "note" || located.severity == "remark";
    if (outermost_first_) std::ranges::reverse(includes_);
    if (note && items_.empty()) {
      source_ = nullptr;
    } else if (note) {
      auto& item = items_.back();
      auto& steps = leads_on(located.message) ? item.way : item.notes;
      steps.push_back({located.place, located.message, {}});
      source_ = &steps.back().source_lines;
    } else {
      items_.push_back({std::move(located), {}, std::move(way_), std::move(includes_), {}});
      source_ = &items_.back().source_lines;
    }
    way_.clear();
    includes_.clear();
    outermost_first_ = false;
  }

  std::vector<Item> items_;
  std::vector<Step> way_;                       // seen before the error that they lead to
  std::vector<Step> includes_;                  // likewise
  bool outermost_first_ = false;                // how includes_ is ordered
  std::vector<std::string>* source_ = nullptr;  // where source lines that follow belong
};

const Step* first_in(const std::vector<Step>& steps, const std::vector<std::string>& own) {
  const auto find = [&](auto&& wanted) {
    const auto found = std::ranges::find_if(steps, wanted);
    return found == steps.end() ? nullptr : &*found;
  };
  const auto* step = find([&](const Step& each) { return std::ranges::find(own, each.place.file) != own.end(); });
  if (step == nullptr) step = find([](const Step& each) { return each.place.file.starts_with("steps/"); });
  if (step == nullptr) step = find([](const Step& each) { return is_learners(each.place.file); });
  return step;
}

// GCC: "thread_pool.hpp: No such file or directory"; Clang: "'thread_pool.hpp' file not found".
std::string missing_header(std::string_view message) {
  constexpr std::string_view gcc = ": No such file or directory";
  constexpr std::string_view clang = "' file not found";
  if (message.ends_with(gcc)) return std::string(message.substr(0, message.size() - gcc.size()));
  const auto at = message.find(clang);
  if (!message.starts_with('\'') || at == std::string_view::npos) return {};
  return std::string(message.substr(1, at - 1));
}

Diagnostic diagnostic_of(Item& item, const std::vector<std::string>& own) {
  Diagnostic result;
  result.severity = item.located.severity;
  result.message = std::move(item.located.message);
  result.place = item.located.place;
  result.source_lines = std::move(item.source_lines);
  result.kind = result.severity == "warning" ? Kind::warning : Kind::compile_error;
  if (result.severity == "internal compiler error") result.kind = Kind::compiler_stopped;
  if (result.severity == "fatal error") result.name = missing_header(result.message);
  if (!result.name.empty()) result.kind = Kind::missing_header;

  const Step* shown = nullptr;
  if (!is_learners(result.place.file)) {
    shown = first_in(item.way, own);
    if (shown == nullptr) shown = first_in(item.includes, own);
  }
  if (shown != nullptr) {
    result.origin = result.place;
    result.place = shown->place;
    result.source_lines = shown->source_lines;
  }
  for (const auto& step : item.way.empty() ? item.includes : item.way) {
    if (&step == shown || !is_learners(step.place.file)) continue;
    result.context.push_back(fmt::format("{}: {}", to_string(step.place), step.text));
  }
  for (const auto& note : item.notes) {
    if (is_learners(note.place.file)) result.notes.push_back(fmt::format("{}: {}", to_string(note.place), note.text));
  }
  return result;
}

}  // namespace

std::vector<Diagnostic> read_compiler_output(std::string_view text, const std::vector<std::string>& own) {
  CompilerReader reader;
  for (const auto line : split_lines(text)) {
    constexpr std::size_t longest = 20000;  // bytes of a line that are looked at
    reader.read(line.substr(0, longest));
  }
  std::vector<Diagnostic> result;
  for (auto& item : reader.items()) {
    // gold writes "main.cpp:12: error: undefined reference to …", which is for read_linker_output.
    if (item.located.message.starts_with("undefined reference to ")) continue;
    result.push_back(diagnostic_of(item, own));
  }
  return result;
}

}  // namespace runner
