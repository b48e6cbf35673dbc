// The test cases are in tests/shared: meson.build names those of this stage.
#include "implement_task_pool.hpp"
#include "task_pool.hpp"
