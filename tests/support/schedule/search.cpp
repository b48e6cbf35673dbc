#include "schedule/search.hpp"

namespace support::schedule {

void Search::begin() {
  position = 0;
  spent = 0;
}

int Search::pick(const unsigned char* costs, int count) {
  int allowed = 0;
  while (allowed < count && (position < fixed || spent + costs[allowed] <= bound)) ++allowed;
  if (allowed <= 1) return 0;
  if (position == most_choices) return 0;  // the rest is not varied
  Choice& choice = choices[position];
  if (position == length) {
    choice = {0, static_cast<unsigned char>(allowed)};
    ++length;
  }
  diverged = diverged || (position >= fixed && choice.count != allowed);
  const int taken = choice.taken < allowed ? choice.taken : 0;
  if (position >= fixed) spent += costs[taken];
  ++position;
  return taken;
}

bool Search::next() {
  while (length > fixed && choices[length - 1].taken + 1 == choices[length - 1].count) --length;
  if (length == fixed) return false;
  ++choices[length - 1].taken;
  begin();
  return true;
}

}  // namespace support::schedule
