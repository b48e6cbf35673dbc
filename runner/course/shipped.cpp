#include "course/shipped.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "system/files.hpp"
#include "system/git.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view commit_mark = "\x01";
constexpr const char* no_commit = "none";  // for a stage that is not in git

Finished git(const Course& course, const std::vector<std::string>& arguments, std::string input = {}) {
  auto command = git_command(course.root(), arguments);
  command.input = std::move(input);
  return run(command);
}

[[noreturn]] void explain(const Course& course, const std::vector<std::string>& arguments) {
  if (find_program("git").empty()) {
    throw UsageError(
        "git is needed to tell what a stage was like when it was shipped, and it is not here; "
        "./learn doctor shows the command that installs it");
  }
  const auto words = printable(run(git_command(course.root(), arguments, true)).output);
  if (words.find("not a git repository") != std::string::npos) {
    throw UsageError(
        "this folder is no git clone, so nobody knows what a stage was like when it was shipped: "
        "get the course with git clone, and copy your steps/ into the clone");
  }
  if (words.find("dubious ownership") != std::string::npos) {
    throw UsageError(
        fmt::format("git does not read a folder that belongs to somebody else, until you say so:\n"
                    "  git config --global --add safe.directory {}",
                    shell_quoted(course.root().string())));
  }
  if (words.find("does not have any commits") != std::string::npos ||
      words.find("unknown revision") != std::string::npos) {
    throw UsageError("this git repository has no commit yet, so nothing in it has been shipped");
  }
  throw UsageError(fmt::format("git does not answer: {}", trimmed(words)));
}

// Which commit shipped the stage, or no_commit. The log goes from new to old.
std::string find_commit(const Course& course, const Stage& stage) {
  const std::string step = "steps/" + stage.name;
  const std::string lesson = stage.page();
  const auto format = fmt::format("--format={}%H", commit_mark);
  std::vector<std::string> arguments{"-c", "log.showRoot=true", "log", "--no-color", "--no-show-signature"};
  arguments.insert(arguments.end(), {"--no-renames", "--relative", "-z", "--name-only", format, "--", step, lesson});
  const auto log = git(course, arguments);
  if (!log.ok()) explain(course, arguments);
  std::string commit, first_step, first_lesson;  // the oldest that changed it, so far
  bool step_changed = false;
  bool lesson_changed = false;
  for (auto token : split(log.output, '\0')) {
    token = trimmed(token);
    if (token.starts_with(commit_mark)) {
      commit = token.substr(commit_mark.size());
      step_changed = lesson_changed = false;
    } else if (token == lesson) {
      lesson_changed = true;
      first_lesson = commit;
    } else if (token.starts_with(step + "/")) {
      step_changed = true;
      first_step = commit;
    }
    if (step_changed && lesson_changed) return commit;
  }
  // The oldest commit of all brought one of them, so both were there when the other one came.
  const auto& both = step_changed ? first_lesson : first_step;
  return both.empty() ? no_commit : both;
}

// What `git cat-file --batch` answers to one question: "ID blob SIZE", the text, a line feed; or "… missing".
std::optional<std::string> next_object(std::string_view& answers, std::string& id) {
  const auto end = answers.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = answers.substr(0, end);
  answers.remove_prefix(end + 1);
  const auto size = to_number(line.substr(line.rfind(' ') + 1));
  if (!size || static_cast<std::size_t>(*size) >= answers.size()) return std::nullopt;
  id = line.substr(0, line.find(' '));
  std::string text(answers.substr(0, static_cast<std::size_t>(*size)));
  answers.remove_prefix(text.size() + 1);
  return text;
}

struct Answer {
  std::string head;                               // the commit that HEAD is
  std::optional<std::vector<ShippedFile>> files;  // nothing: that commit does not know one of them
};

// HEAD and the stage's files in `commit`, in one call.
Answer ask(const Course& course, const Stage& stage, const std::string& commit) {
  std::string questions = "HEAD^{commit}\n";
  for (const auto& file : stage.own) {
    for (const char* folder : {"steps", "solutions"})
      questions += fmt::format("{}:./{}/{}/{}\n", commit, folder, stage.name, file);
  }
  const std::vector<std::string> arguments{"cat-file", "--batch"};
  const auto finished = git(course, arguments, questions);
  if (!finished.ok()) explain(course, {"rev-parse", "HEAD"});
  std::string_view rest = finished.output;
  Answer answer;
  if (!next_object(rest, answer.head)) explain(course, {"log", "-1"});
  std::vector<ShippedFile> files;
  for (const auto& file : stage.own) {
    std::string id;
    auto text = next_object(rest, id);
    const auto solution = next_object(rest, id);
    if (!text && !solution) return answer;
    files.push_back({file, std::move(text)});
  }
  answer.files = std::move(files);
  return answer;
}

// Keeps which commit shipped a stage, as long as HEAD stays, so that the history is not read at each start.
void remember(const std::filesystem::path& memory, const std::string& head, const std::string& commit) {
  try {
    std::filesystem::create_directories(memory.parent_path());
    write_file(memory, fmt::format("{} {}\n", head, commit));
  } catch (const std::exception&) {
    // A folder that cannot be written costs some milliseconds at the next start.
  }
}

}  // namespace

std::optional<std::string> text_if_there(const std::filesystem::path& path) {
  return is_file(path) ? std::optional(read_file(path)) : std::nullopt;
}

ShippedStage shipped_stage(const Course& course, const Stage& stage) {
  const auto memory = course.state() / "shipped_in" / stage.name;
  std::istringstream known(text_if_there(memory).value_or(""));
  std::string head;
  std::string commit = no_commit;
  known >> head >> commit;
  auto answer = ask(course, stage, commit);
  if (head != answer.head) {
    commit = find_commit(course, stage);
    remember(memory, answer.head, commit);
    answer = ask(course, stage, commit);
  }
  // A file that the stage has only now: it is being worked on, and not shipped yet.
  if (commit == no_commit || !answer.files) return {"", files_as_they_stand(course, stage)};
  return {commit, std::move(*answer.files)};
}

std::vector<ShippedFile> shipped_files(const Course& course, const Stage& stage) {
  return shipped_stage(course, stage).files;
}

std::vector<ShippedFile> files_as_they_stand(const Course& course, const Stage& stage) {
  std::vector<ShippedFile> files;
  for (const auto& file : stage.own) {
    auto text = text_if_there(course.step(stage) / file);
    if (text || is_file(course.solution(stage) / file)) files.push_back({file, std::move(text)});
  }
  return files;
}

bool is_untouched(const Course& course, const Stage& stage) {
  try {
    return is_untouched(course, stage, shipped_files(course, stage));
  } catch (const UsageError&) {
    return false;
  }
}

bool is_untouched(const Course& course, const Stage& stage, const std::vector<ShippedFile>& shipped) {
  return std::ranges::all_of(
      shipped, [&](const ShippedFile& file) { return text_if_there(course.step(stage) / file.name) == file.text; });
}

}  // namespace runner
