// In this order:
#include "begins_and_ends.hpp"
#include "concurrent_jobs.hpp"
#include "idle_workers.hpp"
#include "runs_jobs.hpp"
#include "serves_clients.hpp"
#include "thread_pool.hpp"
