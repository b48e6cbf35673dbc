// What a row of docs/when_it_fails/sanitizers.md explains: its argument names it. `tests/screens/keep sanitizers`
// builds this and runs each.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace {

volatile int zero = 0;  // that the compiler does not know
volatile int one = 1;

struct Base {
  virtual ~Base() = default;
  int number = 42;
};

struct Other {
  virtual int number() { return 17; }
  virtual ~Other() = default;
};

struct Small {
  ~Small() {}
  int number = 42;
};

struct Large : Small {
  int more[9] = {};
};

int* address_of_a_local() {
  int local = 42;
  int* volatile address = &local;
  return address;
}

int before_a_local() {
  int numbers[4] = {};
  return *(&numbers[0] - 1 * one);
}

int count_without_end(int number) {
  return count_without_end(number + one) + one;
}

#pragma GCC diagnostic ignored "-Wreturn-type"
int returns_nothing() {
  if (one == 0) return 42;
}

int handed_over(int number) {
  if (one == 0) return number;
  __builtin_unreachable();
}

void in_two_threads(void (*first)(), void (*second)()) {
  std::thread other(first);
  second();
  other.join();
}

int global[4];
int shared = 0;
std::mutex mutex;
std::mutex other_mutex;

void memory(std::string_view flaw) {
  if (flaw == "used_after_free") {
    int* number = new int(42);
    delete number;
    zero = *number;
  }
  if (flaw == "used_after_its_scope") {
    int* volatile address = nullptr;
    {
      int local = 42;
      address = &local;
    }
    zero = *address;
  }
  if (flaw == "used_after_return") zero = *address_of_a_local();
  if (flaw == "beyond_a_block") zero = std::make_unique<int[]>(4)[4 * one];
  if (flaw == "beyond_a_local") {
    int numbers[4] = {};
    std::memset(numbers, 0, sizeof numbers + 1 * one);
  }
  if (flaw == "before_a_local") zero = before_a_local();
  if (flaw == "beyond_a_local_of_any_size") {
    auto* numbers = static_cast<char*>(__builtin_alloca(4 * one));
    std::memset(numbers, 0, 5 * one);
  }
  if (flaw == "beyond_a_global") std::memset(global, 0, sizeof global + 1 * one);
  if (flaw == "calls_itself") zero = count_without_end(0);
  if (flaw == "freed_twice") {
    int* number = new int(42);
    delete number;
    delete number;
  }
  if (flaw == "not_allocated") {
    int* numbers = new int[4];
    int* volatile second = numbers + 1;
    delete second;
  }
  if (flaw == "allocated_otherwise") {
    int* volatile numbers = new int[4];
    delete numbers;
  }
  if (flaw == "deleted_as_its_base") {
    Small* volatile small = new Large;
    delete small;
  }
  if (flaw == "divided_in_the_library") one = std::div(42, zero).quot;
  if (flaw == "reads_a_file_that_became_shorter") {
    const int file = fileno(std::tmpfile());
    zero = *static_cast<char*>(mmap(nullptr, 1, PROT_READ, MAP_PRIVATE, file, 0));
  }
  if (flaw == "dangling_address") zero = *reinterpret_cast<int*>(0x10 * one);
  if (flaw == "never_freed") global[0] = *new int(42);
  if (flaw == "looked_at_by_a_debugger") ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
}

void numbers(std::string_view flaw) {
  if (flaw == "too_large") zero = INT_MAX + one;
  if (flaw == "null") zero = static_cast<Base*>(reinterpret_cast<void*>(1L * zero))->number;
  if (flaw == "null_and_a_number") {
    char* volatile nothing = nullptr;
    zero = nothing + one == nullptr;
  }
  if (flaw == "far_too_large_a_number") {
    char* volatile begin = reinterpret_cast<char*>(global);
    zero = begin + (static_cast<std::size_t>(zero) - 1) == nullptr;
  }
  if (flaw == "no_return") zero = returns_nothing();
  if (flaw == "unreachable") zero = handed_over(42);
  if (flaw == "beyond_an_array") zero = global[4 * one];
  if (flaw == "divided_by_zero") one = 42 / zero;
  if (flaw == "never_set") {
    bool set = false;
    std::memset(&set, 42, 1 * one);
    zero = set ? 1 : 0;
  }
  if (flaw == "misaligned") {
    alignas(int) char bytes[8] = {};
    zero = *reinterpret_cast<int*>(bytes + 1 * one);
  }
  if (flaw == "another_type") {
    Base base;
    zero = reinterpret_cast<Other*>(&base)->number();
  }
  if (flaw == "shifted_too_far") zero = 1 << (32 * one);
}

void threads(std::string_view flaw) {
  if (flaw == "unordered") in_two_threads([] { ++shared; }, [] { ++shared; });
  if (flaw == "two_orders") {
    const auto lock = [](std::mutex& first, std::mutex& second) {
      const std::lock_guard outer(first);
      const std::lock_guard inner(second);
    };
    std::thread([&] { lock(mutex, other_mutex); }).join();
    lock(other_mutex, mutex);
  }
  if (flaw == "never_joined") {
    pthread_t thread{};
    pthread_create(
        &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
    sleep(1);
  }
  if (flaw == "not_locked") mutex.unlock();
  if (flaw == "allocates_in_a_handler") {
    std::signal(SIGUSR1, [](int) { std::free(std::malloc(42)); });
    std::raise(SIGUSR1);
  }
  if (flaw == "another_order_of_memory" && personality(ADDR_COMPAT_LAYOUT) == 0)
    execl("/proc/self/exe", "sanitizers", nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view flaw = argc > 1 ? argv[1] : "";
  memory(flaw);
  numbers(flaw);
  threads(flaw);
}
