// Stage 02, double: docs/02_double.md
#include "double.hpp"

#include "answer.hpp"

// TODO: a function that doubles a number.

int doubled() { return twice(answer()); }
