"""Watch mode in windows and terminals of every kind."""

import sys

import fixture_course
import tap
from learner import LearnerTest
from pseudo_terminal import columns_of

FAILS = "1 of 3 tests fails"
PASSES = "✓ passes"


class Window(LearnerTest):
    def started(self, *words, **options):
        session = self.session(*words, **options)
        session.wait_for(FAILS)
        return session

    def test_a_new_size_is_drawn_at_once(self):
        session = self.started()
        session.resize(60, 15)
        session.wait_for(lambda _: max(map(columns_of, session.lines)) <= 60 and len(session.lines) <= 15)
        session.resize(120, 40)
        session.wait_for("Read  docs/")
        self.quit(session)

    def test_forty_columns_read_well_and_nothing_is_cut(self):
        session = self.started(columns=40, rows=40)
        self.assertLessEqual(max(columns_of(line) for line in session.lines), 40)
        self.assertNotIn("…", session.screen)
        for part in ("the answer is 42", "41 == 42", "steps/01_first_answer/answer.cpp", "q quit"):
            self.assertIn(part, session.screen)
        self.quit(session)

    def test_a_tiny_window_neither_breaks_nor_ends_it(self):
        session = self.started()
        session.resize(1, 1)
        session.resize(10, 3)
        session.press("h")
        session.resize(80, 24)
        session.wait_for("What does the test ask for?")
        self.quit(session)

    def test_files_are_links_where_the_terminal_has_them(self):
        session = self.started()
        url = f"\033]8;;file://{self.course.root}/steps/01_first_answer/answer.cpp\033\\"
        self.assertIn(url.encode(), session.received)
        self.quit(session)

    def test_a_link_holds_only_the_letters_that_an_address_may_have(self):
        odd = self.folder / "Übung #1 100%"
        odd.symlink_to(self.course.root)
        self.addCleanup(odd.unlink)
        session = self.started(SERVERLINGS_ROOT=odd)
        self.assertIn(f"file://{self.folder}/%C3%9Cbung%20%231%20100%25/steps/01_first".encode(), session.received)
        self.quit(session)

    def test_no_color_means_no_colour(self):
        session = self.started(NO_COLOR=1)
        self.assertNotRegex(session.received, rb"\033\[[0-9;]+m")
        self.quit(session)

    def test_a_dumb_terminal_gets_plain_text(self):
        session = self.session(TERM="dumb")
        session.wait_for("q quit", plainly=True)
        self.assertNotIn(b"\033", session.received)
        self.assertEqual(session.text.count(FAILS), 1)
        session.press("h")
        session.wait_for("What does the test ask for?", plainly=True)
        self.course.write(fixture_course.RIGHT)
        session.wait_for(PASSES, plainly=True)
        self.quit(session)
        self.assertNotIn(b"\033", session.received)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
