// The test cases: begins_and_ends.cpp, concurrent_jobs.cpp, idle_workers.cpp, runs_jobs.cpp and serves_clients.cpp of
// tests/shared, in this order.
#include "implement_tested_pool.hpp"
#include "thread_pool.hpp"
