"""Watch mode sees every kind of save, shows what belongs to the last one, and rests in between."""

import os
import shutil
import sys
import time

import fixture_course
import tap
from learner import LearnerTest, wait_until

FAILS = "1 of 3 tests fails"
PASSES = "✓ passes"
BROKEN = "int answer() {\n  return 42\n}\n"


class Saves(LearnerTest):
    def started(self, **options):
        session = self.session(**options)
        session.wait_for(FAILS)
        return session

    def write_in_place(self, path, text):
        path.write_text(text)

    def rename_over(self, path, text):
        beside = path.with_name("4913~")
        beside.write_text(text)
        beside.rename(path)

    def delete_and_make_again(self, path, text):
        path.unlink()
        path.write_text(text)

    def keep_a_copy_and_make_again(self, path, text):
        path.rename(path.with_name(path.name + "~"))
        path.write_text(text)

    def write_piece_by_piece(self, path, text):
        with path.open("w") as file:
            for letter in text:
                file.write(letter)
                file.flush()

    def make_the_folder_again(self, path, text):
        shutil.copytree(path.parent, self.folder / "copy", dirs_exist_ok=True)
        shutil.rmtree(path.parent)
        shutil.copytree(self.folder / "copy", path.parent)
        path.write_text(text)

    def make_the_folder_again_slowly(self, path, text):
        others = {each.name: each.read_text() for each in path.parent.iterdir()}
        shutil.rmtree(path.parent)
        self.watching.wait_for("steps/01_first_answer")
        self.watching.wait_for(lambda shown: "cannot build" in shown or "error" in shown)
        path.parent.mkdir()
        for name, content in others.items():
            (path.parent / name).write_text(content)
        path.write_text(text)

    def put_another_folder_in_its_place(self, path, text):
        other = path.parent.with_name("other")
        shutil.copytree(path.parent, other)
        (other / path.name).write_text(text)
        path.parent.rename(self.folder / "old")
        other.rename(path.parent)
        shutil.rmtree(self.folder / "old")

    def put_all_steps_in_their_place(self, path, text):
        steps = path.parent.parent
        other = steps.with_name("other")
        shutil.copytree(steps, other)
        (other / path.parent.name / path.name).write_text(text)
        steps.rename(self.folder / "old")
        other.rename(steps)
        shutil.rmtree(self.folder / "old")

    KINDS = (write_in_place, rename_over, delete_and_make_again, keep_a_copy_and_make_again, write_piece_by_piece,
             make_the_folder_again, make_the_folder_again_slowly, put_another_folder_in_its_place,
             put_all_steps_in_their_place)

    def each_kind(self, **options):
        self.watching = session = self.started(**options)
        for kind in self.KINDS:
            for text, seen in ((fixture_course.RIGHT, PASSES), (BROKEN, "expected ';'"), (fixture_course.WRONG, FAILS)):
                with self.subTest(kind=kind.__name__, seen=seen):
                    kind(self, self.course.file(), text)
                    session.wait_for(lambda shown: seen in shown and "checking again" not in shown)
        self.quit(session)

    def test_every_kind_of_save_is_seen(self):
        self.each_kind()

    def test_a_file_with_an_old_time_is_seen_and_compiled(self):
        self.course.write(fixture_course.RIGHT)
        session = self.session()
        session.wait_for(PASSES)
        kept = self.folder / "kept"
        kept.write_text(fixture_course.WRONG)
        os.utime(kept, (time.time() - 3600, time.time() - 3600))
        kept.rename(self.course.file())
        session.wait_for(FAILS)
        self.quit(session)

    def test_a_link_is_watched_where_it_leads(self):
        elsewhere = self.folder / "elsewhere" / "deep"
        elsewhere.mkdir(parents=True)
        self.addCleanup(shutil.rmtree, elsewhere.parent)
        real, between = elsewhere / "real.cpp", self.folder / "elsewhere" / "between.cpp"
        real.write_text(fixture_course.RIGHT)
        between.symlink_to(real)
        self.course.file().unlink()
        self.course.file().symlink_to(between)
        session = self.session()
        session.wait_for(PASSES)
        real.write_text(fixture_course.WRONG)
        session.wait_for(FAILS)
        self.rename_over(real, fixture_course.RIGHT)
        session.wait_for(lambda shown: PASSES in shown and "checking again" not in shown)
        # Another link in the place of the one in between: then what the new one leads to is watched.
        other = self.folder / "other.cpp"
        other.write_text(fixture_course.WRONG)
        between.unlink()
        between.symlink_to(other)
        session.wait_for(FAILS)
        other.write_text(fixture_course.RIGHT)
        session.wait_for(lambda shown: PASSES in shown and "checking again" not in shown)
        self.quit(session)

    def test_a_folder_that_is_a_link_is_watched_where_it_leads(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        self.addCleanup(shutil.rmtree, elsewhere)
        steps = self.course.file().parent
        shutil.copytree(steps, elsewhere / "stage")
        shutil.rmtree(steps)
        steps.symlink_to(elsewhere / "stage")
        session = self.started()
        (elsewhere / "stage" / "answer.cpp").write_text(fixture_course.RIGHT)
        session.wait_for(PASSES)
        self.rename_over(elsewhere / "stage" / "answer.cpp", fixture_course.WRONG)
        session.wait_for(lambda shown: FAILS in shown and "checking again" not in shown)
        self.quit(session)

    def test_without_file_events_it_looks_twice_a_second_and_says_so(self):
        session = self.started(SERVERLINGS_POLL=1)
        self.assertIn("looking twice a second", session.screen)
        for kind in (Saves.write_in_place, Saves.rename_over, Saves.put_another_folder_in_its_place):
            for text, seen in ((fixture_course.RIGHT, PASSES), (fixture_course.WRONG, FAILS)):
                kind(self, self.course.file(), text)
                session.wait_for(lambda shown: seen in shown and "checking again" not in shown)
        self.quit(session)

    def test_a_deleted_file_is_missed_and_seen_again(self):
        session = self.started()
        self.course.file().unlink()
        session.wait_for(lambda shown: "answer.cpp" in shown and FAILS not in shown)
        self.course.write(fixture_course.RIGHT)
        session.wait_for(PASSES)
        self.quit(session)

    def test_a_new_file_is_seen(self):
        self.course.file().unlink()
        session = self.session()
        session.wait_for("✗")
        self.course.write(fixture_course.RIGHT)
        session.wait_for(PASSES)
        self.quit(session)

    def test_a_file_of_the_stage_before_is_watched_when_one_builds_on_ones_own(self):
        self.course.write(fixture_course.RIGHT)
        self.course.write('#include "twice.hpp"\nint answer() {\n  return twice(22);\n}\n', stage="02_second_answer")
        self.course.write('#include "twice.hpp"\nint word();\nint answer() {\n  return twice(word());\n}\n',
                          stage="03_last_word")
        self.course.write("int word() {\n  return 23;\n}\n", "word.cpp", "03_last_word")
        self.course.run("goto", "3")
        fixture_course.build_on_ones_own(self.course.root)
        session = self.session("--base", "mine")
        session.wait_for(PASSES)
        self.course.write("#pragma once\ninline int twice(int n) {\n  return n;\n}\n", "twice.hpp", "02_second_answer")
        session.wait_for(lambda shown: FAILS in shown and "23 == 46" in shown)
        self.quit(session)

    def test_a_change_of_the_base_in_another_terminal_is_seen(self):
        self.course.write('#include "twice.hpp"\nint word();\nint answer() {\n  return twice(word());\n}\n',
                          stage="03_last_word")
        self.course.write("int word() {\n  return 23;\n}\n", "word.cpp", "03_last_word")
        self.course.write("#pragma once\ninline int twice(int n) {\n  return n;\n}\n", "twice.hpp", "02_second_answer")
        self.course.run("goto", "3")
        fixture_course.build_on_ones_own(self.course.root)
        session = self.session()
        session.wait_for(PASSES)
        self.assertEqual(self.course.run("base", "mine")[0], 0)
        session.wait_for(lambda shown: "23 == 46" in shown and "stand on your own files" in shown)
        # Its files are watched, too.
        self.course.write("#pragma once\ninline int twice(int n) {\n  return 2 * n;\n}\n", "twice.hpp",
                          "02_second_answer")
        session.wait_for(lambda shown: PASSES in shown and "checking again" not in shown)
        self.assertEqual(self.course.run("base", "solutions")[0], 0)
        session.wait_for("checking again")
        session.wait_for(lambda shown: PASSES in shown and "checking again" not in shown)
        self.quit(session)

    def test_a_save_during_a_run_starts_a_new_one_and_the_old_result_is_never_shown(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for busy, part in ((f'#include "{pipe}"\n' + fixture_course.WRONG, "cc1plus"),
                           ("#include <unistd.h>\nint answer() {\n  for (;;) pause();\n}\n", "address.test")):
            with self.subTest(part=part):
                fixture_course.restore(self.course.root)
                session = self.started()
                self.course.write(busy)
                wait_until(lambda: any(part in line for line in self.course.marked.processes().values()), part)
                since = len(session.frames)
                self.course.write(fixture_course.RIGHT)
                session.wait_for(PASSES)
                for frame in session.frames[since:]:
                    shown = "\n".join(frame)
                    self.assertTrue("checking again" in shown or PASSES in shown, shown)
                self.quit(session)

    def test_many_saves_in_a_row_end_with_the_last(self):
        session = self.started()
        for number in range(60):
            self.course.write(f"int answer() {{\n  return {number};\n}}\n")
            session.read(0.01)
        self.course.write(fixture_course.RIGHT)
        session.wait_for(lambda shown: PASSES in shown and "checking again" not in shown)
        self.quit(session)

    def test_other_files_in_the_folder_start_nothing(self):
        session = self.started()
        before = len(session.frames)
        for name in (".answer.cpp.swp", "answer.cpp~", "#answer.cpp#", "notes.txt"):
            self.course.write("anything", name)
        self.course.file().touch()  # the one that counts comes last, so that there is something to wait for
        session.wait_for("checking again")
        session.wait_for(lambda shown: "checking again" not in shown)
        checking = ["checking again" in "\n".join(frame) for frame in session.frames[before - 1:]]
        begun = sum(now and not previous for previous, now in zip(checking, checking[1:]))
        self.assertEqual(begun, 1)
        self.quit(session)

    def test_the_test_support_is_built_while_an_error_is_read(self):
        folder = self.course.root / ".learn" / "build" / "tests" / "support"
        libraries = [folder / "libdoctest_main.a", folder / "libsupport.address.a"]
        for library in libraries:
            library.unlink()
        self.course.write(BROKEN)
        session = self.session()
        session.wait_for("expected ';'")
        wait_until(lambda: all(library.exists() for library in libraries), "the test support")
        ends = lambda: not any("ninja" in words for words in self.course.marked.processes().values())
        wait_until(ends, "the end of that build")
        self.quit(session)

    def test_idle_it_uses_no_processor_time(self):
        session = self.started()
        before = session.cpu_seconds()
        end = time.monotonic() + 2
        while time.monotonic() < end:  # the interval is what is measured
            session.read(end - time.monotonic() if end > time.monotonic() else 0)
        self.assertLessEqual(session.cpu_seconds() - before, 0.01)
        self.quit(session)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
