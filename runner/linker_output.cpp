#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler_output.hpp"
#include "text.hpp"

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

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  return text.substr(0, text.find(after));
}

// "steps/…/main.cpp:12" out of "/usr/bin/ld: ../../steps/…/main.cpp:12"; unknown for "main.cpp:(.text+0x1a)".
Place place_at_end(std::string_view text) {
  const auto linker = text.find(": ");
  if (linker != std::string_view::npos) text.remove_prefix(linker + 2);
  while (text.ends_with(':') || text.ends_with(' ')) text.remove_suffix(1);
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto line = to_number(text.substr(colon + 1));
  if (!line) return {};
  return {repository_path(text.substr(0, colon)), *line, 0};
}

std::string object_name(std::string_view text) {
  const auto end = text.find(".o");
  text = text.substr(0, end);
  return std::string(text.substr(text.rfind('/') + 1));
}

// "main (steps/…/main.cpp:12)", or what is known of it.
std::string user(std::string_view function, const Place& place, std::string_view object) {
  const std::string where = place.line > 0 ? to_string(place) : std::string(object);
  if (function.empty()) return where;
  return where.empty() ? readable(function) : fmt::format("{} ({})", readable(function), where);
}

class Reader {
 public:
  void read(std::string_view raw) {
    const std::string line = plain_quotes(raw);
    if (line.find(">>> ") == 0) return read_lld_detail(line);
    read_function(line);
    if (line.find("more undefined references to ") != std::string::npos) return;
    for (const std::string_view mark : {"undefined reference to '", "undefined symbol: "}) {
      if (line.find(mark) != std::string::npos) return undefined(line, mark);
    }
    for (const std::string_view mark : {"multiple definition of '", "duplicate symbol: "}) {
      if (line.find(mark) != std::string::npos) return defined_twice(line, mark);
    }
    if (line.find(": previous definition here") != std::string::npos && !found_.empty()) {
      add_user(user("", {}, object_name(line)));  // gold
    }
  }

  std::vector<Diagnostic> found() { return std::move(found_); }

 private:
  // bfd: "main.cpp.o: in function 'main':"; gold: "main.cpp.o:main.cpp:function main: error: …"
  void read_function(std::string_view line) {
    const auto bfd = between(line, "in function '", "':");
    if (!bfd.empty()) {
      function_ = bfd;
      object_ = object_name(line);
      return;
    }
    const auto gold = between(line, ":function ", ": error: ");
    if (gold.empty()) return;
    function_ = gold;
    object_ = object_name(line);
  }

  void undefined(std::string_view line, std::string_view mark) {
    const bool lld = mark == "undefined symbol: ";
    const auto at = line.find(mark);
    begin(Kind::undefined_reference, line.substr(at), between(line, mark, lld ? "\n" : "'"));
    if (lld) return;  // who uses it stands on the next lines
    auto before = line.substr(0, at);
    constexpr std::string_view gold = " error: ";
    if (before.ends_with(gold)) {
      before.remove_suffix(gold.size());
      if (line.find(":function ") == std::string_view::npos) function_.clear();
    }
    add_place(place_at_end(fmt::format(": {}", without_linker(before))));
    add_user(user(function_, last_place_, object_));
  }

  void defined_twice(std::string_view line, std::string_view mark) {
    const bool lld = mark == "duplicate symbol: ";
    const auto at = line.find(mark);
    begin(Kind::multiple_definition, line.substr(at, line.find(';', at) - at), between(line, mark, lld ? "\n" : "'"));
    if (lld) return;
    const auto before = without_linker(line.substr(0, at));
    add_place(place_at_end(fmt::format(": {}", before)));
    add_user(user("", last_place_, object_name(before)));
    const auto other = between(line, "; ", ": first defined here");  // "tests.cpp.o:/…/tests/06.cpp:4"
    if (other.empty()) return;
    const auto object_end = other.find(".o:");
    const auto place = object_end == std::string_view::npos ? Place{} : place_at_end(other.substr(object_end + 3));
    add_user(user("", place, object_name(other)));
  }

  // ">>> referenced by main.cpp:12 (../../steps/…/main.cpp:12)", below it ">>>    main.cpp.o:(main)"
  void read_lld_detail(std::string_view line) {
    if (found_.empty()) return;
    const auto detail = trimmed(line.substr(3));
    if (detail.starts_with("referenced by ") || detail.starts_with("defined at ")) {
      const auto inner = between(detail, "(", ")");
      add_place(place_at_end(inner));
      object_ = inner.empty() ? object_name(detail.substr(detail.find(' ', 9) + 1)) : std::string{};
      if (inner.empty() || detail.find(".o:(") == std::string_view::npos) return;
      last_place_ = {};
    }
    const auto object = detail.find(".o:(");
    if (object == std::string_view::npos || !detail.ends_with(')')) return;
    const auto function = detail.substr(object + 4, detail.size() - object - 5);
    const bool undefined = found_.back().kind == Kind::undefined_reference;
    add_user(user(undefined ? function : std::string_view{}, last_place_, object_name(detail)));
  }

  void begin(Kind kind, std::string_view message, std::string_view name) {
    Diagnostic diagnostic;
    diagnostic.kind = kind;
    diagnostic.severity = "error";
    diagnostic.message = with_repository_paths(message);
    diagnostic.name = readable(name);
    last_place_ = {};
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].kind != kind || found_[i].name != diagnostic.name) continue;
      std::rotate(found_.begin() + static_cast<std::ptrdiff_t>(i), found_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  found_.end());
      return;
    }
    found_.push_back(std::move(diagnostic));
  }

  void add_place(const Place& place) {
    last_place_ = place;
    if (found_.back().place.line == 0 && is_learners(place.file)) found_.back().place = place;
  }

  void add_user(const std::string& user) {
    auto& users = found_.back().used_by;
    if (!user.empty() && std::find(users.begin(), users.end(), user) == users.end()) users.push_back(user);
  }

  static std::string_view without_linker(std::string_view text) {
    const auto end = text.find(": ");
    const auto name = text.substr(0, end);
    const bool linker = name.ends_with("ld") || name.find("ld.") != std::string_view::npos;
    return linker && end != std::string_view::npos ? text.substr(end + 2) : text;
  }

  std::vector<Diagnostic> found_;
  std::string function_;  // that the next lines are about
  std::string object_;
  Place last_place_;
};

}  // namespace

std::vector<Diagnostic> read_linker_output(std::string_view text) {
  Reader reader;
  for (const auto line : split_lines(text)) reader.read(line.substr(0, 20000));
  return reader.found();
}

}  // namespace runner
