#include "double.hpp"

#include <doctest/doctest.h>

TEST_CASE("the answer is doubled") { CHECK(doubled() == 84); }

TEST_CASE("it is positive") { CHECK(doubled() > 0); }
