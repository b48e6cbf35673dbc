#pragma once

#include <set>
#include <string>
#include <vector>

#include "course/course.hpp"
#include "course/words.hpp"

namespace runner {

/// What is found out about the rows of one page or several.
struct RowFindings {
  std::set<std::string> reached{};      // the names of rows that something shows
  std::vector<std::string> problems{};  // "docs/when_it_fails/07_send_all.md:9: nothing shows it"
  std::vector<std::string> notes{};     // heads that were written anew
};

/// Looks at what tools printed once, kept for the rows that explain it: tests/screens/FOLDER/NAME.txt. The first line
/// of such a file is `arrow: ROW`, or `arrow: none`, then come a blank line and the output: of ninja or a compiler; of
/// a test program, with "ended by signal N" as the last line if one did; or where the threads of one that hangs stand.
/// A head that names another row than the words give is a problem; with `update` it is written anew. `files` are those
/// whose errors come first.
void look_at_screens(const Course& course, const std::string& folder, const std::vector<std::string>& files,
                     const Words& words, bool update, RowFindings& findings);

/// A problem for each of these rows that nothing has reached.
void judge_rows(const std::vector<Row>& rows, RowFindings& findings);

/// The tables that all stages share: each of their rows needs a kept screen in the folder that has its page's name.
RowFindings shared_row_findings(const Course& course, bool update);

}  // namespace runner
