"""What a learner does and sees: the runner in a pseudo-terminal of its own, and as a command without one.

The paths of the runner and of a folder for the built fixture course come in LEARN and LEARN_FIXTURES (meson.build).
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import uuid

import fixture_course
from pseudo_terminal import GUARD, LEARN, Session

FIXTURES = pathlib.Path(os.environ["LEARN_FIXTURES"])


def wait_until(condition, what, guard=GUARD):
    """Waits for something that no descriptor announces; looks often."""
    end = time.monotonic() + guard
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {guard} s for {what}")
        time.sleep(0.005)


class Marked:
    """Finds every process that was started with this mark in its environment, wherever it has gone since."""

    VARIABLE = "SERVERLINGS_MARK"  # the runner hands it on

    def __init__(self):
        self.mark = uuid.uuid4().hex

    def processes(self):
        """{pid: command line} of those that are alive."""
        found = {}
        wanted = f"{self.VARIABLE}={self.mark}".encode()
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                if wanted not in pathlib.Path("/proc", entry, "environ").read_bytes().split(b"\0"):
                    continue
                if pathlib.Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                    continue
                command = pathlib.Path("/proc", entry, "cmdline").read_bytes()
            except OSError:
                continue
            found[int(entry)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
        return found

    def wait_until_gone(self, guard=5):
        try:
            wait_until(lambda: not self.processes(), "its processes to be gone", guard)
        except AssertionError:
            left = self.processes()
            self.kill()
            raise AssertionError(f"left behind: {left}") from None

    def kill(self):
        while left := self.processes():
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass


class Course:
    """A copy of the fixture course for one test; its stages are as shipped."""

    def __init__(self, root):
        self.root = root
        self.marked = Marked()

    def environment(self, **changes):
        environment = dict(os.environ, SERVERLINGS_ROOT=str(self.root), TERM="xterm-256color", LC_ALL="C.UTF-8")
        for name in ("SERVERLINGS_BUILD", "SERVERLINGS_POLL", "SERVERLINGS_TIME_LIMIT", "NO_COLOR", "COLUMNS", "CXX"):
            environment.pop(name, None)
        environment[Marked.VARIABLE] = self.marked.mark
        for name, value in changes.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = str(value)
        return environment

    def file(self, name="answer.cpp", stage="01_first_answer"):
        return self.root / "steps" / stage / name

    def write(self, text, name="answer.cpp", stage="01_first_answer"):
        self.file(name, stage).write_text(text)

    def run(self, *words, guard=GUARD, stdin=subprocess.DEVNULL, program=LEARN, **environment):
        """Runs a command to its end, without a terminal. Gives (exit code, stdout, stderr)."""
        done = subprocess.run([program, *map(str, words)], stdin=stdin, capture_output=True, timeout=guard,
                              cwd=self.root, env=self.environment(**environment), check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


class LearnerTest(unittest.TestCase):
    """Each test has a course of its own kind: stages as shipped, no progress, nothing left running at its end."""

    @classmethod
    def setUpClass(cls):
        made = fixture_course.template(FIXTURES / "course", LEARN)
        cls._folder = pathlib.Path(tempfile.mkdtemp(prefix="learner-"))
        cls._root = fixture_course.copy(made, cls._folder / "course")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls._folder, ignore_errors=True)

    def setUp(self):
        self.course = Course(self._root)
        self.folder = self._folder
        fixture_course.restore(self._root)
        self.addCleanup(self._nothing_is_left)

    def _nothing_is_left(self):
        left = self.course.marked.processes()
        self.course.marked.kill()
        self.assertEqual(left, {}, "processes were left behind")

    def session(self, *words, **options):
        session = Session(self.course, *words, **options)
        self.addCleanup(session.close)
        return session

    def quit(self, session):
        session.press("q")
        self.assertEqual(session.wait_for_end(), 0)


class StageTest(LearnerTest):
    """What `learn run` says of a version of stage 1."""

    def run_stage(self, text, *words, **environment):
        """What `learn run 1` prints for this answer.cpp."""
        self.course.write(text)
        code, shown, errors = self.course.run("run", "1", *words, **environment)
        self.assertEqual(errors, "")
        self.assertEqual(code, 1, shown)
        return shown

    def assert_has(self, shown, *parts):
        flowing = " ".join(shown.split())  # long lines are wrapped
        for part in parts:
            self.assertTrue(part in shown or part in flowing, f"{part!r} is missing in:\n{shown}")


PASSES, FAILS, CANNOT = 0, 1, 2  # what a command exits with


class CommandTest(LearnerTest):
    """Commands without a terminal."""

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
