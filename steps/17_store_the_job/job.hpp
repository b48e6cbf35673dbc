// Stage 17, store the job: docs/17_store_the_job.md
#pragma once

#include <functional>

// Anything that can be called without arguments, of whatever type. A Job is moved, never copied, so it can hold what
// has one owner, such as a Socket.
// TODO: a std::function is copied, so it holds only what can be copied. Write a class that needs no copy.
using Job = std::function<void()>;
