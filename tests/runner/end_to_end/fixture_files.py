"""What the course of tiny stages holds: see fixture_course.py."""

import pathlib

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

- Part: %(part)s
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

## Compare

One line.

## In the wild

Calculators.
"""

WORDS = """# %(number)s: when it fails

| shown | meaning |
|---|---|
| compiler `expected ';'` | A statement ends with a semicolon. |
| compiler `was not declared in this scope` `use of undeclared identifier` | The compiler has not seen this name yet. |
| rule `time-limit` | The test waits for an answer. |
| test `the answer is %(answer)s` | The test wants the number %(answer)s. |
"""

FILES = {
    "README.md": "# A course\n\n| stage | lesson | what you meet |\n|---|---|---|\n"
    "| 01 | [First answer](docs/01_first_answer.md) | numbers, and `return` |\n"
    "| 03 | [Last word](docs/03_last_word.md) | a function without a body |\n",
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
    FILES[f"docs/when_it_fails/{_stage}.md"] = WORDS % {"number": _stage[:2], "answer": _answer}
    FILES[f"docs/{_stage}.md"] = LESSON % {
        "number": _stage[:2],
        "title": _title.capitalize(),
        "stage": _stage,
        "shipped": _shipped,
        "answer": _answer,
        "part": "2, words" if _stage.startswith("03") else "1, one thread",
        "transcript": _transcript,
    }

# The words that all stages share are the course's own.
for _page in ("when_it_fails/compilers", "when_it_fails/hangs", "when_it_fails/sanitizers", "when_it_fails/signals", "tools"):
    _name = f"docs/{_page}.md"
    FILES[_name] = (pathlib.Path(__file__).resolve().parents[3] / _name).read_text()
