"""A program in a pseudo-terminal of its own: what is typed, what is seen. The runner's path comes in LEARN."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

LEARN = os.environ["LEARN"]

GUARD = 30  # seconds; only against waiting for ever, on a machine however busy

ENTER_SCREEN = b"\033[?1049h"
LEAVE_SCREEN = b"\033[?1049l"
HIDE_CURSOR = b"\033[?25l"
SHOW_CURSOR = b"\033[?25h"

_FRAME = re.compile(rb"\033\[\?2026h\033\[H(.*?)\033\[J\033\[\?2026l", re.S)
_ESCAPES = re.compile(r"\033\[[0-9;?]*[A-Za-z]|\033\][^\033\a]*(?:\033\\|\a)")


def plain(text):
    """Text without escape sequences."""
    return _ESCAPES.sub("", text)


def columns_of(line):
    """The columns that a line takes in a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Session:
    """A program in a pseudo-terminal: what is typed, what is seen."""

    def __init__(self, course, *words, columns=80, rows=24, program=LEARN, **environment):
        self.course = course
        self.received = b""
        self.frames = []  # every frame that was drawn, as lists of lines
        self._parsed = 0
        self._master, slave = pty.openpty()
        self._slave = slave  # kept open, so that the terminal's modes can be asked for after the program's end
        self.resize(columns, rows, tell=False)
        self.modes_before = termios.tcgetattr(slave)

        def take_terminal():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self._process = subprocess.Popen(
            [program, *map(str, words)], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=take_terminal, cwd=course.root, env=course.environment(**environment))

    @property
    def pid(self):
        return self._process.pid

    # --- What the learner does ---

    def press(self, keys):
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def signal(self, number):
        os.kill(self.pid, number)

    def resize(self, columns, rows, tell=True):
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self.signal(signal.SIGWINCH)

    def hang_up(self):
        """Closes the window."""
        os.close(self._slave)
        os.close(self._master)
        self._slave = self._master = -1

    # --- What the learner sees ---

    @property
    def lines(self):
        return self.frames[-1] if self.frames else []

    @property
    def screen(self):
        return "\n".join(self.lines)

    @property
    def text(self):
        """All that was printed, escape sequences left out."""
        return plain(self.received.decode(errors="replace")).replace("\r\n", "\n")

    def read(self, seconds):
        """Takes in what comes within this time; False when the terminal has nothing more to give."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            piece = os.read(self._master, 65536)
        except OSError:
            piece = b""
        self.received += piece
        for match in _FRAME.finditer(self.received, self._parsed):
            text = plain(match.group(1).decode(errors="replace"))
            self.frames.append([line.rstrip() for line in text.split("\r\n")])
            self._parsed = match.end()
        return bool(piece)

    def wait_for(self, wanted, guard=GUARD, plainly=False):
        """Until the screen (or, plainly, all the text so far) holds `wanted`: a string, or a function of the text."""
        holds = wanted if callable(wanted) else lambda text: wanted in text
        end = time.monotonic() + guard
        while True:
            seen = self.text if plainly else self.screen
            if holds(seen):
                return seen
            if self._process.poll() is not None:
                while self.read(0.05) and select.select([self._master], [], [], 0)[0]:
                    pass
                seen = self.text if plainly else self.screen
                if holds(seen):
                    return seen
                self._fail(wanted, f"the program ended with {self._process.returncode}")
            if time.monotonic() > end:
                self._fail(wanted, f"{guard} s have passed")
            self.read(0.05)

    def _fail(self, wanted, why):
        name = wanted if isinstance(wanted, str) else "something else"
        shown = self.screen if self.frames else self.text[-2000:]
        rule = "-" * self.columns
        raise AssertionError(f"waited for {name!r}: {why}. The screen:\n{rule}\n{shown}\n{rule}\n"
                             f"The last bytes: {self.received[-300:]!r}")

    def wait_for_end(self, guard=GUARD):
        """The exit code, as a shell gives it."""
        end = time.monotonic() + guard
        while self._process.poll() is None:
            if time.monotonic() > end:
                self._fail("the end of the program", f"{guard} s have passed")
            if self._master >= 0:
                self.read(0.02)
            else:
                time.sleep(0.005)
        if self._master >= 0:
            while select.select([self._master], [], [], 0)[0] and self.read(0):
                pass
        code = self._process.returncode
        return 128 - code if code < 0 else code

    def modes_now(self):
        return termios.tcgetattr(self._slave)

    def typed_and_not_read(self):
        """What the next program in this terminal would get."""
        modes = termios.tcgetattr(self._slave)
        modes[3] &= ~termios.ICANON
        termios.tcsetattr(self._slave, termios.TCSANOW, modes)
        ready, _, _ = select.select([self._slave], [], [], 0.1)
        return os.read(self._slave, 65536) if ready else b""

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)
