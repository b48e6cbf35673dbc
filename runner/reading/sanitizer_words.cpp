#include "reading/sanitizer_words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "text/text.hpp"

namespace runner {
namespace {

struct Explained {
  std::string_view kind;
  std::string_view meaning;
};

// Tried in order, as the beginning of a kind.
constexpr Explained meanings[] = {
    {"heap-use-after-free",
     "Memory was used after it had been given back: whoever used it held on to a pointer or "
     "reference for longer than the object lived."},
    {"stack-use-after-scope", "A local variable was used after its scope had ended, through a pointer or reference."},
    {"stack-use-after-return", "A local variable was used after its function had returned."},
    {"heap-buffer-overflow", "Memory beyond the end (or before the start) of an allocated block was used."},
    {"container-overflow", "Memory of a container beyond its last element was used."},
    {"stack-buffer-overflow", "A local array or variable was used beyond its end."},
    {"dynamic-stack-buffer-overflow", "A local array was used beyond its end."},
    {"global-buffer-overflow", "A global array or variable was used beyond its end."},
    {"stack-overflow", "The stack is used up: most likely a function calls itself without end."},
    {"double-free", "The same memory was given back twice: two objects believe that they own it."},
    {"bad-free", "Memory was given back that was never allocated, or not at this address."},
    {"alloc-dealloc-mismatch", "Memory was given back in another way than it was allocated (new[] and delete, say)."},
    {"new-delete-type-mismatch", "Memory was given back as an object of another size than it was allocated for."},
    {"SEGV", "The program used an address that is not its own: a null or dangling pointer."},
    {"memory leak", "Memory was allocated and never given back: nobody owns it."},
    {"data race",
     "Two threads used the same memory at the same time, at least one of them wrote, and no lock ordered "
     "them."},
    {"lock-order-inversion", "Threads take the same locks in different order: each may wait for the other for ever."},
    {"thread leak", "A thread ended that nobody joined."},
    {"unlock of an unlocked mutex", "A mutex was unlocked that this thread had not locked."},
    {"double lock of a mutex", "A thread locked a mutex that it held already: it would wait for itself for ever."},
    {"destroy of a locked mutex", "A mutex was destroyed while somebody held it."},
    {"use of an invalid mutex", "A mutex was used before it was made or after it was destroyed."},
    {"signal-unsafe call", "A signal handler called a function that may not be called there (malloc, printf, …)."},
    {"cannot run here", "LeakSanitizer cannot look at this program here (a debugger or a container keeps it from it)."},
    {"unexpected memory mapping",
     "This machine cannot run ThreadSanitizer in this way; nothing is said about the code."},
    {"signed integer overflow", "A calculation left the range of its type: for signed numbers that is undefined."},
    {"null pointer", "A member was used, or a value read, through a null pointer."},
    {"missing return", "A function that must return a value reached its end without a return."},
    {"index out of bounds", "An array was used beyond its end."},
    {"division by zero", "A number was divided by zero."},
    {"invalid value", "A bool or enum held bits that are no value of its type: most likely it was never set."},
    {"misaligned address", "A value was used at an address where its type cannot lie."},
    {"wrong type", "An object was used as one of another type, or after its end."},
    {"shift", "A number was shifted by too many bits, or a negative one was shifted."},
};

// How UBSan's sentences begin, and what to call them.
constexpr Explained undefined_kinds[] = {
    {"execution reached the end of a value-returning function", "missing return"},
    {"execution reached an unreachable", "unreachable code"},
    {"load of null pointer", "null pointer"},
    {"store to null pointer", "null pointer"},
    {"member access within null pointer", "null pointer"},
    {"member call on null pointer", "null pointer"},
    {"reference binding to null pointer", "null pointer"},
    {"null pointer passed as", "null pointer"},
    {"applying", "pointer overflow"},
    {"index ", "index out of bounds"},
    {"shift exponent", "shift"},
    {"left shift of", "shift"},
    {"division by zero", "division by zero"},
    {"load of value", "invalid value"},
    {"load of misaligned", "misaligned address"},
    {"store to misaligned", "misaligned address"},
    {"member access within misaligned", "misaligned address"},
    {"member call on misaligned", "misaligned address"},
    {"reference binding to misaligned", "misaligned address"},
    {"member call on address", "wrong type"},
    {"member access within address", "wrong type"},
    {"downcast of address", "wrong type"},
};

std::string thread_in_words(std::string_view name) {
  if (name == "T0" || name == "main thread" || name == "main") return "the main thread";
  return name.starts_with("thread ") ? std::string(name) : fmt::format("thread {}", name);
}

std::string bytes_in_words(std::string_view count) {
  return fmt::format("{} byte{}", count, count == "1" ? "" : "s");
}

// The word after `key`, or nothing.
std::string_view word_after(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find_first_of(" ,:)("));
}

// Which thread: "thread T1" (ASan) or "by main thread" (TSan).
std::string by_thread(std::string_view text) {
  if (text.find("main thread") != std::string_view::npos) return "the main thread";
  const auto name = word_after(text, "thread ");
  return name.empty() ? std::string("a thread") : thread_in_words(name);
}

// "READ of size 4 at 0x602 thread T0", "Previous atomic write of size 4 at 0x by thread T1 (mutexes: write M0)"
std::string access_in_words(std::string_view line) {
  std::string what(line.substr(0, line.find(" of size ")));
  for (char& letter : what) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  what = replaced(what, "previous", "earlier");
  std::string result =
      fmt::format("{} of {} by {}", what, bytes_in_words(word_after(line, " of size ")), by_thread(line));
  const auto held = line.find("mutexes: ");
  if (held == std::string_view::npos) return result;
  const auto names = line.substr(held + 9, line.find(')', held) - held - 9);
  return fmt::format("{}, which holds {}", result, replaced(replaced(names, "write ", ""), "read ", ""));
}

}  // namespace

