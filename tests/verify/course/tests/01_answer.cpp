#include "answer.hpp"

#include <doctest/doctest.h>

TEST_CASE("the answer is 42") { CHECK(answer() == 42); }

TEST_CASE("the answer is even") { CHECK(answer() % 2 == 0); }
