#include <doctest/doctest.h>

#include <array>

#include "fixtures.hpp"
#include "reading/diagnostic_words.hpp"
#include "reading/diagnostics.hpp"
#include "text/text.hpp"

using namespace runner;

namespace {

const std::array<std::string, 2> compilers = {"gcc12", "clang14"};
const std::array<std::string, 3> linkers = {"bfd", "gold", "lld"};

BuildReport report_of(const std::string& name, const std::vector<std::string>& preferred = {}) {
  return read_build(fixture(name), preferred);
}

std::string shown(const Diagnostic& diagnostic) {
  return to_string(diagnostic.place, true) + ": " + diagnostic.severity + ": " + diagnostic.message;
}

std::string first_of(const std::string& name, const std::vector<std::string>& preferred = {}) {
  const auto report = report_of(name, preferred);
  return report.first ? shown(*report.first) : "nothing";
}

}  // namespace

TEST_CASE("the first error is read as each compiler words it") {
  CHECK(first_of("gcc12/undeclared") ==
        "steps/01_call_first/main.cpp:7:3: error: 'answer' was not declared in this scope");
  CHECK(first_of("clang14/undeclared") ==
        "steps/01_call_first/main.cpp:7:3: error: use of undeclared identifier 'answer'");
  CHECK(first_of("gcc12/no_member") ==
        "solutions/13_ask_for_a_pool/main.cpp:5:8: error: 'class ThreadPool' has no member named 'execute'");
  CHECK(first_of("clang14/no_member") ==
        "solutions/13_ask_for_a_pool/main.cpp:5:8: error: no member named 'execute' in 'ThreadPool'");
  CHECK(first_of("gcc12/promise").ends_with("unable to find the promise type for this coroutine"));
  CHECK(first_of("clang14/werror") ==
        "solutions/04_whole_request/read_request.cpp:2:7: error: unused variable 'count' [-Werror,-Wunused-variable]");
}

TEST_CASE("the source line comes with its caret, as printed") {
  CHECK(report_of("gcc12/undeclared").first->source_lines ==
        std::vector<std::string>{"    7 |   answer(client);", "      |   ^~~~~~"});
  CHECK(report_of("clang14/undeclared").first->source_lines == std::vector<std::string>{"  answer(client);", "  ^"});
}

TEST_CASE("notes on the learner's files are kept, with their place") {
  const std::vector<std::string> own = {"steps/02_socket_owner/main.cpp"};
  CHECK(report_of("gcc12/deleted_copy", own).first->notes ==
        std::vector<std::string>{"steps/02_socket_owner/socket.hpp:9: declared here",
                                 "steps/02_socket_owner/handle_connection.hpp:6: initializing argument 1 of 'void "
                                 "handle_connection(Socket)'"});
  CHECK(report_of("clang14/deleted_copy", own).first->notes ==
        std::vector<std::string>{
            "steps/02_socket_owner/socket.hpp:9: 'Socket' has been explicitly marked deleted here",
            "steps/02_socket_owner/handle_connection.hpp:6: passing argument to parameter 'client' here"});
}

TEST_CASE("quotes of another locale make no difference") {
  CHECK(first_of("gcc12/utf8_quotes") == first_of("gcc12/deleted_copy"));
}

TEST_CASE("a stage's own files come first, then its test") {
  for (const auto& compiler : compilers) {
    CAPTURE(compiler);
    const std::string main = "steps/02_socket_owner/main.cpp";
    const std::string test = "tests/02_socket_owner.cpp";
    CHECK(report_of(compiler + "/deleted_copy", {main, test}).first->place.file == main);
    CHECK(report_of(compiler + "/deleted_copy", {test, main}).first->place.file == test);
    CHECK(report_of(compiler + "/deleted_copy").errors == 2);
    const auto report = report_of(compiler + "/in_header", {"steps/06_respond/handle_connection.hpp",
                                                            "steps/06_respond/respond.cpp", "tests/06_respond.cpp"});
    CHECK(report.first->place.file == "steps/06_respond/handle_connection.hpp");
    CHECK(report.errors == 3);
    CHECK(report.edges.size() == 3);
    CHECK(report.edges[0].source == "tests/06_respond.cpp");
    CHECK(report.edges[0].command.find("-c ../../tests/06_respond.cpp") != std::string::npos);
    CHECK(report_of(compiler + "/in_header", {"steps/06_respond/respond.cpp"}).first->place.file ==
          "steps/06_respond/respond.cpp");
  }
}

