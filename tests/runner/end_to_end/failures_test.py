"""What a learner reads when the stage fails, in each way in which programs fail."""

import pathlib
import sys

import fixture_course
import tap
from learner import StageTest, wait_until

INCLUDES = "#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\n"
THREADS = "#include <stdexcept>\n#include <thread>\n"


class Failures(StageTest):
    # --- Compiler, linker, test ---

    def test_a_compile_error_is_shown_with_its_place_and_its_meaning(self):
        shown = self.run_stage("int answer() {\n  return 42\n}\n")
        self.assert_has(shown, "does not compile: 1 error", "steps/01_first_answer/answer.cpp:2:12: error: expected ';'",
                        "2 |   return 42", "^", "→ A statement ends with a semicolon.")

    def test_only_the_first_of_many_errors_is_shown(self):
        shown = self.run_stage("int answer() {\n  return one + two;\n}\nint other() { return three; }\n")
        self.assert_has(shown, "the first of 3 errors", "'one'")
        self.assertNotIn("three", shown)

    def test_a_missing_function_is_named_with_who_calls_it(self):
        shown = self.run_stage("int helper();\nint answer() {\n  return helper();\n}\n")
        self.assert_has(shown, "does not link", "undefined reference to 'helper()'", "answer.cpp:3", "defined")

    def test_a_failing_test_is_shown_with_what_was_expected(self):
        shown = self.run_stage(fixture_course.WRONG)
        self.assert_has(shown, "1 of 3 tests fails", "test: the answer is 42", "7 == 42", "→ The test wants the number 42.",
                        "./learn hint 01")

    # The test after the one that fails waits for a file.
    WAITS = INCLUDES + ('int answer() {\n  static int calls = 0;\n  if (++calls == 3) {\n'
                        '    while (access("go_on", F_OK) != 0) usleep(1000);\n  }\n  return 7;\n}\n')

    def test_the_first_failure_is_shown_while_other_tests_still_run(self):
        self.course.write(self.WAITS)
        session = self.session()
        session.wait_for("running the other tests …")
        self.assert_has(session.screen, "compiles; the first test that fails:", "7 == 42",
                        "→ The test wants the number 42.")
        session.press("e")
        session.wait_for("not ok 2 - the answer is 42")
        session.press("q")
        go_on = self.course.root / "go_on"
        self.addCleanup(go_on.unlink)
        go_on.touch()
        session.wait_for("1 of 3 tests fails")
        self.assertNotIn("running the other tests", session.screen)
        self.quit(session)

    def test_a_save_while_other_tests_still_run_starts_again(self):
        self.course.write(self.WAITS)
        session = self.session()
        session.wait_for("running the other tests …")
        self.course.write(fixture_course.RIGHT)
        session.wait_for("✓ passes")
        self.quit(session)

    def test_the_whole_text_and_the_command_are_there_on_request(self):
        shown = self.run_stage("int answer() {\n  return one + two;\n}\n", "--full")
        self.assert_has(shown, "$ ", "c++ ", "answer.cpp.o", "'two' was not declared")
        shown = self.run_stage(fixture_course.WRONG, "--full")
        self.assert_has(shown, "01_first_answer.step.address.test", "ok 3 - the answer stays the same")

    def test_a_warning_is_shown_and_does_not_fail(self):
        self.course.write("int answer() {\n  int unused = 1;\n  return 42;\n}\n")
        code, shown, _ = self.course.run("run", "1")
        self.assertEqual(code, 0)
        self.assert_has(shown, "✓ passes", "with a warning", "unused variable")

    # --- Crashes ---

    def test_a_write_through_null_is_told_by_the_sanitizer_in_the_learners_lines(self):
        shown = self.run_stage("int* nowhere = nullptr;\nint answer() {\n  return *nowhere;\n}\n")
        self.assert_has(shown, "test: there is an answer", "answer.cpp:3")

    def test_memory_that_is_gone_is_told_by_the_sanitizer(self):
        shown = self.run_stage("int answer() {\n  int* p = new int(42);\n  delete p;\n  return *p;\n}\n")
        self.assert_has(shown, "AddressSanitizer", "heap-use-after-free", "answer.cpp:4", "answer.cpp:3")

    def test_abort_is_said_in_words(self):
        shown = self.run_stage(INCLUDES + "int answer() { std::abort(); }\n")
        self.assert_has(shown, "crashes", "test: there is an answer", "SIGABRT")

    def test_an_abort_is_shown_with_its_reason_and_where_it_was(self):
        shown = self.run_stage(THREADS + "int answer() {\n  std::thread worker([] {});\n  return 42;\n}\n")
        self.assert_has(shown, "crashes", "a std::thread was destroyed, or assigned to, before it was joined",
                        "answer (steps/01_first_answer/answer.cpp:")
        shown = self.run_stage(THREADS + 'int answer() {\n  std::thread worker([] { throw std::runtime_error("no"); });\n'
                               "  worker.join();\n  return 42;\n}\n")
        self.assert_has(shown, "an exception left the function of a thread, where nothing can catch it: std::runtime_error, no",
                        "a lambda in answer (steps/01_first_answer/answer.cpp:4)", "4 |   std::thread worker")
        shown = self.run_stage(THREADS + 'void f() noexcept {\n  throw std::runtime_error("no");\n}\n'
                               "int answer() {\n  f();\n  return 42;\n}\n")
        self.assert_has(shown, "tried to leave a function that is noexcept", "f (steps/01_first_answer/answer.cpp:4)")

    # --- A machine on which ThreadSanitizer cannot start ---

    CANNOT_START = """#include <sys/personality.h>
#include <cstdio>
#include <unistd.h>
const bool started = [] {
  if (%s) return true;
  std::fputs("FATAL: ThreadSanitizer: unexpected memory mapping 0x5d8e-0x5d8f\\n", stderr);
  _exit(66);
}();
int answer() { return 42; }
"""

    def test_a_sanitizer_that_cannot_start_is_started_again_with_fixed_addresses(self):
        self.course.write(self.CANNOT_START % "personality(0xffffffff) & ADDR_NO_RANDOMIZE")
        code, shown, _ = self.course.run("run", "1")
        self.assertEqual(code, 0, shown)
        self.assert_has(shown, "passes", "3 tests under")
        self.assertNotIn("cannot run", shown)

    def test_where_that_does_not_help_the_guarantee_that_is_lost_is_named(self):
        self.course.write(self.CANNOT_START % "false")
        code, shown, _ = self.course.run("run", "1")
        self.assertEqual(code, 0, shown)
        self.assert_has(shown, "ThreadSanitizer cannot run on this machine", "nobody has looked for data races")

    def test_an_endless_recursion_is_said_in_words(self):
        shown = self.run_stage("int answer() {\n  volatile int n = answer();\n  return n + 1;\n}\n")
        self.assert_has(shown, "stack-overflow", "answer.cpp:2")

    def test_being_killed_is_said_in_words(self):
        shown = self.run_stage(INCLUDES + "int answer() {\n  std::raise(SIGKILL);\n  return 42;\n}\n")
        self.assert_has(shown, "crashes", "SIGKILL")

    def test_an_exit_in_the_middle_is_not_a_pass(self):
        for code in (0, 3):
            with self.subTest(code=code):
                shown = self.run_stage(INCLUDES + f"int answer() {{ std::exit({code}); }}\n")
                self.assert_has(shown, "in the middle of a test", f"exit code {code}", "test: there is an answer")
                self.assertNotIn("✓", shown)

    def test_an_exception_that_nobody_catches_is_shown(self):
        shown = self.run_stage('#include <stdexcept>\nint answer() { throw std::runtime_error("no answer"); }\n')
        self.assert_has(shown, "no answer", "test: there is an answer")

    # --- Floods ---

    FLOOD = INCLUDES + 'int answer() {\n  for (;;) std::puts("again and again and again");\n}\n'

    def test_a_flood_is_cut_off(self):
        shown = self.run_stage(self.FLOOD)
        self.assert_has(shown, "prints without end", "there is an answer", "again and again")
        self.assertLess(len(shown), 4000)

    def test_a_flood_fills_neither_memory_nor_disk(self):
        def size():
            return sum(path.stat().st_blocks * 512 for path in self.course.root.rglob("*") if path.is_file())

        self.course.write(self.FLOOD)
        session = self.session()
        session.wait_for("prints without end")
        status = pathlib.Path(f"/proc/{session.pid}/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0])  # kB
        self.assertLess(peak, 100_000)
        before = size()
        session.press("r")
        session.wait_for("checking again")
        session.wait_for(lambda shown: "checking again" not in shown)
        self.assertLess(size() - before, 1_000_000)
        self.quit(session)

    def test_a_flood_without_line_ends_is_cut_off_too(self):
        shown = self.run_stage(INCLUDES + 'int answer() {\n  for (;;) std::fputs("on and on ", stdout);\n}\n')
        self.assert_has(shown, "prints without end")
        self.assertLess(len(shown), 4000)

    def test_the_full_text_of_a_flood_can_be_looked_through(self):
        self.course.write(self.FLOOD)
        session = self.session()
        session.wait_for("prints without end")
        session.press("e")
        session.wait_for("again and again and again")
        session.press("G")
        session.press("g")
        session.wait_for("address.test")
        session.press("q")
        session.wait_for("q quit")
        self.quit(session)

    # --- What else a program may do ---

    def test_processes_left_behind_are_named_and_ended(self):
        for text in ("if (fork() == 0) for (;;) pause();",
                     "if (fork() == 0) { setsid(); if (fork() == 0) for (;;) pause(); for (;;) pause(); }"):
            with self.subTest(text=text):
                self.course.write(INCLUDES + f"int answer() {{\n  static bool once = false;\n  if (!once) {{\n"
                                  f"    once = true;\n    {text}\n  }}\n  return 42;\n}}\n")
                code, shown, _ = self.course.run("run", "1")
                self.assertEqual(code, 0, shown)
                self.assert_has(shown, "Left running, and ended by the runner", "pid")
                self.course.marked.wait_until_gone()

    def test_escape_sequences_in_the_output_do_not_reach_the_terminal(self):
        self.course.write(INCLUDES + 'int answer() {\n  std::puts("\\033[2J\\033]0;title\\007\\033[31mred\\r\\b\\x9b");\n'
                          "  std::fflush(stdout);\n  std::abort();\n}\n")
        session = self.session(NO_COLOR=1)
        session.wait_for("SIGABRT")
        session.press("e")
        session.wait_for("red")
        self.assertNotIn(b"title\x07", session.received)
        self.assertNotIn(b"\033[31m", session.received)
        self.assertEqual(session.received.count(b"\033[2J"), 1)  # the runner's own, at the start
        session.press("q")
        session.wait_for("q quit")
        self.quit(session)

    def test_a_lesson_that_cannot_be_read_does_not_stop_the_learner(self):
        lesson = self.course.root / "docs" / "01_first_answer.md"
        for spoil in (lambda: lesson.write_text("no lesson at all\n"), lambda: lesson.write_bytes(b"\xff\xfe\x00#"),
                      lesson.unlink):
            with self.subTest():
                fixture_course.restore(self.course.root)
                spoil()
                session = self.session()
                session.wait_for("1 of 3 tests fails")
                self.assertIn("docs/01_first_answer.md", session.screen)
                session.press("h")
                session.wait_for("This stage has no hints")
                self.course.write(fixture_course.RIGHT)
                session.wait_for("✓ passes")
                self.quit(session)
                code, shown, errors = self.course.run("run", "1")
                self.assertEqual(code, 0)
                self.assertIn("✓ passes", shown)
                self.assertIn("docs/01_first_answer.md", errors)

    def test_what_is_wrong_with_the_build_itself_is_not_blamed_on_the_learner(self):
        build = self.course.root / "meson.build"
        kept = build.read_text()
        self.addCleanup(build.write_text, kept)
        build.write_text(kept.replace("project('serverlings'", "project('serverlings' oops"))
        code, shown, _ = self.course.run("run", "1")
        self.assertEqual(code, 2)
        self.assert_has(shown, "cannot build", "not your doing", "meson.build:1")


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