std::string title_in_words(std::string_view line) {
  line = trimmed(line);
  while (line.ends_with(':')) line.remove_suffix(1);
  if (line.find(" of size ") != std::string_view::npos && line.find("Location is ") != 0) return access_in_words(line);
  if (line.starts_with("freed by ")) return fmt::format("freed by {}", by_thread(line));
  if (line.find("allocated by ") != std::string_view::npos) return fmt::format("allocated by {}", by_thread(line));
  if (line.starts_with("Thread ") && line.find(" created by ") != std::string_view::npos) {
    const auto maker = line.substr(line.find(" created by ") + 12);
    const auto by = maker.starts_with("main") ? "the main thread" : thread_in_words(maker.substr(0, maker.find(' ')));
    return fmt::format("thread {} was started by {}", word_after(line, "Thread "),
                       maker.starts_with("thread ") ? thread_in_words(word_after(maker, "thread ")) : by);
  }
  if (line.find(" leak of ") != std::string_view::npos) {
    return fmt::format("{} in {} object{}, allocated by", bytes_in_words(word_after(line, " leak of ")),
                       word_after(line, ") in "), word_after(line, ") in ") == "1" ? "" : "s");
  }
  if (line.starts_with("Mutex ") && line.ends_with("created at")) {
    return fmt::format("mutex {} was made or first used", word_after(line, "Mutex "));
  }
  if (line.find(" acquired here while holding mutex ") != std::string_view::npos) {
    return fmt::format("{} locks mutex {} while it holds {}", by_thread(line), word_after(line, "Mutex "),
                       word_after(line, "while holding mutex "));
  }
  if (line.find("The signal is caused by a ") != std::string_view::npos) {
    const bool write = line.find("WRITE memory access") != std::string_view::npos;
    return write ? "write to an address that is not the program's own"
                 : "read of an address that is not the program's own";
  }
  if (line.find("is located in stack of") != std::string_view::npos) return "the variable lives in";
  return without_addresses(line);
}

std::string_view meaning_of(Sanitizer tool, std::string_view kind) {
  for (const auto& [name, meaning] : meanings) {
    if (kind.starts_with(name)) return meaning;
  }
  if (tool == Sanitizer::undefined) return "The language does not say what this does: anything may happen.";
  if (tool == Sanitizer::thread) return "Threads use the same thing in a way that can go wrong.";
  return "Memory was used in a way that is not allowed.";
}

std::string kind_of(Sanitizer tool, std::string_view message) {
  if (tool == Sanitizer::leak) return message.find("fatal error") == message.npos ? "memory leak" : "cannot run here";
  if (tool == Sanitizer::undefined) {
    for (const auto& [beginning, kind] : undefined_kinds) {
      if (message.starts_with(beginning)) return std::string(kind);
    }
    return std::string(message.substr(0, message.find(':')));
  }
  if (message.starts_with("attempting double-free")) return "double-free";
  if (message.starts_with("attempting free on address")) return "bad-free";
  const std::string_view ends[] = {" on ", " (", ": ", "\n"};
  std::size_t end = message.size();
  for (const auto each : ends) end = std::min(end, message.find(each));
  return without_addresses(message.substr(0, end));
}

std::string without_addresses(std::string_view text) {
  std::string result;
  text = text.substr(0, text.find(" (pc 0x"));
  text = text.substr(0, text.find(" in thread T"));
  for (const auto word : split(text, ' ')) {
    const auto bare = word.substr(std::min(word.find_first_not_of("(["), word.size()));
    const bool number = bare.starts_with("0x") || bare.starts_with("pid=") || bare.starts_with("tid=");
    if (number) {
      for (const std::string_view before :
           {" on address", " at pc", " bp", " sp", " at", " on", " on unknown address"}) {
        if (result.ends_with(before)) result.resize(result.size() - before.size());
      }
    } else {
      if (!result.empty()) result += ' ';
      result += word;
    }
  }
  return result;
}

}  // namespace runner
