"""A stage that ships without one of its own files: the learner makes it."""

import sys

import fixture_course
import tap
from learner import FAILS, CommandTest

SECOND, THIRD = "02_second_answer", "03_last_word"
HEADER, SOURCE = ("twice.hpp", SECOND), ("word.cpp", THIRD)
TWICE = fixture_course.FILES[f"solutions/{SECOND}/twice.hpp"]
WORD = fixture_course.FILES[f"solutions/{THIRD}/word.cpp"]


class YoursToMake(CommandTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._take_away()
        fixture_course.commit(cls._root)

    def setUp(self):
        super().setUp()
        self._take_away()
        for stage in (SECOND, THIRD):
            self.course.file(stage=stage).write_text(fixture_course.FILES[f"solutions/{stage}/answer.cpp"])

    @classmethod
    def _take_away(cls):
        for name, stage in (HEADER, SOURCE):
            (cls._root / "steps" / stage / name).unlink()
            (cls._root / "steps" / stage / "answer.cpp").write_text("// Stage\n// TODO: mend this.\n")
            lesson = cls._root / "docs" / f"{stage}.md"
            edit = f"- Edit: `steps/{stage}/answer.cpp`"
            lesson.write_text(lesson.read_text().replace(edit, f"{edit}, `steps/{stage}/{name}`"))

    def test_it_is_asked_for_where_the_files_are_named(self):
        self.assert_has(self.learn("run", "2", code=FAILS), "twice.hpp: No such file",
                        f"There is no steps/{SECOND}/twice.hpp yet",
                        f"Edit  steps/{SECOND}/answer.cpp", f"Make  steps/{SECOND}/twice.hpp")
        self.assertRegex(self.learn("show", "2"), rf"twice\.hpp +steps/{SECOND}  \(yours to make\)")
        self.assert_has(self.learn("diff", "2"), "--- /dev/null", f"+++ solutions/{SECOND}/twice.hpp", "+#pragma once")
        self.course.write(TWICE, *HEADER)
        self.assert_has(self.learn("run", "2"), "✓ passes")
        self.assertRegex(self.learn("show", "2"), rf"twice\.hpp +steps/{SECOND}  \(yours\)")

    def test_watch_mode_sees_that_it_is_made_and_deleted(self):
        self.learn("goto", "2")
        session = self.session()
        session.wait_for("twice.hpp: No such file")
        self.course.write(TWICE, *HEADER)
        session.wait_for("✓ passes")
        self.course.file(*HEADER).unlink()
        session.wait_for("twice.hpp: No such file")
        self.quit(session)

    def test_reset_takes_it_away_and_keeps_it_and_undo_brings_it_back(self):
        self.learn("reset", "2", "--yes")
        asks = f"Make  steps/{SECOND}/twice.hpp"
        self.assert_has(self.learn("run", "2", code=FAILS), asks)
        self.assert_has(self.learn("reset", "2"), "nothing to reset")
        self.course.write(TWICE, *HEADER)
        self.assertNotIn(asks, self.learn("run", "2", code=FAILS))
        self.assert_has(self.learn("reset", "2", "--yes"), f"Your twice.hpp is kept as steps/{SECOND}/twice.hpp.kept-2")
        self.assertFalse(self.course.file(*HEADER).exists())
        self.assert_has(self.learn("reset", "2"), "nothing to reset")
        self.learn("reset", "2", "--undo")
        self.assertEqual(self.course.file(*HEADER).read_text(), TWICE)

    def test_a_source_joins_the_build_when_it_is_made_and_leaves_it_when_it_is_reset(self):
        self.assert_has(self.learn("run", "3", code=FAILS), "does not link", "word()")
        self.course.write(WORD, *SOURCE)
        self.assert_has(self.learn("run", "3"), "✓ passes")
        self.learn("reset", "3", "--yes")
        self.course.write(fixture_course.FILES[f"solutions/{THIRD}/answer.cpp"], stage=THIRD)
        self.assert_has(self.learn("run", "3", code=FAILS), "does not link", "word()")
        self.course.file(stage=THIRD).unlink()
        self.learn("reset", "3", "--undo")
        self.assertEqual(self.course.file(*SOURCE).read_text(), WORD)

    def test_an_export_leaves_it_out_and_says_so(self):
        target = self.folder / "mine"
        self.assert_has(self.learn("export", "3", target), f"yours to make: steps/{THIRD}/word.cpp")
        self.assertFalse((target / "word.cpp").exists())
        self.assertNotIn("word.cpp", (target / "meson.build").read_text())


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
