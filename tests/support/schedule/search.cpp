#include "schedule/search.hpp"

namespace support::schedule {
namespace {

// The n-th number of a sequence that looks random (Steele, Lea and Flood, OOPSLA 2014: SplitMix64).
unsigned long drawn_number(unsigned long seed, unsigned long n) {
  unsigned long mixed = seed + n * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

}  // namespace

void Search::begin() {
  if (drawn > 0) {
    const unsigned long first = seed + static_cast<unsigned long>(drawn) * 1000;
    unsigned long n = 0;
    for (int& change : changes)
      change = static_cast<int>(drawn_number(first, ++n) % static_cast<unsigned long>(longest));
    for (int& priority : priorities) priority = static_cast<int>(drawn_number(first, ++n) % 1'000'000);
  }
  position = 0;
  spent = 0;
}

int Search::by_priority(const int* threads, int ready) {
  const auto first = [&] {
    int best = 0;
    for (int i = 1; i < ready; ++i) {
      if (priorities[threads[i]] > priorities[threads[best]]) best = i;
    }
    return best;
  };
  for (int i = 0; i < depth - 1; ++i) {
    if (ready > 0 && changes[i] == position) priorities[threads[first()]] = -1 - i;
  }
  return first();
}

int Search::pick(const unsigned char* costs, int count, const int* threads, int ready) {
  int allowed = 0;
  while (allowed < count && (position < fixed || spent + costs[allowed] <= bound)) ++allowed;
  if (allowed <= 1) return 0;
  if (position == most_choices) return 0;  // the rest is not varied
  const int first = drawn > 0 ? by_priority(threads, ready) : 0;
  Choice& choice = choices[position];
  if (position == length) {
    choice = {static_cast<unsigned char>(first), static_cast<unsigned char>(allowed)};
    ++length;
  }
  diverged = diverged || (position >= fixed && choice.count != allowed);
  const int taken = choice.taken < allowed ? choice.taken : 0;
  if (position >= fixed) spent += costs[taken];
  ++position;
  return taken;
}

bool Search::next() {
  if (drawn > 0) {
    if (drawn == most_drawn) return false;
    if (position > longest) longest = position;
    length = fixed;
    ++drawn;
    begin();
    return true;
  }
  while (length > fixed && choices[length - 1].taken + 1 == choices[length - 1].count) --length;
  if (length == fixed) return false;
  ++choices[length - 1].taken;
  begin();
  return true;
}

void Search::begin_random(int most) {
  bound = most_choices;
  length = fixed;
  most_drawn = most;
  drawn = 1;
  begin();
}

}  // namespace support::schedule
