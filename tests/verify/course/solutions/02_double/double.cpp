#include "double.hpp"

#include "answer.hpp"

namespace {

int twice(int number) { return 2 * number; }

}  // namespace

int doubled() { return twice(answer()); }
