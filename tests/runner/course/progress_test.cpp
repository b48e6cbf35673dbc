#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "course/progress.hpp"
#include "text/text.hpp"

using namespace runner;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "progress-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file() const { return path_ + "/progress"; }

  void write(std::string_view text) const { std::ofstream(file(), std::ios::binary) << text; }

  std::string read(const std::string& name = "progress") const {
    std::ifstream file(path_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

const std::string head = "# What you have done so far, a line for each stage. Written by ./learn.\n";

}  // namespace

TEST_CASE("progress is a small file that people can read") {
  const Folder folder;
  ProgressFile file(folder.file());
  file.mark_current("05_parse_request");
  file.mark_done("04_whole_request", "2026-11-23");
  file.mark_hints("04_whole_request", 2);
  file.mark_hints("05_parse_request", 1);
  CHECK(file.problem().empty());
  CHECK(folder.read() == head +
                             "current 05_parse_request\n"
                             "04_whole_request done 2026-11-23 hints 2\n"
                             "05_parse_request hints 1\n");
  CHECK(folder.count() == 1);

  const Progress progress = ProgressFile(folder.file()).read();
  CHECK(progress.current == "05_parse_request");
  CHECK(progress.is_done("04_whole_request"));
  CHECK(progress.hints("04_whole_request") == 2);
  CHECK_FALSE(progress.is_done("05_parse_request"));
  CHECK(progress.find("06_respond") == nullptr);
}

TEST_CASE("a missing file is an empty one, and reading makes none") {
  const Folder folder;
  ProgressFile file(folder.file());
  CHECK(file.read().stages.empty());
  CHECK(file.problem().empty());
  CHECK(folder.count() == 0);
}

TEST_CASE("the first date stays, and so does the largest number of hints") {
  const Folder folder;
  ProgressFile file(folder.file());
  file.mark_done("01_call_first", "2026-11-23");
  file.mark_done("01_call_first", "2027-01-01");
  file.mark_hints("01_call_first", 3);
  file.mark_hints("01_call_first", 1);
  CHECK(folder.read() == head + "01_call_first done 2026-11-23 hints 3\n");
  file.mark_not_done("01_call_first");
  file.mark_not_done("02_socket_owner");
  CHECK(folder.read() == head + "01_call_first hints 3\n");
}

TEST_CASE("marks of stages that the course does not know are kept") {
  const Folder folder;
  folder.write("99_from_the_future done 2030-01-01\n");
  ProgressFile file(folder.file());
  file.mark_done("01_call_first", "2026-11-23");
  CHECK(folder.read() == head + "99_from_the_future done 2030-01-01\n01_call_first done 2026-11-23\n");
}

TEST_CASE("a damaged file is kept aside, and what can be read of it stays") {
  for (const std::string_view damage :
       {"<<<<<<< HEAD\n", "02_socket_owner done yesterday\n", "02_socket_owner done\n", "02_socket_owner\n",
        "current\n", "current a b\n", "01_call_first done 2026-11-23\n", "02_socket_owner hints -1\n",
        "02_socket_owner done 2026-11-2", "\xff\xfe\x01\n", "a/b done 2026-11-23\n"}) {
    CAPTURE(damage);
    const Folder folder;
    folder.write("01_call_first done 2026-11-23\n" + std::string(damage));
    ProgressFile file(folder.file());
    const Progress progress = file.read();
    CHECK(progress.is_done("01_call_first"));
    CHECK(progress.stages.size() == 1);
    CHECK(file.problem().find("progress.damaged-1") != std::string::npos);
    CHECK(folder.read("progress.damaged-1") == "01_call_first done 2026-11-23\n" + std::string(damage));
    CHECK(folder.read() == head + "01_call_first done 2026-11-23\n");
    CHECK(file.read().is_done("01_call_first"));
    CHECK(file.problem().empty());
  }
}

TEST_CASE("each damaged file gets a name of its own") {
  const Folder folder;
  ProgressFile file(folder.file());
  folder.write(std::string("\0\0\0", 3));
  CHECK(file.mark_done("01_call_first", "2026-11-23").is_done("01_call_first"));
  folder.write("?\n");
  file.read();
  CHECK(file.problem().find("progress.damaged-2") != std::string::npos);
  CHECK(folder.read("progress.damaged-1") == std::string("\0\0\0", 3));
  CHECK(folder.read("progress.damaged-2") == "?\n");
}

TEST_CASE("lines with CR LF, and a last line without an end, are read") {
  const Folder folder;
  folder.write("# mine\r\n\r\ncurrent 02_socket_owner\r\n01_call_first  done 2026-11-23");
  ProgressFile file(folder.file());
  const Progress progress = file.read();
  CHECK(progress.current == "02_socket_owner");
  CHECK(progress.is_done("01_call_first"));
  CHECK(file.problem().empty());
}

TEST_CASE("a folder or a huge file in its place is set aside") {
  const Folder folder;
  std::filesystem::create_directory(folder.file());
  ProgressFile file(folder.file());
  file.mark_current("01_call_first");
  CHECK(file.problem().find("progress.damaged-1") != std::string::npos);
  CHECK(folder.read() == head + "current 01_call_first\n");
  folder.write(std::string(3 << 20, 'x'));
  CHECK(file.read().stages.empty());
  CHECK(file.problem().find("progress.damaged-2") != std::string::npos);
}

TEST_CASE("a folder that cannot be written to costs the marks, and the learner is told") {
  ProgressFile file("/proc/no-such-folder/progress");
  CHECK(file.mark_done("01_call_first", "2026-11-23").is_done("01_call_first"));
  CHECK(file.problem().find("cannot be saved") != std::string::npos);
}

TEST_CASE("the folder is made when it is not there") {
  const Folder folder;
  ProgressFile file(folder.file() + "/progress");
  file.mark_current("01_call_first");
  CHECK(file.problem().empty());
  CHECK(folder.read("progress/progress") == head + "current 01_call_first\n");
}

TEST_CASE("runners that write at the same time keep each other's marks") {
  const Folder folder;
  constexpr int writers = 4;
  constexpr int marks = 20;
  std::vector<pid_t> children;
  for (int writer = 0; writer < writers; ++writer) {
    const pid_t child = fork();
    if (child == 0) {
      ProgressFile file(folder.file());
      for (int mark = 0; mark < marks; ++mark) {
        file.mark_done("stage_" + std::to_string(writer) + "_" + std::to_string(mark), "2026-11-23");
      }
      _exit(file.problem().empty() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  CHECK(ProgressFile(folder.file()).read().stages.size() == writers * marks);
  CHECK(folder.count() == 1);
}

TEST_CASE("today is a date") {
  CHECK(today().size() == 10);
  CHECK(today()[4] == '-');
}
