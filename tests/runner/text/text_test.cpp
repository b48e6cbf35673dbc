#include <doctest/doctest.h>

#include "text/place.hpp"
#include "text/text.hpp"

using namespace runner;

TEST_CASE("width counts columns, not bytes") {
  CHECK(width_of("") == 0);
  CHECK(width_of("answer") == 6);
  CHECK(width_of("naïve …") == 7);
  CHECK(width_of("e\u0301") == 1);
  CHECK(width_of("日本") == 4);
  CHECK(width_of("✅ ok") == 5);
  CHECK(width_of("\x1b[1;31mred\x1b[0m") == 3);
  CHECK(width_of("\x1b]8;;file:///x\x1b\\link\x1b]8;;\x1b\\") == 4);
  CHECK(width_of("\xff\xfe") == 2);
}

TEST_CASE("a line that is too long is cut with an ellipsis") {
  CHECK(cut_to_width("answer", 6) == "answer");
  CHECK(cut_to_width("answers", 6) == "answe…");
  CHECK(cut_to_width("日本語", 5) == "日本…");
  CHECK(cut_to_width("日本語", 4) == "日…");
  CHECK(cut_to_width("\x1b[31mred rose\x1b[0m", 4) == "\x1b[31mred…\x1b[0m");
  CHECK(cut_to_width("red", 0).empty());
}

