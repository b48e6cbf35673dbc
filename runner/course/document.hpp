#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Section {
  std::string heading{};  // "What you see"
  std::string text{};     // markdown, without the heading
  int line = 0;           // of the heading, from 1
};

struct Fence {
  std::string info{};  // "text gcc", "cpp solutions/01_call_first/main.cpp"
  std::string text{};  // each line with its LF
  int line = 0;        // of the opening ```, from 1; the first line of text is the next
};

struct Link {
  std::string target{};  // as written, with its #anchor
  int line = 0;
};

/// A page of the course: a lesson, a topic, a table of words.
struct Document {
  std::string head{};  // markdown before the first "## "
  std::vector<Section> sections{};
  std::vector<Fence> fences{};
  std::vector<Link> links{};
  int lines = 0;

  const Section* section(std::string_view heading) const;  // null: there is none
};

/// What is wrong with a page, where, and what to do about it.
class DocumentError : public std::runtime_error {
 public:
  DocumentError(int line, const std::string& what) : std::runtime_error(what), line_(line) {}
  int line() const { return line_; }

 private:
  int line_;
};

/// Throws DocumentError for a block of code, or a link, without an end.
Document read_document(std::string_view markdown);

}  // namespace runner
