#include "text/markdown.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "text/text.hpp"

namespace runner {
namespace {

using Row = std::vector<std::string>;

// The length of "- ", "* ", "1. " at the start of a list's item, or 0.
std::size_t bullet_length(std::string_view item) {
  if (item.starts_with("- ") || item.starts_with("* ") || item.starts_with("+ ")) return 2;
  const auto digits = item.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return 0;
  return item.substr(digits).starts_with(". ") ? digits + 2 : 0;
}

bool is_table_line(std::string_view line) {
  return !line.empty() && line.find_first_not_of("|-: ") == std::string_view::npos;
}

class Renderer {
 public:
  Renderer(int width, Details details, const Marks& marks)
      : width_(std::max(width, 20)), details_(details), marks_(marks) {}

  std::string render(std::string_view markdown) {
    for (const auto line : split_lines(markdown)) read(line);
    end_block();
    while (result_.ends_with("\n\n")) result_.pop_back();
    return std::move(result_);
  }

 private:
  void read(std::string_view line) {
    const auto inner = trimmed(line);
    if (!fence_.empty()) return read_code(line, inner);
    if (comment_ || inner.starts_with("<!--")) {
      comment_ = !contains(inner, "-->");
      return;
    }
    if (inner.starts_with("<details>") || contains(inner, "<summary>")) return read_summary(inner);
    if (inner == "</details>") {
      end_block();
      hidden_ = false;
      return;
    }
    if (hidden_) return;
    if (const auto mark = fence_mark(inner); !mark.empty()) {
      end_block();
      fence_ = mark;
      fence_indent_ = indent_of(line);
    } else if (inner.empty()) {
      end_block();
      blank_line();
    } else if (inner.starts_with('#') && inner.find_first_not_of('#') != inner.npos) {
      heading(inner);
    } else if (inner.starts_with('|')) {
      if (rows_.empty()) end_block();
      if (!is_table_line(inner)) rows_.push_back(table_cells(inner));
    } else if (bullet_length(inner) > 0) {
      end_block();
      item(indent_of(line), inner);
    } else {
      if (!rows_.empty()) end_block();
      (paragraph_ += ' ') += inner;
    }
  }

  void read_code(std::string_view line, std::string_view inner) {
    if (closes_fence(inner, fence_)) {
      fence_.clear();
      return;
    }
    if (hidden_) return;
    put_code(line.substr(std::min(fence_indent_, indent_of(line))));
  }

  // A line of code keeps its blanks; one that is too long goes on below.
  void put_code(std::string_view text) {
    if (width_of(text) + 4 <= width_) {
      put(std::string(text.empty() ? 0 : 4, ' ') + std::string(text));
      return;
    }
    const std::string first(4 + indent_of(text), ' ');
    for (const auto& part : wrap(text, width_, first, first + "    ")) put(part);
  }

  void read_summary(std::string_view inner) {
    if (inner.starts_with("<details>")) end_block();
    const auto begin = inner.find("<summary>");
    if (begin == std::string_view::npos) return;
    const auto end = std::min(inner.find("</summary>"), inner.size());
    const auto title = render_inline(trimmed(inner.substr(begin + 9, end - std::min(end, begin + 9))), marks_);
    put((details_ == Details::hidden ? "[+] " : "[-] ") + title);
    hidden_ = details_ == Details::hidden;
  }

  void heading(std::string_view inner) {
    end_block();
    blank_line();
    const auto level = inner.find_first_not_of('#');
    const auto text = render_inline(trimmed(inner.substr(level)), marks_);
    put(marks_.heading_begin + text + marks_.heading_end);
    const bool underlined = marks_.heading_begin.empty();
    if (underlined) put(std::string(static_cast<std::size_t>(width_of(text)), level == 1 ? '=' : '-'));
    blank_line();
  }

  void item(std::size_t indent, std::string_view inner) {
    const auto bullet = bullet_length(inner);
    first_ = std::string(indent, ' ') + std::string(inner.substr(0, bullet));
    others_ = std::string(indent + bullet, ' ');
    paragraph_ = trimmed(inner.substr(bullet));
  }

  void end_block() {
    if (!trimmed(paragraph_).empty() || !first_.empty()) {
      for (const auto& line : wrap(render_inline(trimmed(paragraph_), marks_), width_, first_, others_)) put(line);
    }
    if (!rows_.empty()) table();
    paragraph_.clear();
    first_.clear();
    others_.clear();
    rows_.clear();
  }

  void table() {
    std::vector<int> widths;
    for (auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = render_inline(row[i], marks_);
        widths[i] = std::max(widths[i], width_of(row[i]));
      }
    }
    int before_last = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + 2;
    constexpr int narrow = 24;  // columns that a text needs at least
    const bool fits = before_last + std::min(widths.back(), narrow) <= width_;
    for (const auto& row : rows_) fits ? table_row(row, widths) : table_paragraph(row);
  }

  void table_row(const Row& row, const std::vector<int>& widths) {
    std::string first;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      first += row[i];
      first.append(static_cast<std::size_t>(widths[i] + 2 - width_of(row[i])), ' ');
    }
    const std::string others(static_cast<std::size_t>(width_of(first)), ' ');
    for (const auto& line : wrap(row.empty() ? "" : row.back(), width_, first, others)) put(line);
  }

  void table_paragraph(const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string indent(i == 0 ? 0 : 4, ' ');
      for (const auto& line : wrap(row[i], width_, indent, i == 0 ? "  " : indent)) put(line);
    }
  }

  void put(const std::string& line) { (result_ += line) += '\n'; }
  void blank_line() {
    if (!result_.empty() && !result_.ends_with("\n\n")) result_ += '\n';
  }

  int width_;
  Details details_;
  const Marks& marks_;
  std::string result_;
  // The block that is being read.
  std::string paragraph_;
  std::string first_;
  std::string others_;
  std::vector<Row> rows_;
  std::string fence_;
  std::size_t fence_indent_ = 0;
  bool comment_ = false;
  bool hidden_ = false;  // within a <details> that is not open
};

}  // namespace

std::string render(std::string_view markdown, int width, Details details, const Marks& marks) {
  return Renderer(width, details, marks).render(printable(markdown));
}

std::string_view fence_mark(std::string_view line) {
  const auto inner = trimmed(line);
  if (!inner.starts_with("```") && !inner.starts_with("~~~")) return {};
  return inner.substr(0, inner.find_first_not_of(inner.front()));
}

bool closes_fence(std::string_view line, std::string_view mark) {
  const auto inner = trimmed(line);
  return inner.starts_with(mark) && inner.find_first_not_of(mark.front()) == std::string_view::npos;
}

}  // namespace runner