TEST_CASE("words are wrapped, with an indent") {
  CHECK(wrap("one two three", 8) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("one two three", 9, "- ", "  ") == std::vector<std::string>{"- one two", "  three"});
  CHECK(wrap("one\n\ntwo", 80) == std::vector<std::string>{"one", "", "two"});
  CHECK(wrap("abcdefghij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
  CHECK(wrap("a abcdefghij b", 6) == std::vector<std::string>{"a", "abcdef", "ghij b"});
  CHECK(wrap("", 80) == std::vector<std::string>{""});
  CHECK(wrap("日本語 日本", 5) == std::vector<std::string>{"日本", "語", "日本"});
}

TEST_CASE("a line of somebody else's is folded with every blank kept") {
  CHECK(fold("GET  / HTTP", 7) == std::vector<std::string>{"GET  / ", "HTTP"});
  CHECK(fold("  ab", 80, "> ", "  ") == std::vector<std::string>{">   ab"});
  CHECK(fold("abcdef", 4, "", "") == std::vector<std::string>{"abcd", "ef"});
  CHECK(fold("", 4) == std::vector<std::string>{""});
}

TEST_CASE("no control character of a foreign program reaches the terminal") {
  CHECK(printable("a\x1b[2Jb\x1b]0;title\ac\x1b(Bd\x1b") == "abcd");
  CHECK(printable("\x1b]0;never ended\nnext") == "\nnext");
  CHECK(printable("\x1bP1$r\x1b\\x\x1b[31") == "x");
  CHECK(printable(std::string_view("a\0b\bc\x7f", 6)) == "abc");
  CHECK(printable("one\r\ntwo\rthree") == "one\ntwo\nthree");
  CHECK(printable("a\tb\n\tc") == "a       b\n        c");
  CHECK(printable("\xff\xc3(\xed\xa0\x80") == "\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFD");
  CHECK(printable("\u202Egpj.exe\u2069") == "gpj.exe");
  CHECK(printable("\u0085\u009B1m") == "1m");
  CHECK(printable("Grüße, 日本") == "Grüße, 日本");
}

TEST_CASE("a wrong name gets the nearest one as a suggestion") {
  const std::vector<std::string> stages = {"01_call_first", "04_whole_request", "06_respond", "07_send_all"};
  CHECK(closest("whole", stages) == "04_whole_request");
  CHECK(closest("whole_reqest", stages) == "04_whole_request");
  CHECK(closest("repsond", stages) == "06_respond");
  CHECK(closest("4_whole_request", stages) == "04_whole_request");
  CHECK_FALSE(closest("elephant", stages));
  CHECK_FALSE(closest("", stages));
  CHECK_FALSE(closest("x", stages));
  CHECK(closest("lsit", {"run", "list", "hint"}) == "list");
  CHECK_FALSE(closest(std::string(100'000, 'a'), stages));
}

TEST_CASE("lines end in LF or CR LF, and the last may not end") {
  CHECK(split_lines("a\r\nb\n\nc") == std::vector<std::string_view>{"a", "b", "", "c"});
  CHECK(split_lines("").empty());
  CHECK(split_lines("a\n") == std::vector<std::string_view>{"a"});
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
}

TEST_CASE("a pattern matches whatever the quotes, blanks and what … stands for") {
  CHECK(occurs_in("‘answer’ was not declared", "main.cpp:7:3: error: 'answer' was not declared in this scope"));
  CHECK(occurs_in("'answer' was not declared", "error: ‘answer’ was not declared in this scope"));
  CHECK(occurs_in("use of deleted function '…Socket(const Socket&)'",
                  "use of deleted function 'Socket::Socket(const Socket&)'"));
  CHECK(occurs_in("undefined reference to `answer(int)'", "undefined reference to 'answer(int)'"));
  CHECK(occurs_in("a  b", "x a b y"));
  CHECK_FALSE(occurs_in("one … two", "one\ntwo"));
  CHECK_FALSE(occurs_in("two … one", "one and two"));
  CHECK_FALSE(occurs_in("", "anything"));
  CHECK_FALSE(occurs_in("x", ""));
}

TEST_CASE("numbers are digits alone") {
  CHECK(to_number("42") == 42);
  CHECK_FALSE(to_number("-1"));
  CHECK_FALSE(to_number("4x"));
  CHECK_FALSE(to_number(""));
  CHECK_FALSE(to_number("99999999999999"));
}

TEST_CASE("a path within the repository loses what stands before it") {
  CHECK(repository_path("../../steps/04_whole_request/main.cpp") == "steps/04_whole_request/main.cpp");
  CHECK(repository_path("/home/me/my code/serverlings/solutions/03_rebind/main.cpp") == "solutions/03_rebind/main.cpp");
  CHECK(repository_path("/home/me/tests/serverlings/steps/01/main.cpp") == "steps/01/main.cpp");
  CHECK(repository_path("/srv/serverlings/.learn/build/../../tests/05_parse_request.cpp") ==
        "tests/05_parse_request.cpp");
  CHECK(repository_path("/usr/include/c++/12/thread") == "/usr/include/c++/12/thread");
  CHECK(repository_path("footsteps/main.cpp") == "footsteps/main.cpp");
  CHECK(with_repository_paths("'(lambda at ../../steps/09/main.cpp:8:3)' and /usr/include/thread:4") ==
        "'(lambda at steps/09/main.cpp:8:3)' and /usr/include/thread:4");
  CHECK(is_learners("steps/04/main.cpp"));
  CHECK(is_learners("tests/04_whole_request.cpp"));
  CHECK_FALSE(is_learners("tests/support/client.hpp"));
  CHECK_FALSE(is_learners("/usr/include/stdio.h"));
  CHECK(is_learners("tests/shared/tested_pool.hpp"));
  CHECK_FALSE(is_shown_in_stacks("tests/shared/tested_pool.hpp"));
  CHECK(is_shown_in_stacks("tests/shared/runs_jobs.cpp"));
  CHECK(is_shown_in_stacks("steps/01/check.hpp"));
}

TEST_CASE("a source line is shown with a caret below") {
  const Place place{"steps/01/main.cpp", 2, 3};
  CHECK(source_with_caret("int main() {\n  answer();\r\n}\n", place) ==
        std::vector<std::string>{"    2 |   answer();", "      |   ^"});
  CHECK(source_with_caret("one\n", place).empty());
  CHECK(source_with_caret("", {"x", 1, 1}).empty());
}
