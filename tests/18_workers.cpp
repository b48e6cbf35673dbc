// The test cases: tests/shared/starts_workers.cpp.
#include "implement_tested_pool.hpp"
#include "thread_pool.hpp"
