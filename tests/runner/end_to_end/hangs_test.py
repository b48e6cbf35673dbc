"""What a learner reads when a test hangs: where each thread stands, and what that means."""

import os
import pathlib
import sys

import fixture_course
import tap
from learner import StageTest, wait_until

INCLUDES = "#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\n"
THREADS = "#include <condition_variable>\n#include <mutex>\n#include <thread>\n"


class Hangs(StageTest):
    def test_a_hang_is_stopped_and_explained(self):
        shown = self.run_stage("int answer() {\n  for (;;) {\n  }\n}\n", SERVERLINGS_TIME_LIMIT=0.5)
        self.assert_has(shown, "hangs: stopped after 0.5 s", "test: there is an answer", "is running",
                        "main thread: is running, answer.cpp:2 in answer",
                        "→ The test waits for an answer.")

    def test_what_each_waiting_thread_waits_for_is_said(self):
        shown = self.run_stage(THREADS + INCLUDES + """std::mutex held, other;
std::condition_variable condition;
int answer() {
  std::lock_guard lock(held);
  std::thread one([] { std::unique_lock own(other); condition.wait(own); });
  std::thread two([] { std::lock_guard again(held); });
  std::thread three([] { int both[2]; char c; if (pipe(both) == 0 && read(both[0], &c, 1) == 1) pause(); });
  std::thread four([] { for (;;) std::this_thread::sleep_for(std::chrono::hours(1)); });
  one.join();
  return 42;
}
""", SERVERLINGS_TIME_LIMIT=0.5)
        self.assert_has(shown, "hangs")
        for thread, words, place in (("main thread", "waits in join for a thread to end", "16 in answer"),
                                     ("1 thread", "waits for a notification", "12 in a lambda in answer"),
                                     ("1 thread", "waits for a mutex that another thread holds", "13 in a lambda in answer"),
                                     ("1 thread", "waits in read for bytes", "14 in a lambda in answer"),
                                     ("1 thread", "sleeps", "15 in a lambda in answer")):
            self.assert_has(shown, f"{thread}: {words}, answer.cpp:{place}")

    def test_a_test_in_which_nothing_happens_any_more_is_not_waited_for(self):
        shown = self.run_stage(THREADS + """std::mutex held;
int answer() {
  std::lock_guard lock(held);
  std::lock_guard again(held);
  return 42;
}
""")
        self.assert_has(shown, "hangs: every thread waits", "test: there is an answer",
                        "main thread: waits for a mutex that it holds itself, answer.cpp:7 in answer",
                        "A thread waits for a mutex that it holds itself")

    def test_a_hang_without_gdb_is_stopped_and_says_what_gdb_would_bring(self):
        tools = self.folder / "tools"
        if not tools.exists():
            tools.mkdir()
            for folder in os.environ["PATH"].split(":"):
                for tool in sorted(pathlib.Path(folder).glob("*")) if os.path.isdir(folder) else ():
                    if tool.name != "gdb" and not (tools / tool.name).is_symlink():
                        (tools / tool.name).symlink_to(tool)
        shown = self.run_stage("int answer() {\n  for (;;) {\n  }\n}\n", SERVERLINGS_TIME_LIMIT=0.5, PATH=tools)
        self.assert_has(shown, "hangs", "with gdb installed")

    def test_keys_are_answered_while_a_test_hangs(self):
        self.course.write("int answer() {\n  for (;;) {\n  }\n}\n")
        session = self.session()
        wait_until(lambda: any("address.test" in line for line in self.course.marked.processes().values()), "the test")
        session.press("h")
        session.wait_for("What does the test ask for?")
        self.course.write(fixture_course.RIGHT)
        session.wait_for("✓ passes")
        self.quit(session)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
