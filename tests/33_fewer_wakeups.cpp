// The test cases are in tests/shared: meson.build names those of this stage.
#include "implement_bounded.hpp"
#include "thread_pool.hpp"
