"""The commands in surroundings that are not as they should be, or not the usual ones."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

import fixture_course
import tap
from learner import CANNOT, FAILS, FIXTURES, PASSES, CommandTest
from pseudo_terminal import GUARD, LEARN, columns_of


class Surroundings(CommandTest):
    # --- The progress file ---

    def test_a_damaged_progress_file_is_kept_aside_and_costs_only_the_marks(self):
        path = self.course.root / ".learn" / "progress"
        self.course.write(fixture_course.RIGHT)
        for damage in (b"\x00\xff\x00garbage\n" * 50, b"current\n01_first_answer done yesterday\n"):
            with self.subTest(damage=damage):
                path.write_bytes(damage)
                self.assert_has(self.learn("list"), "progress", "damaged", "01_first_answer")
                kept = [each for each in path.parent.glob("progress.*") if each.read_bytes() == damage]
                self.assertEqual(len(kept), 1)
                self.assert_has(self.learn("list", "--check"), "✓ 01_first_answer")

    def test_a_progress_file_that_cannot_be_read_stops_nobody(self):
        (self.course.root / ".learn" / "progress").mkdir()
        self.addCleanup(shutil.rmtree, self.course.root / ".learn" / "progress", True)
        self.assert_has(self.learn("run", "1", code=FAILS), "the answer is 42")
        self.assert_has(self.learn("list"), "01_first_answer")

    def as_somebody_else(self, *words):
        """Runs a command without the right to write in the course."""
        change = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        folders = [self.course.root / ".learn", *(self.course.root / ".learn").rglob("*")]
        if os.geteuid() != 0:
            for folder in folders:
                folder.chmod(folder.stat().st_mode & ~0o222)
        pathlib.Path(self.folder).chmod(0o755)
        try:
            done = subprocess.run([LEARN, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=GUARD,
                                  cwd=self.course.root, env=self.course.environment(), check=False, **change)
        except PermissionError:
            raise unittest.SkipTest("the runner lies where nobody else may look") from None
        finally:
            if os.geteuid() != 0:
                for folder in folders:
                    folder.chmod(folder.stat().st_mode | 0o200)
        return done.returncode, (done.stdout + done.stderr).decode()

    def test_a_folder_that_cannot_be_written_is_named(self):
        code, shown = self.as_somebody_else("hint", "1")
        self.assertEqual(code, PASSES, shown)
        self.assert_has(shown, "What does the test ask for?", "progress cannot be saved", "Permission denied")
        code, shown = self.as_somebody_else("goto", "2")
        self.assertEqual(code, CANNOT, shown)
        self.assert_has(shown, "Permission denied")
        self.course.write(fixture_course.WRONG)
        code, shown = self.as_somebody_else("run", "1")
        self.assertEqual(code, CANNOT, shown)
        self.assert_has(shown, "cannot build", "Permission denied")

    # --- Other surroundings ---

    def test_a_reader_that_goes_away_is_no_error(self):
        for words in (["list"], ["run", "1"], ["read", "1"], ["diff", "1"], ["--help"], ["doctor"]):
            with self.subTest(words=words):
                process = subprocess.Popen([LEARN, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE, env=self.course.environment())
                process.stdout.close()
                errors = process.stderr.read()
                process.stderr.close()
                self.assertIn(process.wait(GUARD), (0, 1, 128 + signal.SIGPIPE))
                self.assertEqual(errors, b"")

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([LEARN, "list"], stdout=full, stderr=subprocess.PIPE, text=True,
                                  env=self.course.environment(), check=False)
        self.assertEqual(done.returncode, CANNOT)
        self.assertIn("No space left", done.stderr)

    def test_a_closed_standard_input_and_output_do_no_harm(self):
        for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(redirection=redirection):
                done = subprocess.run(["sh", "-c", f'"$0" run 1 {redirection}', LEARN], capture_output=True,
                                      env=self.course.environment(), timeout=GUARD, check=False)
                self.assertIn(done.returncode, (FAILS, CANNOT))
                self.course.marked.wait_until_gone()
        self.assert_has(self.learn("run", "1", code=FAILS), "41 == 42")

    def test_colours_and_links_are_left_out_of_a_pipe(self):
        self.assertNotIn("\033", self.learn("run", "1", code=FAILS, TERM="xterm-256color"))

    def test_in_a_narrow_terminal_every_command_fits(self):
        for words in (["list"], ["run", "1"], ["hint", "1"], ["read", "1"], ["show", "1"], ["reset", "1"]):
            with self.subTest(words=words):
                session = self.session(*words, columns=40)
                session.wait_for_end()
                for line in session.text.splitlines():
                    self.assertLessEqual(columns_of(line.rpartition("\r")[2]), 40, line)

    def test_stages_may_stand_on_the_learners_own_files(self):
        fixture_course.build_on_ones_own(self.course.root)
        self.course.write('#include "twice.hpp"\nint answer() {\n  return twice(22);\n}\n', stage="02_second_answer")
        self.learn("run", "2")
        self.course.write("#pragma once\ninline int twice(int) {\n  return 1;\n}\n", "twice.hpp", "02_second_answer")
        self.learn("run", "2", code=FAILS)
        self.course.write("int word() {\n  return 23;\n}\n", "word.cpp", "03_last_word")
        self.learn("run", "3")
        self.assert_has(self.learn("--base", "mine", "run", "3", code=FAILS), "1 == 46")

    @unittest.skipUnless(shutil.which("clang++"), "clang++ is not here")
    def test_another_compiler_can_be_chosen(self):
        fixture_course.build_with("clang++", FIXTURES / "course", self.course.root, LEARN)
        self.course.write("int answer() {\n  return fourty_two;\n}\n")
        self.assert_has(self.learn("--compiler", "clang++", "run", "1", code=FAILS),
                        "answer.cpp:2:10: error: use of undeclared identifier 'fourty_two'",
                        "→ The compiler has not seen this name yet.")
        self.course.write(fixture_course.RIGHT)
        self.assertRegex(self.learn("--compiler", "clang++", "run", "1"), r"✓ passes: 3 tests .*\(clang \d+")

    def test_two_runners_at_the_same_time_do_each_other_no_harm(self):
        for round in range(3):
            self.course.write(f"// {round}\n" + fixture_course.RIGHT)
            runners = [subprocess.Popen([LEARN, "run", "1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=self.course.environment())
                       for _ in range(4)]
            for runner in runners:
                shown = runner.communicate(timeout=GUARD)[0]
                self.assertEqual(runner.returncode, PASSES, shown)
                self.assertIn("✓ passes", shown)

    # --- What the learner's shell exports ---

    def test_a_library_that_the_shell_preloads_does_not_reach_the_tests(self):
        libraries = subprocess.run(["ldd", LEARN], capture_output=True, text=True, check=True).stdout
        preloaded = next(line.split()[2] for line in libraries.splitlines() if "libuv" in line)
        self.course.write(fixture_course.RIGHT)
        self.assert_has(self.learn("run", "1", LD_PRELOAD=preloaded), "✓ passes")

    def test_search_paths_and_languages_do_not_reach_the_compiler(self):
        (self.folder / "headers").mkdir(exist_ok=True)
        (self.folder / "headers" / "version").write_text('#error "not the course\'s"\n')
        headers = self.folder / "headers"
        self.course.write("#include <version>\n" + fixture_course.RIGHT)
        for variable in ("CPATH", "CPLUS_INCLUDE_PATH"):
            with self.subTest(variable):
                os.utime(self.course.file())
                self.assert_has(self.learn("run", "1", **{variable: headers}), "✓ passes")
        self.course.write("int answer() {\n  return fourty_two;\n}\n")
        self.assert_has(self.learn("run", "1", code=FAILS, LANGUAGE="de", LC_ALL="de_DE.UTF-8", GCC_COLORS="error=31"),
                        "error: 'fourty_two' was not declared in this scope")

    def test_programs_start_with_what_they_need_and_no_more(self):
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        seen = self.folder / "environment"
        (tools / "ninja").write_text(f'#!/bin/sh\nenv >"{seen}"\nexec {shutil.which("ninja")} "$@"\n')
        (tools / "ninja").chmod(0o755)
        given = {"PATH": f"{tools}:{os.environ['PATH']}", "CXXFLAGS": "-std=c++17", "LDFLAGS": "-none",
                 "ASAN_OPTIONS": "help=1", "TSAN_OPTIONS": "help=1", "LD_AUDIT": "none", "MALLOC_PERTURB_": "1",
                 "NINJA_STATUS": "?", "MAKEFLAGS": "-j1", "GLIBC_TUNABLES": "x", "CXX": "c++ -m32", "LANG": "de",
                 "TMPDIR": "/tmp", "https_proxy": "http://127.0.0.1:1"}
        self.learn("run", "1", code=FAILS, **given)
        names = {line.partition("=")[0]: line.partition("=")[2] for line in seen.read_text().splitlines()}
        for kept in ("PATH", "HOME", "TERM", "TMPDIR", "https_proxy"):
            if kept in given or kept in os.environ:
                self.assertIn(kept, names)
        for dropped in given.keys() - {"PATH", "TMPDIR", "https_proxy", "ASAN_OPTIONS", "TSAN_OPTIONS"}:
            self.assertNotIn(dropped, names)
        self.assertNotIn("help=1", names["ASAN_OPTIONS"] + names["TSAN_OPTIONS"])
        self.assertEqual(names["LC_ALL"], "C")

    def test_from_a_folder_below_the_course_is_found(self):
        done = subprocess.run([LEARN, "list"], capture_output=True, text=True, check=False,
                              cwd=self.course.root / "steps" / "01_first_answer",
                              env=self.course.environment(SERVERLINGS_ROOT=None))
        self.assertEqual(done.returncode, PASSES, done.stderr)
        done = subprocess.run([LEARN, "list"], capture_output=True, text=True, check=False, cwd="/",
                              env=self.course.environment(SERVERLINGS_ROOT=None))
        self.assertEqual(done.returncode, CANNOT)
        self.assertIn("./learn", done.stderr)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