TEST_CASE("the order in which ninja ran its commands makes no difference") {
  for (const auto& compiler : compilers) {
    const std::string text = fixture(compiler + "/deleted_copy");
    const auto second = text.find("[2/4]");
    const auto last = text.find("ninja: build stopped");
    REQUIRE(second != std::string::npos);
    const std::string turned = text.substr(second, last - second) + text.substr(0, second) + text.substr(last);
    CHECK(shown(*read_build(turned, {}).first) == shown(*read_build(text, {}).first));
  }
}

TEST_CASE("an error in a system header is shown where the learner's code led to it") {
  for (const auto& compiler : compilers) {
    CAPTURE(compiler);
    const auto thread = report_of(compiler + "/thread_by_reference").first;
    CHECK(thread->place.file == "steps/09_slow_neighbour/main.cpp");
    CHECK(thread->place.line == 8);
    CHECK(thread->message.find("std::thread arguments must be invocable") != std::string::npos);
    REQUIRE(thread->origin);
    CHECK(thread->origin->file.ends_with("std_thread.h"));
    CHECK(report_of(compiler + "/vector_copy").first->place.line == 7);

    const auto job = report_of(compiler + "/copy_constructible", {"steps/17_store_the_job/thread_pool.hpp"}).first;
    CHECK(to_string(job->place) == "steps/17_store_the_job/thread_pool.hpp:12");
    CHECK(job->message.find("std::function target must be copy-constructible") != std::string::npos);
    REQUIRE(job->context.size() == 1);
    CHECK(job->context[0].starts_with("solutions/13_ask_for_a_pool/main.cpp:8: "));
  }
  CHECK(report_of("clang14/copy_constructible").first->source_lines[0] == "    jobs_.push_back(std::move(job));");
  CHECK(report_of("gcc12/copy_constructible").first->source_lines.empty());
}

TEST_CASE("an error in the learner's own template says who asked for it") {
  for (const auto& compiler : compilers) {
    const auto first = report_of(compiler + "/own_template").first;
    CHECK(to_string(first->place, true) == "steps/26_results/thread_pool.hpp:6:14");
    CHECK(first->context.size() == 1);
    CHECK(first->context[0].starts_with("solutions/13_ask_for_a_pool/main.cpp:3: "));
    CHECK_FALSE(first->origin);
  }
}

TEST_CASE("a header that is not there is named") {
  for (const auto& compiler : compilers) {
    const auto first = report_of(compiler + "/missing_header").first;
    CHECK(first->kind == Kind::missing_header);
    CHECK(first->name == "thread_pool.hpp");
    CHECK(to_string(first->place) == "steps/13_ask_for_a_pool/main.cpp:4");
  }
}

TEST_CASE("a function that nobody defines is named with who calls it, whatever the linker") {
  for (const auto& compiler : compilers) {
    for (const auto& linker : linkers) {
      CAPTURE(compiler);
      CAPTURE(linker);
      const auto report = report_of(compiler + "/undefined_" + linker);
      CHECK(report.errors == 1);
      CHECK(report.first->kind == Kind::undefined_reference);
      CHECK(report.first->name == "parse_request(std::string_view)");
      CHECK(report.first->message.starts_with("undefined reference to 'parse_request("));  // as the lessons' tables say
      CHECK(to_string(report.first->place) == "tests/05_parse_request.cpp:5");
      CHECK(in_words(*report.first).find("tests/05_parse_request.cpp:5") != std::string::npos);

      const auto bare = report_of(compiler + "/undefined_nodebug_" + linker, {"tests/05_parse_request.cpp"});
      CHECK(bare.first->used_by == std::vector<std::string>{"twice() (tests/05_parse_request.cpp)"});

      CHECK(in_words(*report_of(compiler + "/no_main_" + linker).first) == "This program has no main().");
      CHECK(report_of(compiler + "/vtable_" + linker).errors == 2);
    }
  }
}

