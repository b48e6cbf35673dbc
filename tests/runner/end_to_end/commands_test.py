"""The commands without a terminal: complete on their own, plain text, and an exit code that tells what came of it."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import fixture_course
import tap
from learner import FIXTURES, GUARD, LEARN, LearnerTest, columns_of

PASSES, FAILS, CANNOT = 0, 1, 2


class Commands(LearnerTest):
    def learn(self, *words, code=0, **environment):
        """What a command prints; it must exit with this code, and print plain text of at most 80 columns."""
        got, shown, errors = self.course.run(*words, **environment)
        self.assertEqual(got, code, shown + errors)
        self.assertNotRegex(shown + errors, r"[\x00-\x09\x0b-\x1f\x7f]")
        return shown + errors

    def assert_has(self, shown, *parts):
        flowing = " ".join(shown.split())
        for part in parts:
            self.assertTrue(part in shown or part in flowing, f"{part!r} is missing in:\n{shown}")

    # --- run ---

    def test_run_tells_what_fails_and_exits_with_1(self):
        shown = self.learn("run", "1", code=FAILS)
        self.assert_has(shown, "Stage 1 of 3: first answer", "broken on purpose", "the answer is 42",
                        "Edit  steps/01_first_answer/answer.cpp", "./learn hint 01", "./learn diff 01")
        self.assertLessEqual(max(map(columns_of, shown.splitlines())), 80)

    def test_run_tells_that_it_passes_and_exits_with_0(self):
        self.course.write(fixture_course.RIGHT)
        shown = self.learn("run", "1")
        self.assert_has(shown, "✓ passes: 3 tests under AddressSanitizer and UBSan (gcc", "./learn diff 01")
        self.assert_has(self.learn("list"), "✓ 01_first_answer")

    def test_without_a_command_and_a_terminal_the_current_stage_is_checked_once(self):
        self.assert_has(self.learn(code=FAILS), "Stage 1 of 3")
        self.learn("goto", "2")
        self.assert_has(self.learn(code=FAILS), "Stage 2 of 3")

    def test_run_says_where_the_time_went(self):
        self.assertRegex(self.learn("run", "1", "--timings", code=FAILS), r"build \d+ ms, tests \d+ ms, runner \d+ ms")

    # --- Names of stages ---

    def test_a_stage_is_known_by_its_number_or_a_part_of_its_name(self):
        for name in ("2", "02", "second", "second_answer", "02_second_answer", "steps/02_second_answer/", "second answer"):
            self.assert_has(self.learn("show", name), "Stage 02_second_answer")

    def test_an_unknown_stage_gets_a_suggestion_and_exits_with_2(self):
        self.assert_has(self.learn("run", "secnd_answer", code=CANNOT), "no stage 'secnd_answer'", "did you mean",
                        "second_answer")
        for name in ("17", "0", "-", "x" * 300, "1.", "٣", "../.."):
            with self.subTest(name=name):
                self.assert_has(self.learn("run", "--", name, code=CANNOT), f"no stage '{name}'")

    def test_an_ambiguous_name_lists_the_stages_it_could_be(self):
        self.assert_has(self.learn("run", "answer", code=CANNOT), "01_first_answer, 02_second_answer")

    # --- Wrong usage ---

    def test_unknown_words_and_options_exit_with_2_and_say_what_is_wrong(self):
        for words, part in ((["--oops"], "--oops"), (["oops"], "oops"), (["run", "1", "--oops"], "--oops"),
                            (["run", "1", "2"], "2"), (["goto"], "STAGE"), (["export", "1"], "FOLDER"),
                            (["serve", "--port", "99999"], "99999"), (["--base", "theirs", "run"], "theirs"),
                            (["--compiler", "no-such-c++", "run", "1"], "no-such-c++")):
            with self.subTest(words=words):
                self.assert_has(self.learn(*words, code=CANNOT), part)

    def test_help_names_every_command(self):
        shown = self.learn("--help")
        self.assert_has(shown, "run", "list", "hint", "diff", "show", "read", "goto", "reset", "serve", "export",
                        "verify", "doctor", "--compiler", "--base")
        for command in ("run", "hint", "export", "reset", "serve"):
            self.assert_has(self.learn(command, "--help"), "STAGE")

    # --- hint, diff, read, show, list, goto ---

    def test_hints_come_one_by_one(self):
        shown = self.learn("hint", "1")
        self.assert_has(shown, "Hint 1: a nudge", "What does the test ask for?", "Hint 1 of 3")
        self.assertNotIn("A number.", shown)
        self.assert_has(self.learn("hint", "1"), "What does the test ask for?", "A number.", "Hint 2 of 3")
        self.learn("hint", "1")
        self.assert_has(self.learn("hint", "1"), "return 42;", "last hint", "./learn diff 01")
        self.assert_has(self.learn("hint", "2", "--all"), "What does the test ask for?", "return 44;")

    def test_diff_compares_with_the_solution_and_leaves_marks_out(self):
        shown = self.learn("diff", "1")
        self.assert_has(shown, "--- steps/01_first_answer/answer.cpp", "+++ solutions/01_first_answer/answer.cpp",
                        "-  return 41;", "+  return 42;")
        for part in ("TODO", "Stage 01", "main.cpp"):
            self.assertNotIn(part, shown)
        self.course.write(fixture_course.RIGHT)
        self.assert_has(self.learn("diff", "1"), "the same")

    def test_read_prints_the_lesson_without_its_hints(self):
        shown = self.learn("read", "1")
        self.assert_has(shown, "First answer", "Answer 42.", "Calculators.")
        self.assertNotIn("return 42", shown)
        self.assert_has(self.learn("read", "1", "--hints"), "return 42")

    def test_show_tells_where_each_file_comes_from(self):
        shown = self.learn("show", "3")
        self.assertRegex(shown, r"answer\.cpp +steps/03_last_word +\(yours\)")
        self.assertRegex(shown, r"twice\.hpp +solutions/02_second_answer")
        self.assertRegex(shown, r"main\.cpp +solutions/01_first_answer")
        self.assert_has(shown, "tests/03_last_word.cpp", "docs/03_last_word.md")
        self.assertRegex(self.learn("--base", "mine", "show", "3"), r"main\.cpp +steps/01_first_answer")

    def test_goto_is_where_the_next_start_goes_on(self):
        self.assert_has(self.learn("goto", "last"), "03_last_word")
        self.assertRegex(self.learn("list"), r"→ · 03_last_word +you are here")
        self.assert_has(self.learn("hint"), "Hint 1")
        self.assert_has(self.learn("show"), "Stage 03_last_word")

    def test_list_check_marks_what_passes_and_unmarks_what_does_not(self):
        self.course.write(fixture_course.RIGHT)
        self.assert_has(self.learn("list", "--check"), "✓ 01_first_answer", "· 02_second_answer")
        self.course.write(fixture_course.WRONG)
        shown = self.learn("list", "--check", code=FAILS)
        self.assert_has(shown, "01_first_answer was done, and no longer passes: compiles; 1 of 3 tests fails",
                        "· 01_first_answer")

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

    # --- reset ---

    def test_reset_keeps_the_learners_version_and_undo_brings_it_back(self):
        mine = "int answer() {\n  return 13;\n}\n"
        self.course.write(mine)
        self.assert_has(self.learn("reset", "1", code=CANNOT), "--yes")
        self.assertEqual(self.course.file().read_text(), mine)
        shown = self.learn("reset", "1", "--yes")
        kept = self.course.root / re.search(r"kept as (\S+)", shown).group(1)
        self.assertEqual(kept.read_text(), mine)
        self.assertIn("TODO", self.course.file().read_text())
        self.assert_has(shown, "./learn reset 01 --undo")
        self.learn("reset", "1", "--undo")
        self.assertEqual(self.course.file().read_text(), mine)
        self.assert_has(self.learn("run", "1", code=FAILS), "13 == 42")

    def test_reset_brings_deleted_files_back(self):
        shutil.rmtree(self.course.file().parent)
        self.learn("reset", "1", "--yes")
        self.assert_has(self.learn("run", "1", code=FAILS), "41 == 42")

    def test_reset_of_what_was_not_touched_changes_nothing(self):
        self.assert_has(self.learn("reset", "1"), "nothing to reset")

    def test_reset_asks_first_and_ctrl_c_at_the_question_changes_nothing(self):
        mine = "int answer() {\n  return 13;\n}\n"
        for answer, code in (("n\n", 1), ("\n", 1), ("\x04", 1), ("\x03", 130), ("y\n", 0)):
            with self.subTest(answer=answer):
                self.course.write(mine)
                session = self.session("reset", "1")
                session.wait_for("[y/N]", plainly=True)
                session.press(answer)
                self.assertEqual(session.wait_for_end(), code)
                self.assertEqual(self.course.file().read_text() == mine, code != 0)

    # --- serve ---

    def serve(self, *words):
        process = subprocess.Popen([LEARN, "serve", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env=self.course.environment(), text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        shown = ""
        while "listening on" not in shown:
            line = process.stdout.readline()
            if not line:
                self.fail(f"serve ended: {shown}")
            shown += line
        return process, int(re.search(r"listening on http://127\.0\.0\.1:(\d+)/", shown).group(1)), shown

    def fetch(self, port):
        with socket.create_connection(("127.0.0.1", port), timeout=GUARD) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            answer = b""
            while piece := client.recv(4096):
                answer += piece
        return answer.decode()

    def test_serve_starts_the_learners_server_and_ends_with_it(self):
        for words, page in ((["1", "--port", "0"], "41"), (["1", "--port", "0", "--solution"], "42")):
            for number in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(words=words, signal=number.name):
                    process, port, _ = self.serve(*words)
                    self.assertIn(page, self.fetch(port))
                    process.send_signal(number)
                    process.wait(GUARD)
                    self.course.marked.wait_until_gone()
                    with self.assertRaises(OSError):
                        self.fetch(port)

    def test_serve_takes_another_port_when_the_wanted_one_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            wanted = other.getsockname()[1]
            process, port, shown = self.serve("1", "--port", str(wanted))
            self.assertNotEqual(port, wanted)
            self.assert_has(shown, f"Port {wanted} is taken")
            process.terminate()
            process.wait(GUARD)

    def test_serve_of_what_does_not_compile_says_why(self):
        self.assert_has(self.learn("serve", "2", code=FAILS), "does not compile", "serve 02 --solution")

    def test_serve_tells_when_the_server_ends_by_itself(self):
        self.course.write("int main() { return 3; }\n", "main.cpp")
        self.assert_has(self.learn("serve", "1", "--port", "0", code=FAILS), "The server has ended with exit code 3.")
        self.course.write("int main() { int* p = nullptr; return *p; }\n", "main.cpp")
        self.assert_has(self.learn("serve", "1", "--port", "0", code=FAILS), "main.cpp:1", "The server has ended with exit code 1.")

    # --- export ---

    def test_an_exported_stage_is_a_project_of_its_own(self):
        for number, (words, page) in enumerate(((["1"], "41"), (["1", "--solution"], "42"), (["3", "--solution"], "46"))):
            with self.subTest(words=words):
                target = self.folder / f"exported {number}"
                self.learn("export", words[0], target, *words[1:])
                build = target / "build"
                for command in (["meson", "setup", build, target], ["ninja", "-C", build]):
                    done = subprocess.run(command, capture_output=True, text=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                server = subprocess.Popen([build / "server", "0"], stdout=subprocess.PIPE, text=True,
                                          cwd=target / "site")
                self.addCleanup(server.stdout.close)
                self.addCleanup(server.wait)
                self.addCleanup(server.kill)
                port = int(re.search(r":(\d+)/", server.stdout.readline()).group(1))
                self.assertIn(page, self.fetch(port))
                server.kill()
                for path in target.rglob("*"):
                    if path.suffix in (".cpp", ".hpp", ".md"):
                        self.assertNotIn("docs/", path.read_text(), path)

    def test_an_export_overwrites_nothing(self):
        target = self.folder / "taken"
        target.mkdir()
        (target / "mine.txt").write_text("mine")
        self.assert_has(self.learn("export", "1", target, code=CANNOT), "not empty")
        self.assert_has(self.learn("export", "1", target / "mine.txt", code=CANNOT), "mine.txt")
        self.assertEqual(os.listdir(target), ["mine.txt"])

    # --- doctor ---

    def test_doctor_says_what_is_there(self):
        shown = self.learn("doctor")
        self.assert_has(shown, "meson", "ninja", "AddressSanitizer", "The course can be worked through")

    def test_doctor_says_what_is_missing_what_it_costs_and_how_to_install_it(self):
        tools = self.folder / "few tools"
        tools.mkdir()
        for tool in ("meson", "ninja", "git", "diff", "c++", "g++", "gcc", "as", "ld", "sh", "python3", "pkg-config"):
            if path := shutil.which(tool):
                (tools / tool).symlink_to(path)
        manager = tools / "apt-get"
        manager.write_text("#!/bin/sh\n")
        manager.chmod(0o755)
        shown = self.learn("doctor", PATH=tools)
        self.assert_has(shown, "gdb missing; without it: a hang is stopped, and not explained",
                        "apt-get install --yes gdb clang curl")
        (tools / "git").unlink()
        shown = self.learn("doctor", code=CANNOT, PATH=tools)
        self.assert_has(shown, "✗ git", "The course needs what is marked ✗")

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
