// A test whose threads take turns, under every schedule.
#pragma once

#include "report/place.hpp"

#include <utility>

namespace support {

// Runs `body` again and again, each time under another schedule: first all in which no thread is held up while it could
// go on, then all in which that happens once, and so on up to SERVERLINGS_SWITCHES times (1 if that is not set). Where
// there are too many, or more switches are asked for, some are drawn then, the same ones each time unless
// SERVERLINGS_SEED says otherwise (1 if that is not set). The
// runs are in a child of this program, from which nothing comes back: `body` keeps what it needs in itself. The first
// schedule that fails fails the test: by an expectation, a sanitizer's report, a deadlock, a thread that is left.
// When a thread waits by a call of which no schedule knows, or goes round and calls nothing, the threads take no turns:
// `body` runs once, in this program. Returns how many schedules there were, without those that were drawn; 0 without
// turns.
// `switches`: how many a schedule may have at least.
template <class F>
long under_every_schedule(F body, int switches = 0, Place place = Place::here()) {
  struct Call {
    static void of(void* function) { (*static_cast<F*>(function))(); }
  };
  long run_under_every_schedule(void (*call)(void*), void* function, int at_least, Place at);
  return run_under_every_schedule(Call::of, &body, switches, place);
}

// In such a test: until every other thread waits for somebody else. Fails it when they do not come to that.
void until_others_sleep(Place place = Place::here());

}  // namespace support
