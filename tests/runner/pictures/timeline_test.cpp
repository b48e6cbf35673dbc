#include <doctest/doctest.h>

#include "pictures/connection_cost.hpp"
#include "pictures/thread_cost.hpp"
#include "pictures/timeline.hpp"
#include "text/text.hpp"

using namespace runner;
using std::chrono::milliseconds;

namespace {

// One of each kind, over 1000 ms.
Timeline every_ending() {
  return {.title = "08 site",
          .lanes = {{"slow 1", Client::slow, Ending::answered, milliseconds(0), milliseconds(0), milliseconds(500)},
                    {"fast 1", Client::fast, Ending::answered, milliseconds(100), milliseconds(501), milliseconds(502)},
                    {"silent", Client::silent, Ending::left, milliseconds(200), milliseconds(1000), milliseconds(1000)},
                    {"fast 2", Client::fast, Ending::answered, milliseconds(300), milliseconds(301), milliseconds(302)},
                    {"fast 3", Client::fast, Ending::cut_off, milliseconds(300), milliseconds(600), milliseconds(600)},
                    {"fast 4", Client::fast, Ending::refused, milliseconds(700), milliseconds(700), milliseconds(700)}},
          .note = ""};
}

int count_of(std::string_view what, std::string_view text) {
  int count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("lanes over time, in letters") {
  const auto lines = timeline_text({every_ending()}, 65, false, Paint());
  REQUIRE(lines.size() == 12);
  CHECK(lines[0] == "08 site");
  CHECK(lines[1] == "         0 ms    200     400     600     800    1000");
  CHECK(lines[2] == "slow 1   ####################                      waited 0 ms");
  CHECK(lines[3] == "fast 1       ................#                     waited 401 ms");
  CHECK(lines[4] == "silent           --------------------------------  left");
  CHECK(lines[5] == "fast 2               #                             waited 1 ms");
  CHECK(lines[6] == "fast 3               ...........x                  cut off");
  CHECK(lines[7] == "fast 4                               x             refused");
  CHECK(lines[8] == "4 fast requests: 2 answered; those waited 201 ms in the middle,");
  CHECK(lines[11].starts_with(". waiting"));
}

TEST_CASE("lanes over time, in blocks and in colour") {
  const auto plain = timeline_text({every_ending()}, 80, true, Paint());
  CHECK(plain[3].starts_with("fast 1        ░░"));
  CHECK(plain[3].find("█") != std::string::npos);
  CHECK(plain[6].find("×") != std::string::npos);
  const auto coloured = timeline_text({every_ending()}, 80, true, Paint(true, false));
  CHECK(coloured[3].find("\033[33m░") != std::string::npos);
  for (std::size_t i = 0; i < plain.size(); ++i) CHECK(width_of(plain[i]) == width_of(coloured[i]));
}

TEST_CASE("a picture fits into every width") {
  auto timeline = every_ending();
  timeline.title = "08 site, a version with a rather long name";
  timeline.note = "The server ended by SIGABRT: it ended itself.";
  for (const int width : {40, 60, 80}) {
    for (const auto& line : timeline_text({timeline, timeline}, width, true, Paint())) {
      CHECK(width_of(line) <= width);
    }
  }
}

TEST_CASE("several pictures have one time scale") {
  Timeline shorter{
      .title = "12 flood",
      .lanes = {{"fast 1", Client::fast, Ending::answered, milliseconds(0), milliseconds(250), milliseconds(250)}},
      .note = ""};
  CHECK(scale_of({every_ending(), shorter}).length == milliseconds(1000));
  CHECK(timeline_text({shorter, every_ending()}, 65, false, Paint())[2].starts_with("fast 1   .........#  "));
}

TEST_CASE("a time scale has at most six numbers") {
  for (const int length : {0, 1, 99, 100, 101, 1000, 1001, 2500, 4000, 40'000}) {
    const Timeline timeline{
        .title = "",
        .lanes = {{"fast 1", Client::fast, Ending::answered, milliseconds(0), milliseconds(0), milliseconds(length)}},
        .note = ""};
    const auto scale = scale_of({timeline});
    CHECK(scale.length.count() > 0);
    CHECK(scale.length / scale.tick <= 5);
  }
}

TEST_CASE("the last line says what the fast requests saw") {
  auto lanes = every_ending().lanes;
  CHECK(summary_of(lanes) == "4 fast requests: 2 answered; those waited 201 ms in the middle, 401 ms at most.");
  lanes.resize(4);
  CHECK(summary_of(lanes) == "2 fast requests: waited 201 ms in the middle, 401 ms at most.");
  lanes.resize(1);
  lanes.push_back({"fast 1", Client::fast, Ending::unanswered, milliseconds(0), milliseconds(9), milliseconds(9)});
  CHECK(summary_of(lanes) == "1 fast request: not one answered.");
}

TEST_CASE("of a crowd, those who came together and ended alike are one lane, and wait as long as the last of them") {
  std::vector<Lane> lanes{
      {"slow 1", Client::slow, Ending::answered, milliseconds(0), milliseconds(0), milliseconds(400)}};
  for (int i = 0; i < 30; ++i) {
    const bool busy = i % 3 == 0;
    const auto ended = milliseconds(busy ? 51 : 100 + i);
    lanes.push_back({"fast", Client::fast, busy ? Ending::busy : Ending::answered, milliseconds(50), ended, ended});
  }
  lanes.push_back({"fast 31", Client::fast, Ending::answered, milliseconds(600), milliseconds(601), milliseconds(602)});
  const auto rows = rows_of(lanes);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].name == "slow 1");
  CHECK(rows[1].name == "10 fast");
  CHECK(words_beside(rows[1]) == "told 503");
  CHECK(rows[2].name == "20 fast");
  CHECK(words_beside(rows[2]) == "waited 79 ms");
  CHECK(rows[3].name == "fast 31");
  CHECK(summary_of(lanes).starts_with("31 fast requests: 21 answered;"));
  lanes.resize(16);
  CHECK(rows_of(lanes).size() == 16);
}

TEST_CASE("where the server was asked to stop is marked") {
  auto timeline = every_ending();
  timeline.stopped = milliseconds(300);
  CHECK(timeline_text({timeline}, 65, false, Paint())[2] == "SIGTERM              |");
  CHECK(count_of("class=\"stop\"", timeline_svg({timeline})) == 1);
}

TEST_CASE("requests on one connection are counted apart from others") {
  const auto ms = [](int count) { return milliseconds(count); };
  const std::vector<Lane> lanes{{"kept 1", Client::kept, Ending::answered, ms(0), ms(2), ms(2)},
                                {"fast 1", Client::fast, Ending::answered, ms(0), ms(90), ms(90)},
                                {"kept 2", Client::kept, Ending::sent_away, ms(10), ms(10), ms(10)}};
  CHECK(summary_of(lanes) ==
        "2 requests on one connection: 1 answered; those waited 2 ms in the middle, 2 ms at most.");
}

TEST_CASE("a server without lanes says why") {
  const Timeline none{.title = "09", .lanes = {}, .note = "There is no server: it does not compile: 1 error."};
  CHECK(timeline_text({none}, 80, true, Paint()) ==
        std::vector<std::string>{"09", "There is no server: it does not compile: 1 error.", ""});
  CHECK(timeline_svg({none}).find("There is no server") != std::string::npos);
}

TEST_CASE("a picture for a page") {
  auto timeline = every_ending();
  timeline.title = "a < b & c";
  const auto svg = timeline_svg({timeline});
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(svg.find("a &lt; b &amp; c</text>") != std::string::npos);
  CHECK(svg.find("prefers-color-scheme: dark") != std::string::npos);
  CHECK(count_of("class=\"served\"", svg) == 3 + 1);  // and one in the legend
  CHECK(count_of("class=\"waiting\"", svg) == 2 + 1);
  CHECK(count_of("class=\"silent\"", svg) == 1 + 1);
  CHECK(count_of("class=\"failed\"", svg) == 2 + 1);
}

TEST_CASE("threads that wait are measured, and are gone afterwards") {
  const auto cost = measure_threads(8);
  CHECK(cost.created == 8);
  CHECK(cost.refusal == "");
  CHECK(cost.seconds > 0);
}

TEST_CASE("what a thread costs, and what ten million would") {
  ThreadCost cost{1000, 1000, "", 0.02, 8192e3, 8392704e3, 16384e3};
  auto text = join(thread_cost_lines(cost, ThreadLimit{32765, "vm.max_map_count"}), "\n");
  for (const auto* part : {"1000 threads that wait", "20.0 µs", "8.0 KB", "16.0 KB", "8.0 MB", "200 s", "229 GB",
                           "76 TB", "at most 32765 threads are allowed here (vm.max_map_count)"}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, part << " is not in:\n" << text);
  }
  cost.created = 58;
  cost.refusal = "Resource temporarily unavailable";
  text = join(thread_cost_lines(cost, {}), "\n");
  CHECK(text.starts_with(
      "This machine gave 58 of 1000 threads, and no more: Resource temporarily unavailable\n58 threads"));
  cost.created = 0;
  CHECK(thread_cost_lines(cost, {}).size() == 1);
}

TEST_CASE("what a silent connection costs, beside a thread") {
  ConnectionCost cost{10'000, 10'000, "", 10'240e3, 0};
  auto text = join(connection_cost_lines(cost, 8192), "\n");
  for (const auto* part :
       {"10000 clients connected", "keeps 10000 of them open", "No thread came with them", "1.0 KB", "8.0 KB"}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, part << " is not in:\n" << text);
  }
  cost = {10'000, 64, "Connection refused", 1000, 64};
  text = join(connection_cost_lines(cost, 8192), "\n");
  CHECK(text.starts_with("No more than these connected: Connection refused\n10000 clients"));
  CHECK(text.find("64 threads came with them") != std::string::npos);
  cost.kept = 0;
  CHECK(connection_cost_lines(cost, 8192).size() == 2);
}