TEST_CASE("a function that is defined twice is named, with both places if the linker knows them") {
  for (const auto& compiler : compilers) {
    for (const auto& linker : linkers) {
      CAPTURE(linker);
      const auto report =
          report_of(compiler + "/twice_" + linker, {"steps/06_respond/respond.cpp", "tests/06_respond.cpp"});
      CHECK(report.first->kind == Kind::multiple_definition);
      CHECK(report.first->name == "respond(int)");
      CHECK(report.first->message == "multiple definition of 'respond(int)'");
      CHECK(report.errors == 1);
    }
    CHECK(in_words(*report_of(compiler + "/twice_bfd").first) ==
          "respond(int) is defined more than once: in steps/06_respond/respond.cpp:4 and tests/06_respond.cpp:4.");
  }
}

TEST_CASE("what is not the learner's doing is told apart") {
  for (const std::string name :
       {"gcc12/killed", "gcc12/out_of_memory", "clang14/killed", "clang14/out_of_memory", "gcc12/no_compiler"}) {
    CAPTURE(name);
    CHECK(report_of(name).first->kind == Kind::compiler_stopped);
  }
  CHECK(report_of("gcc12/build_files").first->kind == Kind::build_files);
  CHECK(report_of("gcc12/build_files").first->message == "meson.build:2:22: ERROR: Expecting rparen got eof.");
}

TEST_CASE("a source file that was deleted is named") {
  const auto first = report_of("gcc12/missing_source").first;
  CHECK(first->kind == Kind::missing_source);
  CHECK(first->name == "steps/04_whole_request/read_request.cpp");
}

TEST_CASE("warnings of a build that works are counted, and the first is kept") {
  for (const auto& compiler : compilers) {
    const auto report = report_of(compiler + "/warning");
    CHECK_FALSE(report.first);
    CHECK(report.errors == 0);
    CHECK(report.warnings == 3);
    REQUIRE(report.warning);
    CHECK(report.warning->place.file == "steps/04_whole_request/read_request.cpp");
    CHECK(report.warning->source_lines.size() == 2);
  }
}

TEST_CASE("a build that works and says nothing has nothing to report") {
  for (const std::string text :
       {"", "ninja: no work to do.\n", "[1/2] Compiling C++ object x.o\n[2/2] Linking target x\n"}) {
    const auto report = read_build(text, {});
    CHECK_FALSE(report.first);
    CHECK(report.edges.empty());
  }
}

TEST_CASE("a compiler's own output, without ninja, is read as well") {
  const auto report = read_build("steps/01/main.cpp:3:1: error: expected '}' at end of input\n", {});
  REQUIRE(report.first);
  CHECK(report.first->place.line == 3);
  CHECK(report.edges.size() == 1);
}

TEST_CASE("a failure in unknown words shows its first line") {
  const auto report =
      read_build("[1/1] Generating x\nFAILED: [code=3] x\nmake-x --fast\n\nx: no such thing\nmore\n", {});
  REQUIRE(report.first);
  CHECK(report.first->kind == Kind::other);
  CHECK(report.first->message == "x: no such thing");
  CHECK(report.edges[0].command == "make-x --fast");
  CHECK(report.edges[0].targets == "x");
  CHECK(read_build("FAILED: x\n", {}).first->message == "the command failed and printed nothing");
}

TEST_CASE("escape sequences of a compiler do not get through") {
  const auto report = read_build(
      printable("FAILED: x.o\nc++ -c steps/a.cpp\n\x1b[1msteps/a.cpp:1:2:\x1b[m \x1b[31merror: \x1b[mbad\n"), {});
  REQUIRE(report.first);
  CHECK(shown(*report.first) == "steps/a.cpp:1:2: error: bad");
}

TEST_CASE("a long message gives way within its template arguments") {
  const auto message = report_of("gcc12/vector_copy").first->message;
  CHECK(shortened(message, 400) == message);
  const std::string loud =
      "cannot convert 'std::map<std::string, std::vector<int>>' to 'int' [with T = int; U = std::vector<int>]";
  CHECK(shortened(loud, 80) == "cannot convert 'std::map<std::string, std::vector<int>>' to 'int'");
  CHECK(shortened(loud, 50) == "cannot convert 'std::map<…>' to 'int'");
  CHECK(shortened(loud, 20) == "cannot convert 'std…");
  CHECK(shortened("a < b > c -> operator<", 10) == "a < b > c…");
}
