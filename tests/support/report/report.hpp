// What the reporter in main.cpp prints when a test fails, gathered while the test runs.
#pragma once

#include "report/place.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace support {

// Fails the test case at `place`. The text's first line says what should have been; the next lines are printed below it
// as they are ("expected: …", "actual:   …").
[[noreturn]] void fail(Place place, const std::string& text);

// The same without leaving the test case: for destructors.
void fail_and_go_on(Place place, const std::string& text);

namespace report {

// Who takes the first failure and ends the process, where that is not the one that reports; null: this one reports.
extern void (*failure_goes_to)(Place place, const std::string& text);

struct ServerEnd {
  std::string words;        // "the server was killed by SIGPIPE: …", or empty when nothing was wrong
  std::string stderr_text;  // all that was kept of it
};

void clear();             // a test case starts
void add(ServerEnd end);  // a server of this test case has ended
std::vector<ServerEnd> ends();
std::string whole_stderr();  // of all of them

// A server sleeps while the test that fails now waits for it: where its threads stand is found out by
// look_at_sleeper(), which takes its time.
void note_sleeper(pid_t process);
void look_at_sleeper();
std::vector<std::string> threads();

// The lines of a server's stderr that say most: the last three, or what a sanitizer found and where.
std::vector<std::string> meaningful_lines(std::string_view stderr_text);

// "AddressSanitizer: heap-use-after-free", or empty without a sanitizer's report.
std::string sanitizer_finding(std::string_view stderr_text);

// tests/03_rebind.cpp, whatever path the build gave the compiler.
std::string path_in_repository(std::string_view path);

}  // namespace report
}  // namespace support
