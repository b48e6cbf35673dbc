"""A course of three tiny stages, made from the real meson.build and the real tests/support.

Its stages compile in a fraction of a second and need no sockets. It is made and built once (`template`); each test file
gets a copy of its own, build and all (`copy`).
"""

import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[3]

STAGES = """stages = {
  '01_first_answer': {'own': ['answer.cpp', 'main.cpp'], 'on': '', 'sanitizers': ['address']},
  '02_second_answer': {'own': ['answer.cpp', 'twice.hpp'], 'on': '01_first_answer', 'sanitizers': ['address']},
  '03_last_word': {'own': ['answer.cpp', 'word.cpp'], 'on': '02_second_answer', 'sanitizers': ['address']},
}
"""

# What the tests put in place of steps/01_first_answer/answer.cpp.
RIGHT = "int answer() {\n  return 42;\n}\n"
WRONG = "int answer() {\n  return 7;\n}\n"

# Answers each connection with its page, and tells on stdout where it listens.
SERVER = r"""#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

int answer();

int main(int argc, char** argv) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 8080));
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 8) != 0) return 1;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));
  std::fflush(stdout);
  for (;;) {
    const int client = accept(listener, nullptr, nullptr);
    char request[1024];
    if (recv(client, request, sizeof request, 0) > 0) {
      char page[128];
      std::snprintf(page, sizeof page, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n%02d\n", answer());
      send(client, page, std::strlen(page), MSG_NOSIGNAL);
    }
    close(client);
  }
}
"""

TEST = """#include <doctest/doctest.h>

int answer();

TEST_CASE("there is an answer") { CHECK(answer() != 0); }
TEST_CASE("the answer is %(answer)s") { CHECK(answer() == %(answer)s); }
TEST_CASE("the answer stays the same") { CHECK(answer() == answer()); }
"""

LESSON = """# %(number)s · %(title)s

- Part: 1, one thread
- Edit: `steps/%(stage)s/answer.cpp`
- As shipped: %(shipped)s

The failure is on purpose: this course only tests the runner.

## Goal

Answer %(answer)s.

## The call we wish we had

`answer()`.

## What you see

```text gcc
%(transcript)s
```

```text clang
%(transcript)s
```

## Why

Because the test asks.

## Your move

Edit `answer.cpp`.

## Hints

<details><summary>Hint 1: a nudge</summary>

What does the test ask for?

</details>

<details><summary>Hint 2: the idea</summary>

A number.

</details>

<details><summary>Hint 3: nearly the code</summary>

`return %(answer)s;`

</details>

## When the compiler says

| message | meaning |
|---|---|
| `expected ';'` | A statement ends with a semicolon. |
| `was not declared in this scope` | The compiler has not seen this name yet. |
| `use of undeclared identifier` | The compiler has not seen this name yet. |
| `the answer is %(answer)s` | The test wants the number %(answer)s. |

## Compare

One line.

## In the wild

Calculators.
"""

FILES = {
    "steps/01_first_answer/answer.cpp": "// Stage 01, first answer: docs/01_first_answer.md\nint answer() {\n"
    "  // TODO: answer what the test asks for.\n  return 41;\n}\n",
    "steps/01_first_answer/main.cpp": "// Stage 01, first answer: docs/01_first_answer.md\n" + SERVER,
    "solutions/01_first_answer/answer.cpp": RIGHT,
    "solutions/01_first_answer/main.cpp": SERVER,
    "steps/02_second_answer/answer.cpp": "// Stage 02, second answer: docs/02_second_answer.md\n"
    '#include "twice.hpp"\n\nint answer() {\n  // TODO: half of it.\n  return twice(hafl);\n}\n',
    "steps/02_second_answer/twice.hpp": "// Stage 02, second answer: docs/02_second_answer.md\n#pragma once\n\n"
    "inline int twice(int n) {\n  return n + n;\n}\n",
    "solutions/02_second_answer/answer.cpp": '#include "twice.hpp"\n\nint answer() {\n  return twice(22);\n}\n',
    "solutions/02_second_answer/twice.hpp": "#pragma once\n\ninline int twice(int n) {\n  return n + n;\n}\n",
    "steps/03_last_word/answer.cpp": '// Stage 03, last word: docs/03_last_word.md\n#include "twice.hpp"\n\n'
    "int word();\n\nint answer() {\n  return twice(word());\n}\n",
    "steps/03_last_word/word.cpp": "// Stage 03, last word: docs/03_last_word.md\n// TODO: the word.\n",
    "solutions/03_last_word/answer.cpp": '#include "twice.hpp"\n\nint word();\n\nint answer() {\n'
    "  return twice(word());\n}\n",
    "solutions/03_last_word/word.cpp": "int word() {\n  return 23;\n}\n",
    "tests/site/index.html": "<!doctype html>\n<title>site</title>\n",
    ".gitignore": "/.learn/\n*.kept-*\n*.new\n",
}

