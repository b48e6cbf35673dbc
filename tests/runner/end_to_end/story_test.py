"""`learn story` and `learn schedule`: a schedule that fails, told step by step, and one that the reader chooses."""

import subprocess
import sys
import tempfile

import tap
from learner import CANNOT, FAILS, CommandTest
from pseudo_terminal import columns_of

TEST = """#include "threads/every_schedule.hpp"
#include "threads/interposed.hpp"

#include <doctest/doctest.h>

int answer();

TEST_CASE("a thread that waits, and is woken") {
  support::under_every_schedule([] { answer(); });
}
"""

# The flag is set without the mutex: the notification may come between the look and the sleep.
LOSES_A_WAKE_UP = """#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

int answer() {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> ready = false;
  std::thread other([&] {
    std::unique_lock lock(mutex);
    while (!ready) changed.wait(lock);
  });
  ready = true;
  changed.notify_one();
  other.join();
  return 42;
}
"""
RIGHT = LOSES_A_WAKE_UP.replace("ready = true;", "{ const std::lock_guard lock(mutex); ready = true; }")

# A stage with a header of its own, and a wrong solution that is to be played.
POOL = LOSES_A_WAKE_UP.replace("int answer", "inline int wait").replace(
    "  ready = true;\n", "  {\n    const std::lock_guard lock(mutex);\n    ready = true;\n  }\n")
POOL_STAGE = "  '04_pool': {'own': ['thread_pool.hpp'], 'on': '01_first_answer', 'sanitizers': ['address']},\n"
GIVEN = """rejected by: time limit
A flag that is atomic needs no lock, it seems.
arrow: none
play: The flag is set without the lock. Make main wait for ever.

--- a/solutions/04_pool/thread_pool.hpp
+++ b/solutions/04_pool/thread_pool.hpp
@@ -12,8 +12,5 @@
     while (!ready) changed.wait(lock);
   });
-  {
-    const std::lock_guard lock(mutex);
-    ready = true;
-  }
+  ready = true;
   changed.notify_one();
   other.join();
"""


class Schedules(CommandTest):
    def schedule(self, what, *answers, code=0, **environment):
        with tempfile.TemporaryFile("w+") as typed:
            typed.write("".join(f"{each}\n" for each in answers))
            typed.seek(0)
            return self.learn("schedule", what, stdin=typed, code=code, **environment)


class GivenPools(Schedules):
    def setUp(self):
        super().setUp()
        root = self.course.root
        build = (root / "meson.build").read_text()
        if POOL_STAGE in build:
            return
        files = {"meson.build": build.replace("\n}\n", "\n" + POOL_STAGE + "}\n", 1),
                 "solutions/04_pool/thread_pool.hpp": POOL,
                 "tests/mistakes/04_pool/flag_without_the_lock.patch": GIVEN,
                 "tests/04_pool.cpp": TEST.replace("int answer();", '#include "thread_pool.hpp"').replace("answer()",
                                                                                                       "wait()")}
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        (root / "steps" / "04_pool").mkdir(exist_ok=True)
        subprocess.run(["meson", "setup", "--reconfigure", root / ".learn" / "build", root], check=True,
                       stdout=subprocess.DEVNULL)

    def test_what_can_be_played_is_listed(self):
        self.assert_has(self.learn("schedule"), "./learn schedule 04", "./learn schedule 04:flag_without_the_lock",
                        "The flag is set without the lock. Make main wait for ever.")
        self.assert_has(self.schedule("4:nothing_such", code=CANNOT), "'4:nothing_such' is no pool that is given")

    def test_a_given_pool_is_broken_in_as_few_steps_as_the_tests_need(self):
        shown = self.schedule("4:flag", "2", "h", "1", "2", "1", "u", SERVERLINGS_SWITCHES=2)
        self.assert_has(shown, "The flag is set without the lock. Make main wait for ever.",
                        "Its source: .learn/given/steps/04_pool/thread_pool.hpp", "The tests make it fail: can you?",
                        "A failure can come after 1.", "1 worker 1 goes on, at 12: while (!ready) changed.wait(lock);",
                        "WAKES NOBODY",
                        "main waits for the end of worker 1, worker 1 sleeps: nobody can go on.",
                        "It fails. 2 times a thread was held up that could go on, or woke up for no reason.",
                        "Of the schedules that the tests tried, none fails in which that happens less often.")
        self.assertEqual(shown.count("1  main goes on, at 15"), 2)  # after a choice, and after the step back


