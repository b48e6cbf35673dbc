"""A machine for the script ./learn that has only what a test gives it: its tools are stand-ins that write down how they
are called.
"""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import fixture_course
from learner import Course
from pseudo_terminal import GUARD, Session

# What the script may take for granted on any system.
BASICS = ("awk", "cat", "dirname", "env", "find", "grep", "head", "id", "mkdir", "rm", "sh", "sort", "tail", "touch", "uname")
SHELLS = [shell for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(shell[0])]

# Stands in for a compiler: its version, headers and sanitizers are what lies beside it.
COMPILER = """#!/bin/sh
here=${0%/*}
case "$*" in
  *-dumpversion*) cat "$here/version" ;;
  *--version*) echo "c++ (a fake) $(cat "$here/version")" ;;
  *-fsanitize*) [ -e "$here/sanitizers" ] ;;
  *-E*) read -r line; line=${line#*<}; [ -e "$here/headers/${line%>}" ] ;;
esac
"""
HEADERS = ("doctest/doctest.h", "CLI/CLI.hpp", "fmt/core.h", "uv.h")
MESON = """#!/bin/sh
[ "$1" = --version ] && { echo 1.0.1; exit; }
echo "$*" >>"${0%/*}/meson.log"
env >"${0%/*}/meson-environment.log"
[ ! -e "${0%/*}/meson-fails" ] || { echo "ERROR: meson fails"; exit 1; }
mkdir -p "$2/runner" && : >"$2/build.ninja"
"""
NINJA = """#!/bin/sh
echo "$*" >>"${0%%/*}/ninja.log"
[ ! -e "${0%%/*}/ninja-fails" ] || { rm -f "${0%%/*}/ninja-fails"; echo "ninja: error: something fails"; exit 1; }
echo "[1/2] Compiling C++ object a.o"
echo "[2/2] Linking target runner/learn"
echo '#!/bin/sh
echo "the runner of $SERVERLINGS_ROOT: $*"
[ -z "${LANG:-}" ] || echo "in $LANG, no colour: $NO_COLOR"' >"$2/runner/learn"
%s +x "$2/runner/learn"
""" % shutil.which("chmod")
# Records how it is called, and makes what was missing appear.
MANAGER = """#!/bin/sh
echo "${0##*/} $*" >>"${0%/*}/manager.log"
case "$*" in *install*|-S*) ;; *) exit 0 ;; esac
[ ! -e "${0%/*}/manager-fails" ] || { echo "E: no network"; exit 100; }
cp -R "${0%/*}/../all/." "${0%/*}/"
"""


def write_program(path, text):
    path.write_text(text)
    path.chmod(0o755)


class Machine(unittest.TestCase):
    """A machine that has only what the test gives it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="learn script "))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.root = self.folder / "the course"
        (self.root / "runner").mkdir(parents=True)
        for name in ("learn", "meson.build", "meson_options.txt"):
            shutil.copy2(fixture_course.SOURCE / name, self.root)
        (self.root / "docs").mkdir()
        shutil.copy2(fixture_course.SOURCE / "docs" / "tools.md", self.root / "docs")
        self.all = self.folder / "all"
        self.tools = self.folder / "tools"
        for folder in (self.all, self.tools):
            folder.mkdir()
        for name in BASICS:
            (self.tools / name).symlink_to(shutil.which(name))
        for name, text in (("c++", COMPILER), ("meson", MESON), ("ninja", NINJA)):
            write_program(self.all / name, text)
        for name in ("pkg-config", "gdb"):
            write_program(self.all / name, "#!/bin/sh\n")
        (self.all / "version").write_text("12\n")
        (self.all / "sanitizers").touch()
        for name in HEADERS:
            (self.all / "headers" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.all / "headers" / name).touch()

    def give_everything(self):
        shutil.copytree(self.all, self.tools, dirs_exist_ok=True)

    def give_manager(self, name):
        write_program(self.tools / name, MANAGER)
        write_program(self.tools / "sudo", '#!/bin/sh\nexec "$@"\n')
        write_program(self.tools / "cp", f'#!/bin/sh\nexec {shutil.which("cp")} "$@"\n')

    def log(self, name):
        path = self.tools / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def environment(self):
        return {"PATH": str(self.tools), "HOME": str(self.folder), "TERM": "xterm"}

    def run_script(self, *words, shell=("sh",), environment=None, **options):
        done = subprocess.run([shutil.which(shell[0]), *shell[1:], str(self.root / "learn"), *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=GUARD,
                              env={**self.environment(), **(environment or {})}, cwd="/", check=False, **options)
        return done.returncode, done.stdout + done.stderr

    def session(self, *words):
        course = Course(self.root)
        course.environment = lambda **_: self.environment()
        session = Session(course, self.root / "learn", *words, program=shutil.which("sh"))
        self.addCleanup(session.close)
        return session
