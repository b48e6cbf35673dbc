#include "course/document.hpp"

#include <algorithm>
#include <utility>

#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

class DocumentReader {
 public:
  void read(std::string_view text) {
    ++document_.lines;
    if (fence_mark_.empty() && text.starts_with("## ")) {
      document_.sections.push_back({std::string(trimmed(text.substr(3))), {}, document_.lines});
      return;
    }
    if (!fence_mark_.empty() || !fence_mark(text).empty())
      read_fence(text);
    else
      read_links(text);
    auto& kept = document_.sections.empty() ? document_.head : document_.sections.back().text;
    (kept += text) += '\n';
  }

  Document end() {
    if (!fence_mark_.empty())
      throw DocumentError(document_.fences.back().line, "this code block has no end: add a line with ```");
    return std::move(document_);
  }

 private:
  void read_fence(std::string_view text) {
    if (fence_mark_.empty()) {
      fence_mark_ = fence_mark(text);
      document_.fences.push_back({std::string(trimmed(trimmed(text).substr(fence_mark_.size()))), {}, document_.lines});
    } else if (closes_fence(text, fence_mark_)) {
      fence_mark_ = {};
    } else {
      (document_.fences.back().text += text) += '\n';
    }
  }

  void read_links(std::string_view text) {
    if (text.starts_with('[') && text.find("]: ") != std::string_view::npos) {
      return add_link(text.substr(text.find("]: ") + 3));
    }
    bool code = false;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] == '`') code = !code;
      if (code || text[i] != ']' || text[i + 1] != '(') continue;
      int depth = 1;
      const auto begin = i + 2;
      for (i = begin; i < text.size() && depth > 0; ++i) depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth > 0) throw DocumentError(document_.lines, "this link has no end: [text](target)");
      add_link(text.substr(begin, --i - begin));
    }
  }

  void add_link(std::string_view target) {
    target = trimmed(target);
    target = target.substr(0, target.find(" \""));
    if (target.starts_with('<') && target.ends_with('>')) target = target.substr(1, target.size() - 2);
    document_.links.push_back({std::string(target), document_.lines});
  }

  Document document_;
  std::string_view fence_mark_;  // of the code block that is open
};

}  // namespace

const Section* Document::section(std::string_view heading) const {
  const auto found = std::ranges::find(sections, heading, &Section::heading);
  return found == sections.end() ? nullptr : &*found;
}

Document read_document(std::string_view markdown) {
  DocumentReader reader;
  for (const auto line : split_lines(markdown)) reader.read(line);
  return reader.end();
}

}  // namespace runner
