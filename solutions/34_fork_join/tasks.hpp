#pragma once

#include <functional>

// Runs both functions, at the same time if there is a thread for it, and returns when both have ended
// (TaskPool::invoke).
void in_parallel(const std::function<void()>& left, const std::function<void()>& right);
