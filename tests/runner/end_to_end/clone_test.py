"""A clone is the same everywhere, whatever the learner's git is told to do with line ends."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap
from fixture_course import SOURCE
from script_machine import SHELLS


class Clone(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clone-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def git(self, *words):
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *map(str, words)], cwd=self.folder, env=environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def test_as_git_for_windows_clones_it_no_line_end_changes(self):
        course = self.folder / "course"
        course.mkdir()
        for name in (".gitattributes", "learn", "meson.build", "README.md"):
            shutil.copy2(SOURCE / name, course)
        for name in ("steps", "solutions", "docs", "tests/mistakes"):
            shutil.copytree(SOURCE / name, course / name)
        self.git("init", "--quiet", course)
        self.git("-C", course, "add", "--all", "--force")
        self.git("-C", course, "commit", "--quiet", "-m", "a course")
        self.git("-c", "core.autocrlf=true", "clone", "--quiet", course, self.folder / "clone")
        self.git("-c", "core.autocrlf=true", "-c", "core.eol=crlf", "clone", "--quiet", course, self.folder / "crlf")
        for clone in ("clone", "crlf"):
            for path in sorted((self.folder / clone).rglob("*")):
                if path.is_file() and ".git" not in path.relative_to(self.folder / clone).parts:
                    self.assertEqual(path.read_bytes(), (course / path.relative_to(self.folder / clone)).read_bytes(),
                                     path)
            for shell in SHELLS:
                subprocess.run([*shell, "-n", self.folder / clone / "learn"], check=True)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
