"""However the runner ends: the terminal is as it was before, and nothing that it started is left."""

import os
import signal
import subprocess
import sys

import fixture_course
import tap
from learner import LearnerTest, wait_until
from pseudo_terminal import ENTER_SCREEN, HIDE_CURSOR, LEAVE_SCREEN, SHOW_CURSOR

FAILS = "1 of 3 tests fails"
HANGS = "#include <unistd.h>\nint answer() {\n  for (;;) pause();\n}\n"
# Leaves a process in a session of its own, which has a child, and hangs.
HIDES = """#include <unistd.h>
int answer() {
  if (fork() == 0) {
    setsid();
    fork();
    for (;;) pause();
  }
  for (;;) pause();
}
"""


class Endings(LearnerTest):
    def assert_restored(self, session):
        for begun, ended in ((ENTER_SCREEN, LEAVE_SCREEN), (HIDE_CURSOR, SHOW_CURSOR)):
            self.assertGreater(session.received.rfind(ended), session.received.rfind(begun))
        self.assertEqual(session.modes_now(), session.modes_before)
        self.course.marked.wait_until_gone()

    def wait_for_process(self, part):
        wait_until(lambda: any(part in command for command in self.course.marked.processes().values()),
                   f"a process with {part} in its command line")

    def idle(self):
        session = self.session()
        session.wait_for(FAILS)
        return session

    def building(self):
        pipe = self.folder / "pipe"  # the compiler waits for somebody to write into it
        if not pipe.exists():
            os.mkfifo(pipe)
        self.course.write(f'#include "{pipe}"\n' + fixture_course.RIGHT)
        session = self.session()
        self.wait_for_process("cc1plus")
        return session

    def in_a_test(self, answer=HANGS):
        self.course.write(answer)
        session = self.session()
        self.wait_for_process("address.test")
        return session

    def hidden(self):
        session = self.in_a_test(HIDES)
        wait_until(lambda: sum("address.test" in command for command in self.course.marked.processes().values()) == 4,
                   "the test, its watchdog, the hidden process and its child")
        return session

    def serving(self):
        session = self.idle()
        session.press("s")
        session.wait_for("answers at")
        return session

    def hanging_and_explained(self):
        self.course.write(HANGS)
        session = self.session(SERVERLINGS_TIME_LIMIT="0.2")
        self.wait_for_process("gdb")
        return session

    def everywhere(self, act, code):
        for during in (self.idle, self.building, self.in_a_test, self.hidden, self.serving, self.hanging_and_explained):
            with self.subTest(during=during.__name__):
                fixture_course.restore(self.course.root)
                session = during()
                act(session)
                self.assertEqual(session.wait_for_end(guard=10), code)
                self.assert_restored(session)

    def test_q_ends_it(self):
        self.everywhere(lambda session: session.press("q"), 0)

    def test_ctrl_c_ends_it(self):
        self.everywhere(lambda session: session.press("\x03"), 0)

    def test_kill_term_ends_it(self):
        self.everywhere(lambda session: session.signal(signal.SIGTERM), 128 + signal.SIGTERM)

    def test_a_crash_ends_what_was_started(self):
        self.everywhere(lambda session: session.signal(signal.SIGSEGV), 128 + signal.SIGSEGV)

    def test_every_deadly_signal_gives_the_terminal_back(self):
        for number in (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number.name):
                session = self.serving()
                session.signal(number)
                self.assertEqual(session.wait_for_end(guard=10), 128 + number)
                self.assert_restored(session)

    def test_two_signals_at_once_end_it_as_cleanly_as_one(self):
        session = self.in_a_test(HIDES)
        session.signal(signal.SIGHUP)
        session.signal(signal.SIGTERM)
        self.assertIn(session.wait_for_end(guard=10), (128 + signal.SIGHUP, 128 + signal.SIGTERM))
        self.assert_restored(session)

    def test_a_closed_window_ends_it(self):
        for during in (self.idle, self.in_a_test, self.serving):
            with self.subTest(during=during.__name__):
                fixture_course.restore(self.course.root)
                session = during()
                session.hang_up()
                session.wait_for_end(guard=10)
                self.course.marked.wait_until_gone()

    def test_the_last_line_says_where_one_is(self):
        session = self.idle()
        session.press("q")
        session.wait_for_end()
        after = session.received.rpartition(LEAVE_SCREEN)[2].decode()
        self.assertIn("Stage 1, first answer: does not pass yet", after)

    def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(self):
        learn = os.environ["LEARN"]
        session = self.session("-m", "-c", f"{learn}; echo on hold; read line; fg; echo at the end", program="sh")
        session.wait_for(FAILS)
        session.press("\x1a")
        session.wait_for("on hold", plainly=True)
        self.assertIn(LEAVE_SCREEN, session.received)
        self.assertEqual(session.modes_now(), session.modes_before)
        session.frames.clear()
        session.press("\n")
        session.wait_for(FAILS)
        session.press("h")
        session.wait_for("What does the test ask for?")
        session.press("q")
        session.wait_for("at the end", plainly=True)
        session.wait_for_end()
        self.assert_restored(session)

    def test_a_check_without_a_terminal_ends_when_told(self):
        for text, part in ((HANGS, "address.test"), (HIDES, "address.test")):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGSEGV):
                with self.subTest(signal=number.name, hides=text is HIDES):
                    self.course.write(text)
                    process = subprocess.Popen([os.environ["LEARN"], "run", "1"], stdout=subprocess.PIPE,
                                               env=self.course.environment())
                    self.wait_for_process(part)
                    process.send_signal(number)
                    process.communicate(timeout=10)
                    self.assertIn(process.returncode, (128 + number, -number))
                    self.course.marked.wait_until_gone()


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