for _stage, _answer, _shipped, _transcript in (
    ("01_first_answer", 42, "test", "test: the answer is 42"),
    ("02_second_answer", 44, "build", "not recorded"),
    ("03_last_word", 46, "build", "not recorded"),
):
    _title = _stage[3:].replace("_", " ")
    FILES[f"tests/{_stage}.cpp"] = TEST % {"answer": _answer}
    FILES[f"docs/{_stage}.md"] = LESSON % {
        "number": _stage[:2],
        "title": _title.capitalize(),
        "stage": _stage,
        "shipped": _shipped,
        "answer": _answer,
        "transcript": _transcript,
    }


def make(folder):
    """Writes the course, as a git repository with one commit."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    build = (SOURCE / "meson.build").read_text()
    build, count = re.subn(r"^stages = \{\n.*?^\}\n", lambda _: STAGES, build, count=1, flags=re.M | re.S)
    assert count == 1, "meson.build has no dictionary `stages`"
    (folder / "meson.build").write_text(build)
    for name in ("meson_options.txt", "learn"):
        shutil.copy2(SOURCE / name, folder / name)
    shutil.copytree(SOURCE / "tests" / "support", folder / "tests" / "support")
    (folder / "runner").mkdir(exist_ok=True)
    shutil.copy2(SOURCE / "runner" / "stages.txt.in", folder / "runner")
    commit(folder)


def commit(folder):
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "a course"]):
        subprocess.run(git + words, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _fingerprint():
    names = [SOURCE / "meson.build", SOURCE / "meson_options.txt", SOURCE / "learn", pathlib.Path(__file__)]
    names += sorted((SOURCE / "tests" / "support").iterdir())
    text = b"".join(str(name).encode() + name.read_bytes() for name in names if name.is_file())
    return hashlib.sha256(text).hexdigest()


def template(folder, learn):
    """The course in `folder`, built; made anew when something it is made from has changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / (folder.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = folder.parent / (folder.name + ".made")
        wanted = _fingerprint()
        if mark.exists() and mark.read_text() == wanted:
            return folder
        mark.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make(folder)
        # All that a first check compiles, so that no test waits for it: the runner itself sets the build up.
        environment = dict(os.environ, SERVERLINGS_ROOT=str(folder))
        environment.pop("SERVERLINGS_BUILD", None)
        subprocess.run([learn, "list"], env=environment, check=True, stdout=subprocess.DEVNULL)
        targets = [f"{stage}.{kind}.address.{program}" for stage in
                   ("01_first_answer", "02_second_answer", "03_last_word")
                   for kind in ("step", "solution") for program in ("server", "test")]
        subprocess.run(["ninja", "-k", "0", "-C", folder / ".learn" / "build"] + targets, check=False,
                       stdout=subprocess.DEVNULL)
        mark.write_text(wanted)
        return folder


def copy(made, folder):
    """A copy of a built course that needs no building: ninja looks at times, and its paths are relative."""
    shutil.copytree(made, folder, symlinks=True, ignore=shutil.ignore_patterns("build-*"))
    _relocate(folder / ".learn" / "build", made, folder)
    return folder


def _relocate(build, made, folder):
    ninja = build / "build.ninja"  # it names the folders only where it calls Meson
    times = ninja.stat()
    ninja.write_text(ninja.read_text().replace(str(made), str(folder)))
    os.utime(ninja, ns=(times.st_atime_ns, times.st_mtime_ns))


def build_with(compiler, made, folder, learn):
    """Sets up the build for `--compiler` in a copy; it is made once, like the template."""
    name = f"build-{compiler}"
    with open(made.parent / (made.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = made / ".learn" / (name + ".made")
        if not mark.exists():
            environment = dict(os.environ, SERVERLINGS_ROOT=str(made))
            subprocess.run([learn, "--compiler", compiler, "run", "1"], env=environment, check=False,
                           stdout=subprocess.DEVNULL)
            mark.touch()
    build = folder / ".learn" / name
    shutil.copytree(made / ".learn" / name, build, symlinks=True, dirs_exist_ok=True)
    _relocate(build, made, folder)


def build_on_ones_own(folder):
    """Sets up the build for `--base mine` from what was built for the other base: little differs."""
    build = folder / ".learn" / "build-mine"
    if not build.exists():
        shutil.copytree(folder / ".learn" / "build", build, symlinks=True)
        subprocess.run(["meson", "setup", "--reconfigure", "-Dbase=mine", build, folder], check=True,
                       stdout=subprocess.DEVNULL)
        for path in build.rglob("*.cpp"):  # Meson writes these again, the same as before
            times = (folder / ".learn" / "build" / path.relative_to(build)).stat()
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def restore(folder):
    """Brings the course back to what was shipped, and takes the learner's marks away; what was built stays."""
    for part in ("steps", "docs"):
        for path in sorted((folder / part).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(name.startswith(str(path.relative_to(folder)) + "/") for name in FILES):
                    shutil.rmtree(path)
            elif str(path.relative_to(folder)) not in FILES:
                path.unlink()
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_text(text)
    for path in (folder / ".learn").glob("progress*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
