// The test programs' main: doctest, with a reporter that speaks TAP (testanything.org) and explains each failure in a
// few lines. `--console` brings doctest's own output; its options work as ever.
#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS  // a crash is the sanitizer's to report, or the runner's
#include <doctest/doctest.h>

#include "report/failure.hpp"
#include "report/history.hpp"
#include "report/report.hpp"
#include "server/server.hpp"
#include "server/watchdog.hpp"

#include <sys/prctl.h>

#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

class TapReporter : public doctest::IReporter {
 public:
  explicit TapReporter(const doctest::ContextOptions& options) : options_{options} {}

  static inline unsigned planned = 0;

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override { print("1.." + std::to_string(planned)); }
  void test_run_end(const doctest::TestRunStats&) override {}

  void test_case_start(const doctest::TestCaseData& test) override {
    ++number_;
    test_ = &test;
    failure_.reset();
    subcases_.clear();
    support::history::clear();
    support::report::clear();
    print(std::string{"# running: "} + test.m_name);
    support::watchdog::test_begins(number_, test.m_name, support::failure_of(test, "").place);
  }

  void test_case_reenter(const doctest::TestCaseData&) override { subcases_.clear(); }

  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    support::watchdog::test_ends();
    const std::string line = std::to_string(number_) + " - " + test_->m_name;
    if (stats.testCaseSuccess) return print("ok " + line);
    print("not ok " + line);
    if (!failure_) note(support::failure_of(*test_, "the test fails"));
    for (const std::string& words : support::told(*failure_)) print("  " + words);
    const std::string whole_stderr = support::report::whole_stderr();
    if (whole_stderr.empty()) return;
    print("# server's stderr begins");
    print(whole_stderr.substr(0, whole_stderr.size() - 1));
    print("# server's stderr ends");
  }

  void test_case_exception(const doctest::TestCaseException& exception) override {
    note(support::failure_of(*test_, exception));
  }

  void subcase_start(const doctest::SubcaseSignature& subcase) override {
    subcases_.push_back(support::printable(subcase.m_name.c_str()));
  }
  void subcase_end() override {}

  void log_assert(const doctest::AssertData& data) override {
    if (data.m_failed && !(data.m_at & doctest::assertType::is_warn)) note(support::failure_of(data));
  }

  void log_message(const doctest::MessageData& data) override {
    if (!(data.m_severity & doctest::assertType::is_warn)) return note(support::failure_of(data));
    for (const std::string& line : support::printable_lines(data.m_string.c_str())) print("# " + line);
  }

  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  void print(const std::string& line) { *options_.cout << line << '\n' << std::flush; }

  // Only the first failure of a test case is told: the others mostly follow from it.
  void note(support::Failure failure) {
    if (failure_) return;
    failure.given.insert(failure.given.begin(), subcases_.begin(), subcases_.end());
    support::history::freeze();
    support::report::look_at_sleeper();
    support::note_servers_at_failure();
    // In case that the test hangs before it has ended.
    print("# failed: " + support::headline(failure));
    support::watchdog::test_failed(support::headline(failure));
    failure_ = std::move(failure);
  }

  const doctest::ContextOptions& options_;
  const doctest::TestCaseData* test_ = nullptr;
  int number_ = 0;
  std::optional<support::Failure> failure_;
  std::vector<std::string> subcases_;
};

// Finds out how many test cases the options select, without running them.
class CountingReporter : public TapReporter {
 public:
  using TapReporter::TapReporter;
  void report_query(const doctest::QueryData& query) override { planned = query.num_data; }
};

REGISTER_REPORTER("tap", 0, TapReporter);
REGISTER_REPORTER("tap-plan", 0, CountingReporter);

bool names_a_reporter(std::string_view argument) {
  for (const std::string_view option : {"-r=", "--r=", "-reporters=", "--reporters=", "-dt-r=", "--dt-r=",
                                        "-dt-reporters=", "--dt-reporters=", "--console"}) {
    if (argument.starts_with(option)) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // so that gdb may look at a test that hangs
  ::setenv("LC_ALL", "C", 1);

  doctest::Context context{argc, argv};
  for (int i = 1; i < argc; ++i) {
    if (names_a_reporter(argv[i])) return context.run();
  }
  if (context.shouldExit()) return context.run();  // --help, --list-test-cases and the like

  std::vector<const char*> arguments{argv, argv + argc};
  arguments.push_back("--list-test-cases");
  doctest::Context plan{static_cast<int>(arguments.size()), arguments.data()};
  plan.addFilter("reporters", "tap-plan");
  plan.run();

  context.addFilter("reporters", "tap");
  support::watchdog::start();
  const int status = context.run();
  support::watchdog::stop();
  return status;
}
