#include "course/shipped.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "course/reset.hpp"
#include "folder.hpp"

using namespace runner;

namespace {

// Two stages in git, the first with two files, and the build's list of them.
struct TwoStages : Folder {
  TwoStages() {
    write("build/stages.txt", "01_first|main.cpp part.hpp||address\n02_second|main.cpp|01_first|address\n");
    write(".gitignore", "/build/\n/.learn/\n*.kept-*\n");
    write("steps/01_first/main.cpp", "shipped main\n");
    write("steps/01_first/part.hpp", "shipped part\n");
    write("docs/01_first.md", "the lesson\n");
    write("steps/02_second/main.cpp", "second\n");
    write("docs/02_second.md", "the second lesson\n");
    git({"init", "--quiet"});
    commit("the course");
  }

  Course course() const { return {path(), path() / "build"}; }
  bool untouched(std::string_view stage = "1") const { return is_untouched(course(), course().find(stage)); }
  ShippedStage shipped(std::string_view stage = "1") const { return shipped_stage(course(), course().find(stage)); }
  std::string shipped_main() const { return shipped().files.at(0).text.value_or(""); }
  std::vector<std::string> reset() const { return runner::reset(course(), course().find("1")); }
  std::vector<std::string> undo() const { return undo_reset(course(), course().find("1")); }
  std::string main() const { return read("steps/01_first/main.cpp"); }
  // Asks whether the steps at HEAD are those that ship.
  Finished check_head() const {
    write(".ci/shipped", read_file(std::filesystem::path(std::getenv("REPOSITORY")) / ".ci/shipped"));
    return run({.words = {"sh", ".ci/shipped"}, .folder = path()});
  }
};

bool says(const std::vector<std::string>& lines, std::string_view words) {
  for (const auto& line : lines) {
    if (line.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a stage is untouched until a file of it is edited or deleted") {
  const TwoStages course;
  CHECK(course.untouched());
  course.write("steps/01_first/part.hpp", "mine\n");
  CHECK_FALSE(course.untouched());
  CHECK(course.untouched("2"));
  course.write("steps/01_first/part.hpp", "shipped part\n");
  CHECK(course.untouched());
  std::filesystem::remove(course.path() / "steps/01_first/main.cpp");
  CHECK_FALSE(course.untouched());
}

TEST_CASE("what a learner commits is not what was shipped") {
  const TwoStages course;
  course.write("steps/01_first/main.cpp", "mine\n");
  course.commit("my solution");
  course.write("docs/01_first.md", "the lesson\nmy notes\n");
  course.commit("notes");
  CHECK_FALSE(course.untouched());
  CHECK(course.shipped_main() == "shipped main\n");
}

TEST_CASE("a newer version of the course is what is shipped, also when it was merged") {
  const TwoStages course;
  REQUIRE(course.shipped_main() == "shipped main\n");
  course.git({"branch", "upstream"});
  course.write("steps/01_first/part.hpp", "mine\n");
  course.commit("my solution");
  course.git({"checkout", "--quiet", "upstream"});
  course.write("steps/01_first/main.cpp", "newer main\n");
  course.write("docs/01_first.md", "the newer lesson\n");
  course.commit("a better first stage");
  course.git({"checkout", "--quiet", "main"});
  REQUIRE(course.git({"merge", "--quiet", "upstream"}).ok());
  course.write("steps/01_first/main.cpp", "mine, merged\n");
  course.commit("my solution again");
  CHECK(course.shipped_main() == "newer main\n");
}

TEST_CASE("a stage whose step and lesson came in two commits is shipped by the second of them") {
  const TwoStages course;
  course.write("build/stages.txt", "03_third|main.cpp||address\n");
  course.write("steps/03_third/main.cpp", "draft\n");
  course.commit("the step");
  CHECK(course.shipped("3").commit.empty());
  course.write("steps/03_third/main.cpp", "third\n");
  course.commit("the step again");
  course.write("docs/03_third.md", "lesson\n");
  course.commit("the lesson");
  course.write("steps/03_third/main.cpp", "mine\n");
  course.commit("mine");
  CHECK(course.shipped("3").files.at(0).text == "third\n");
}

TEST_CASE("a stage that is not in git yet is shipped as it stands") {
  const TwoStages course;
  course.write("build/stages.txt", "03_third|main.cpp||address\n");
  course.write("steps/03_third/main.cpp", "third\n");
  course.write("docs/03_third.md", "lesson\n");
  CHECK(course.shipped("3").files.at(0).text == "third\n");
  CHECK(course.shipped("3").commit.empty());
  CHECK(course.untouched("3"));
}

TEST_CASE("a shallow clone knows what was shipped") {
  const TwoStages course;
  course.write("steps/02_second/main.cpp", "newer\n");
  course.commit("later");
  const Folder clone;
  REQUIRE(clone.git({"clone", "--quiet", "--depth=1", "file://" + course.path().string(), "clone"}).ok());
  const Course shallow{clone.path() / "clone", course.path() / "build"};
  CHECK(is_untouched(shallow, shallow.find("1")));
}

TEST_CASE("a course within another repository knows what was shipped") {
  const TwoStages course;
  std::filesystem::remove_all(course.path() / ".git");
  const Folder outer;
  std::filesystem::create_directories(outer.path() / "learning");
  std::filesystem::copy(course.path(), outer.path() / "learning" / "c++", std::filesystem::copy_options::recursive);
  outer.git({"init", "--quiet"});
  outer.commit("everything");
  const Course inner{outer.path() / "learning" / "c++", course.path() / "build"};
  CHECK(shipped_stage(inner, inner.find("1")).commit.size() == 40);
  outer.write("learning/c++/steps/01_first/main.cpp", "mine\n");
  CHECK_FALSE(is_untouched(inner, inner.find("1")));
}

TEST_CASE("variables that a git hook sets do not lead astray") {
  const TwoStages course;
  const TwoStages other;
  course.write("steps/01_first/main.cpp", "mine\n");
  setenv("GIT_DIR", (other.path() / ".git").c_str(), 1);
  setenv("GIT_INDEX_FILE", "nowhere", 1);
  CHECK(course.shipped_main() == "shipped main\n");
  CHECK_FALSE(course.untouched());
  unsetenv("GIT_DIR");
  unsetenv("GIT_INDEX_FILE");
}

TEST_CASE("without a repository or a commit, it says what to do") {
  const TwoStages course;
  std::filesystem::remove_all(course.path() / ".git");
  CHECK_FALSE(course.untouched());
  CHECK_THROWS_WITH_AS(course.shipped(), doctest::Contains("git clone"), UsageError);
  course.git({"init", "--quiet"});
  CHECK_THROWS_WITH_AS(course.shipped(), doctest::Contains("no commit yet"), UsageError);
}

TEST_CASE("a step that was changed without its lesson is found before it is published") {
  const TwoStages course;
  CHECK(course.check_head().ok());
  course.write("steps/01_first/main.cpp", "newer main\n");
  course.commit("a better step");
  const auto finished = course.check_head();
  CHECK(finished.code == 1);
  CHECK(finished.output ==
        "steps/01_first ships as of " + course.shipped().commit +
            ", without what was changed later: commit the step together with its lesson, docs/01_first.md\n");
  course.write("docs/01_first.md", "the newer lesson\n");
  course.write("steps/01_first/part.hpp", "newer part\n");
  course.commit("a better lesson");
  CHECK(course.check_head().ok());

  course.write("docs/03_third.md", "a lesson without a step\n");
  course.commit("the third lesson");
  CHECK(course.check_head().output ==
        "steps/03_third does not ship: commit the step together with its lesson, docs/03_third.md\n");
}

TEST_CASE("reset brings the shipped files back and keeps the learner's beside them") {
  const TwoStages course;
  CHECK(says(course.reset(), "nothing to reset"));
  course.write("steps/01_first/main.cpp", "mine\n");
  std::filesystem::remove(course.path() / "steps/01_first/part.hpp");
  const auto said = course.reset();
  CHECK(says(said, "steps/01_first/main.cpp.kept-1"));
  CHECK(says(said, "part.hpp was gone"));
  CHECK(course.untouched());
  CHECK(course.read("steps/01_first/main.cpp.kept-1") == "mine\n");

  course.write("steps/01_first/main.cpp", "mine again\n");
  CHECK(says(course.reset(), "main.cpp.kept-2"));
  CHECK(course.read("steps/01_first/main.cpp.kept-1") == "mine\n");
}

TEST_CASE("undoing a reset brings the newest version back, and loses nothing") {
  const TwoStages course;
  CHECK_THROWS_WITH_AS(course.undo(), doctest::Contains("nothing of 01_first is kept"), UsageError);
  course.write("steps/01_first/main.cpp", "first try\n");
  course.reset();
  course.write("steps/01_first/main.cpp", "second try\n");
  course.reset();
  course.undo();
  CHECK(course.main() == "second try\n");
  CHECK(course.read("steps/01_first/main.cpp.kept-1") == "first try\n");
  course.undo();
  CHECK(course.main() == "first try\n");
  CHECK(course.read("steps/01_first/main.cpp.kept-2") == "second try\n");
  course.undo();
  CHECK(course.main() == "second try\n");
}

TEST_CASE("a folder of steps that is gone comes back") {
  const TwoStages course;
  std::filesystem::remove_all(course.path() / "steps");
  course.reset();
  CHECK(course.main() == "shipped main\n");
}

TEST_CASE("a file of which only the solution is shipped is the learner's to make") {
  const TwoStages course;
  std::filesystem::remove(course.path() / "steps/01_first/part.hpp");
  course.write("solutions/01_first/part.hpp", "the solution's part\n");
  course.write("docs/01_first.md", "the lesson says: make part.hpp\n");
  course.commit("learners make part.hpp");
  CHECK(course.shipped().files.size() == 2);
  CHECK_FALSE(course.shipped().files.at(1).text);
  CHECK(course.untouched());

  course.write("steps/01_first/part.hpp", "mine\n");
  course.commit("my solution");
  CHECK_FALSE(course.untouched());
  CHECK(says(course.reset(), "steps/01_first/part.hpp.kept-1"));
  CHECK_FALSE(course.has("steps/01_first/part.hpp"));
  CHECK(course.untouched());

  course.write("steps/01_first/part.hpp", "another try\n");
  CHECK(says(course.undo(), "part.hpp is kept as steps/01_first/part.hpp.kept-2"));
  CHECK(course.read("steps/01_first/part.hpp") == "mine\n");
}
