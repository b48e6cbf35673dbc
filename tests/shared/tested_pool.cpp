#include "tested_pool.hpp"

#include "threads/thread_trouble.hpp"

#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

std::string tested::outcome_of_making(std::size_t size) {
  const int before = support::threads_not_joined();
  const auto workers = [before] { return support::threads_not_joined() - before; };
  std::string outcome = "a pool";
  try {
    const ThreadPool pool{size};
    outcome += " of " + std::to_string(workers());
  } catch (const std::invalid_argument&) {
    outcome = "std::invalid_argument";
  } catch (const std::system_error& error) {
    outcome = "std::system_error: " + error.code().message();
  } catch (const std::bad_alloc&) {
    outcome = "std::bad_alloc";
  } catch (const std::exception& error) {
    outcome = "another exception: " + std::string{error.what()};
  }
  if (workers() > 0) outcome += ", and " + std::to_string(workers()) + " workers that nobody waits for";
  return outcome;
}
