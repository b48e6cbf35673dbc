"""`learn story` and `learn schedule`: a schedule that fails, told step by step, and one that the reader chooses."""

import sys
import tempfile

import tap
from learner import FAILS, CommandTest
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


class Stories(CommandTest):
    def setUp(self):
        super().setUp()
        (self.course.root / "tests" / "01_first_answer.cpp").write_text(TEST)

    def schedule(self, *answers):
        with tempfile.TemporaryFile("w+") as typed:
            typed.write("".join(f"{each}\n" for each in answers))
            typed.seek(0)
            return self.learn("schedule", "1", stdin=typed)

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
        shown = self.schedule("x", "h", "1", "u", "q")
        self.assert_has(shown, 'Be the scheduler, in the test "a thread that waits, and is woken".',
                        "1 main goes on", "2 worker 1 goes on", "A failure can come after")
        self.assertEqual(shown.count("starts worker 1"), 3)  # at first, after the choice, after the step back
        self.assertEqual(shown.count("1 main goes on"), shown.count("2 worker 1 goes on"))
        self.assert_has(self.schedule(), "Be the scheduler")  # at once at the end of its input


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
