"""The commands without a terminal: complete on their own, plain text, and an exit code that tells what came of it."""

import os
import re
import shutil
import sys

import fixture_course
import tap
from learner import CANNOT, FAILS, CommandTest
from pseudo_terminal import columns_of


class Commands(CommandTest):
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

    # --- Files that keep an old time ---

    def put_back(self, text, age, name="answer.cpp", stage="01_first_answer"):
        """As mv, cp -p, unzip and rsync do: the file has the time that it was written at."""
        then = self.course.file("answer.cpp", "01_first_answer").stat().st_mtime_ns - age * 10**9
        kept = self.folder / "kept"
        kept.write_text(text)
        os.utime(kept, ns=(then, then))
        kept.rename(self.course.file(name, stage))

    def test_an_older_version_that_is_put_back_is_compiled(self):
        for age in (3600, 1, 0):
            with self.subTest(age=age):
                self.course.write(fixture_course.RIGHT)
                self.learn("run", "1")
                self.put_back(fixture_course.WRONG, age)
                self.assert_has(self.learn("run", "1", code=FAILS), "7 == 42")
                self.put_back(fixture_course.RIGHT, 2 * age)
                self.learn("run", "1")

    def test_an_older_version_is_compiled_also_after_one_that_does_not_compile(self):
        self.course.write(fixture_course.RIGHT)
        self.learn("run", "1")
        self.course.write("int answer() {\n  return forty_two;\n}\n")
        self.learn("run", "1", code=FAILS)
        self.put_back("int answer() {\n  return forty_two;\n}\n", 3600)
        self.assert_has(self.learn("run", "1", code=FAILS), "forty_two")
        self.put_back(fixture_course.WRONG, 7200)
        self.assert_has(self.learn("run", "1", code=FAILS), "7 == 42")

    def test_what_has_not_changed_is_not_compiled_again(self):
        self.course.write(fixture_course.RIGHT)
        self.learn("run", "1")
        objects = sorted((self.course.root / ".learn" / "build").rglob("*01_first_answer*.o"))
        before = [each.stat().st_mtime_ns for each in objects]
        self.learn("run", "1")
        self.assertEqual([each.stat().st_mtime_ns for each in objects], before)
        os.utime(self.course.file("main.cpp"))  # a save compiles what it concerns, and no more
        self.learn("run", "1")
        compiled = [each.name for each, time in zip(objects, before) if each.stat().st_mtime_ns != time]
        self.assertEqual(compiled, ["steps_01_first_answer_main.cpp.o"])

    def test_an_old_header_that_hides_another_one_is_compiled(self):
        self.course.write('#include "twice.hpp"\nint word();\nint answer() {\n  return twice(word());\n}\n',
                          stage="03_last_word")
        self.course.write("int word() {\n  return 23;\n}\n", "word.cpp", "03_last_word")
        self.learn("run", "3")
        self.put_back("#pragma once\ninline int twice(int) {\n  return 5;\n}\n", 3600, "twice.hpp", "03_last_word")
        self.assert_has(self.learn("run", "3", code=FAILS), "5 == 46")
        self.course.file("twice.hpp", "03_last_word").unlink()
        self.learn("run", "3")

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

    def test_the_list_shows_parts_and_what_each_stage_is_about(self):
        shown = self.learn("list")
        self.assertRegex(shown, r"(?m)^Part 1, one thread\n  · 01_first_answer\n      numbers, and `return`\n"
                                r"  · 02_second_answer\n\nPart 2, words\n  · 03_last_word\n"
                                r"      a function without a body$")

    def test_a_stage_that_passes_is_where_the_next_start_goes_on(self):
        self.learn("goto", "1")
        self.course.write('#include "twice.hpp"\nint answer() {\n  return twice(22);\n}\n', stage="02_second_answer")
        self.learn("run", "2")
        self.assert_has(self.learn(), "Stage 2 of 3")
        self.learn("run", "1", code=FAILS)  # a look at an older one that fails, or has passed before
        self.assert_has(self.learn(), "Stage 2 of 3")
        self.course.write(fixture_course.RIGHT)
        self.learn("run", "1")
        self.learn("run", "2")
        self.assert_has(self.learn(), "Stage 2 of 3")
        self.learn("run", "1")
        self.assert_has(self.learn(), "Stage 2 of 3")

    def test_diff_given_shows_what_the_stage_brought(self):
        shown = self.learn("diff", "2", "--given")
        self.assert_has(shown, "--- solutions/01_first_answer/answer.cpp", "+++ steps/02_second_answer/answer.cpp",
                        "-  return 42;", "+  // TODO: half of it.", "+  return twice(hafl);", "--- /dev/null",
                        "+++ steps/02_second_answer/twice.hpp", "+inline int twice(int n) {")
        self.assertNotIn("Stage 02", shown)
        self.course.write("int answer();\n", stage="02_second_answer")  # the learner's edits are not part of it
        self.assertEqual(self.learn("diff", "2", "--given"), shown)
        self.assert_has(self.learn("diff", "1", "--given"), "--- /dev/null", "+++ steps/01_first_answer/main.cpp")

    # --- base ---

    def test_the_last_stage_of_a_part_offers_to_stand_on_ones_own_files(self):
        self.course.write(fixture_course.RIGHT)
        self.assertNotIn("base mine", self.learn("run", "1"))
        self.course.write('#include "twice.hpp"\nint answer() {\n  return twice(22);\n}\n', stage="02_second_answer")
        self.assert_has(self.learn("run", "2"), "last stage of this part", "./learn base mine", "./learn base solutions")

    def test_the_base_is_remembered_shown_and_undone(self):
        fixture_course.build_on_ones_own(self.course.root)
        self.assert_has(self.learn("base"), "on our solutions", "./learn base mine")
        self.assertNotIn("your own files", self.learn("list"))
        self.assert_has(self.learn("base", "mine"), "your own files in steps/", "./learn base solutions undoes")
        self.assert_has(self.learn("base"), "on your own files", "./learn base solutions")
        self.assert_has(self.learn("list"), "Stages stand on your own files: ./learn base solutions takes ours.")
        self.assertRegex(self.learn("show", "3"), r"twice\.hpp +steps/02_second_answer")
        self.assertRegex(self.learn("--base", "solutions", "show", "3"), r"twice\.hpp +solutions/02_second_answer")
        self.course.write("#pragma once\ninline int twice(int n) {\n  return n;\n}\n", "twice.hpp",
                          "02_second_answer")
        self.course.write("int word() {\n  return 23;\n}\n", "word.cpp", "03_last_word")
        self.assert_has(self.learn("run", "3", code=FAILS), "23 == 46",
                        "Stages stand on your own files, and 01_first_answer, 02_second_answer are not done.",
                        "./learn base solutions takes ours.")
        self.assert_has(self.learn("base", "solutions"), "our solutions again")
        self.learn("run", "3")
        self.assert_has(self.learn("base", "theirs", code=CANNOT), "theirs")

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


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