class Stories(Schedules):
    def setUp(self):
        super().setUp()
        (self.course.root / "tests" / "01_first_answer.cpp").write_text(TEST)

    def test_the_schedule_that_fails_has_a_column_for_each_thread(self):
        self.course.write(LOSES_A_WAKE_UP)
        self.assert_has(self.learn("run", "1", code=FAILS, SERVERLINGS_SWITCHES=2),
                        "Play  ./learn story 01, the schedule that fails, step by step")
        shown = self.learn("story", "1", code=FAILS, SERVERLINGS_SWITCHES=2)
        self.assert_has(shown, 'The schedule that fails, in the test "a thread that waits, and is woken":',
                        "main                                    worker 1", "starts worker 1", "-- held up --",
                        "WAKES NOBODY", "waits for the end of worker 1",
                        "main waits for the end of worker 1, worker 1 sleeps: nobody can go on.")
        self.assertLessEqual(max(map(columns_of, shown.splitlines())), 80)

    def test_where_no_schedule_fails_there_is_no_story(self):
        self.course.write(RIGHT)
        self.assert_has(self.learn("story", "1"), "Every schedule that was tried comes to its end.")
        self.course.write("int answer() {\n  return forty_two;\n}\n")
        self.assert_has(self.learn("story", "1", code=FAILS), "it does not compile: 1 error. See ./learn run 01.")

    def test_the_reader_says_which_thread_goes_on(self):
        self.course.write(LOSES_A_WAKE_UP)
        shown = self.schedule("1", "x", "h", "1", "u", "q")
        self.assert_has(shown, 'Be the scheduler, in the test "a thread that waits, and is woken".',
                        "1 main goes on", "2 worker 1 goes on", "A failure can come after")
        self.assertEqual(shown.count("starts worker 1"), 3)  # at first, after the choice, after the step back
        self.assertEqual(shown.count("1 main goes on"), shown.count("2 worker 1 goes on"))
        self.assert_has(self.schedule("1"), "Be the scheduler")  # at once at the end of its input

    def test_in_watch_mode_t_plays_the_schedule_that_fails(self):
        self.course.write(LOSES_A_WAKE_UP)
        for columns, back in ((80, "q"), (60, "\033")):
            with self.subTest(columns=columns):
                session = self.session(columns=columns, SERVERLINGS_SWITCHES=2)
                session.wait_for("Play  t, the schedule that fails, step by step")
                session.press("t")
                session.wait_for("Step 1 of 8")
                self.assertIn("→  13 ", session.screen)
                session.press("\033[C")
                session.press("l")  # a key of another screen
                session.wait_for("main is held up")
                session.press("\033[200~qqq\033[201~")
                session.press(" ")
                session.wait_for("worker 1 holds the lock, locks")
                session.press("\033[D")
                session.wait_for("Step 2 of 8")
                session.press("G")
                session.wait_for("can go on.")
                self.assertLessEqual(max(map(columns_of, session.lines)), columns)
                heads = [line for line in session.lines if line.endswith("worker 1 sleeps")]
                self.assertEqual(heads[0].startswith("main waits"), columns == 80)
                session.press(back)
                session.wait_for("Edit  steps/")
                self.quit(session)
                self.assertEqual(session.modes_now(), session.modes_before)

    def test_in_watch_mode_a_stage_whose_schedules_pass_plays_nothing(self):
        self.course.write(RIGHT)
        session = self.session()
        session.wait_for("passes")
        self.assertNotIn("t story", session.screen)
        session.press("t")
        session.press("l")
        session.wait_for("03_last_word")
        session.press("l")
        session.wait_for("passes")
        self.quit(session)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
