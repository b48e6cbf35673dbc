#include "reading/linker_output.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

// A name as a learner writes it.
std::string readable(std::string_view symbol) {
  std::string name = replaced(symbol, "std::__cxx11::", "std::");
  constexpr std::pair<std::string_view, std::string_view> aliases[] = {
      {"std::basic_string_view<char, std::char_traits<char> >", "std::string_view"},
      {"std::basic_string_view<char, std::char_traits<char>>", "std::string_view"},
      {"std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"},
      {"std::basic_string<char, std::char_traits<char>, std::allocator<char>>", "std::string"},
      {"(anonymous namespace)::", ""},
  };
  for (const auto& [from, to] : aliases) name = replaced(name, from, to);
  return name;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view behind) {
  const auto rest = after(text, before);
  return rest.substr(0, rest.find(behind));
}

// Without the linker's own name: "/usr/bin/ld.bfd: main.cpp:12: …".
std::string_view without_linker(std::string_view line) {
  const auto end = line.find(": ");
  const auto name = line.substr(0, end);
  const bool linker = name.ends_with("ld") || contains(name, "ld.");
  return linker && end != std::string_view::npos ? line.substr(end + 2) : line;
}

// "../../steps/…/main.cpp:12:"; unknown for "main.cpp:(.text+0x1a): ".
Place place_in(std::string_view text) {
  while (text.ends_with(':') || text.ends_with(' ')) text.remove_suffix(1);
  return read_place(text).value_or(Place{});
}

// "tests_06_respond.cpp" of "06_respond.test.p/tests_06_respond.cpp.o:…"; empty when no object is named.
std::string object_of(std::string_view text) {
  const auto end = text.find(".o");
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end);
  return std::string(text.substr(text.find_last_of("/ ") + 1));
}

class LinkerReader {
 public:
  void read(std::string_view raw) {
    const std::string plain = plain_quotes(raw);
    if (plain.starts_with(">>> ")) return read_lld_detail(trimmed(std::string_view(plain).substr(4)));
    const auto line = without_linker(plain);
    const auto function = between(line, "in function '", "':");  // bfd, before the lines that are about it
    if (!function.empty()) {
      function_ = function;
      object_ = object_of(line);
    }
    if (contains(line, "more undefined references to ")) return;
    if (mentions(line, "undefined reference to '", "'", Kind::undefined_reference)) return read_undefined(line);
    if (mentions(line, "multiple definition of '", "'", Kind::multiple_definition)) return read_second(line);
    if (mentions(line, "undefined symbol: ", "\n", Kind::undefined_reference)) return add({}, "", "");
    if (mentions(line, "duplicate symbol: ", "\n", Kind::multiple_definition)) return add({}, "", "");
    if (line.ends_with(": previous definition here") && !found_.empty()) add({}, "", object_of(line));  // gold
  }

  std::vector<Diagnostic> found() { return std::move(found_); }

 private:
  bool mentions(std::string_view line, std::string_view mark, std::string_view end, Kind kind) {
    const auto at = line.find(mark);
    if (at == std::string_view::npos) return false;
    kind_ = kind;
    const auto name = between(line, mark, end);
    name_ = readable(name);
    // In bfd's words, which the lessons have, whichever linker says it.
    message_ = fmt::format(
        "{} '{}'", kind == Kind::undefined_reference ? "undefined reference to" : "multiple definition of", name);
    before_ = line.substr(0, at);
    return true;
  }

  // bfd: "main.cpp:12: undefined …"; gold: "main.cpp:12: error: undefined …", or without debug information
  // "main.cpp.o:main.cpp:function main: error: undefined …".
  void read_undefined(std::string_view line) {
    std::string_view before = before_;
    constexpr std::string_view gold = ": error: ";
    if (!before.ends_with(gold)) return add(place_in(before), function_, object_);
    before.remove_suffix(gold.size());
    add(place_in(before), between(line, ":function ", gold), object_of(before));
  }

  // bfd: "respond.cpp:4: multiple definition of 'f()'; tests.cpp.o:tests.cpp:4: first defined here"
  void read_second(std::string_view line) {
    add(place_in(before_), "", object_of(before_));
    auto other = between(line, "'; ", ": first defined here");
    if (other.empty()) return;
    const std::string object = object_of(other);
    const auto end = other.find(".o:");
    if (end != std::string_view::npos) other.remove_prefix(end + 3);
    add(place_in(other), "", object);
  }

  // ">>> referenced by main.cpp:12 (../../steps/…/main.cpp:12)", and below it ">>>    main.cpp.o:(main)"
  void read_lld_detail(std::string_view detail) {
    if (detail.starts_with("referenced by ") || detail.starts_with("defined at ")) {
      place_ = place_in(between(detail, "(", ")"));
    }
    const auto at = detail.find(".o:(");
    if (at == std::string_view::npos || !detail.ends_with(')')) return;
    const auto function = detail.substr(at + 4, detail.size() - at - 5);
    add(place_, kind_ == Kind::undefined_reference ? function : std::string_view{}, object_of(detail));
  }

  // Notes that `function` (of `object`) uses or defines the name that was mentioned last.
  void add(const Place& place, std::string_view function, std::string_view object) {
    auto known =
        std::ranges::find_if(found_, [&](const auto& each) { return each.kind == kind_ && each.name == name_; });
    if (known == found_.end()) {
      Diagnostic diagnostic;
      diagnostic.kind = kind_;
      diagnostic.severity = "error";
      diagnostic.message = with_repository_paths(message_);
      diagnostic.name = name_;
      known = found_.insert(found_.end(), std::move(diagnostic));
    }
    if (known->place.line == 0 && is_learners(place.file)) known->place = place;
    std::string user = place.line > 0 ? to_string(place) : std::string(object);
    if (!function.empty()) user = user.empty() ? readable(function) : fmt::format("{} ({})", readable(function), user);
    auto& users = known->used_by;
    if (!user.empty() && std::ranges::find(users, user) == users.end()) users.push_back(std::move(user));
  }

  std::vector<Diagnostic> found_;
  // What was mentioned last, and what stands before it on its line.
  Kind kind_ = Kind::undefined_reference;
  std::string name_;
  std::string message_;
  std::string before_;
  // What bfd's (function, object) and lld's (place) last line was about.
  std::string function_;
  std::string object_;
  Place place_;
};

}  // namespace

std::vector<Diagnostic> read_linker_output(std::string_view text) {
  LinkerReader reader;
  for (const auto line : split_lines(text)) reader.read(line.substr(0, 20000));
  return reader.found();
}

}  // namespace runner
