// What a pool's tests have in common from the stage on in which it has workers.
#pragma once

#include "expect.hpp"
#include "interposed.hpp"
#include "place.hpp"
#include "thread_pool.hpp"
#include "thread_trouble.hpp"

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <system_error>

// What making a pool of this size ends in, and how many workers are left then.
inline std::string outcome_of_making(std::size_t size) {
  const support::ThreadsHeldBack threads;
  std::string outcome = "a pool";
  try {
    const ThreadPool pool{size};
    outcome += " of " + std::to_string(threads.count());
  } catch (const std::invalid_argument&) {
    outcome = "std::invalid_argument";
  } catch (const std::system_error& error) {
    outcome = "std::system_error: " + error.code().message();
  } catch (const std::exception& error) {
    outcome = "another exception: " + std::string{error.what()};
  }
  if (threads.count() > 0) outcome += ", and " + std::to_string(threads.count()) + " workers that nobody waits for";
  return outcome;
}
