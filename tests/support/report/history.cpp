#include "report/history.hpp"

#include "report/bytes.hpp"

#include <chrono>
#include <cstdio>
#include <mutex>

namespace support::history {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t bytes_kept = 200;    // of each entry: more than a line can show
constexpr std::size_t entry_columns = 55;  // of the bytes and their count, so that the line fits into 80 columns

enum class Kind { sent, received, note };

struct Entry {
  Kind kind;
  Clock::time_point time;
  std::string bytes;  // the first bytes_kept, or the note
  std::size_t total = 0;
  std::size_t pieces = 1;
};

struct Connection {
  std::uint16_t port;
  std::vector<Entry> entries;
};

std::mutex mutex;  // guards what follows
std::vector<Connection> connections;
Clock::time_point start;
bool frozen = false;

void add(int connection, Kind kind, std::string_view bytes, bool goes_on = false) {
  const std::lock_guard lock{mutex};
  if (frozen) return;
  if (connection < 1 || static_cast<std::size_t>(connection) > connections.size()) return;
  std::vector<Entry>& entries = connections[static_cast<std::size_t>(connection) - 1].entries;
  // What went the same way without a word in between is one entry: how TCP cut it tells a reader nothing.
  if (entries.empty() || entries.back().kind != kind || kind == Kind::note) {
    entries.push_back({kind, Clock::now(), std::string{bytes.substr(0, bytes_kept)}, bytes.size()});
    return;
  }
  Entry& last = entries.back();
  if (last.bytes.size() < bytes_kept) last.bytes += bytes.substr(0, bytes_kept - last.bytes.size());
  last.total += bytes.size();
  if (!goes_on) ++last.pieces;
}

std::string line_for(const Entry& entry) {
  char time[32];
  std::snprintf(time, sizeof time, "%8.1f ms  ", std::chrono::duration<double, std::milli>(entry.time - start).count());
  if (entry.kind == Kind::note) return time + entry.bytes;
  const bool in_pieces = entry.kind == Kind::sent && entry.pieces > 1;
  const std::string pieces = in_pieces ? " in " + std::to_string(entry.pieces) + " pieces" : "";
  return time + std::string{entry.kind == Kind::sent ? "sent      " : "received  "} +
         shown(entry.bytes, entry_columns, pieces, entry.total);
}

std::vector<std::string> lines_for(std::size_t number, const Connection& connection, std::size_t most) {
  std::vector<std::string> lines{"connection " + std::to_string(number) +
                                 " to 127.0.0.1:" + std::to_string(connection.port)};
  const std::size_t count = connection.entries.size();
  const std::size_t room = most - 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (count > room && i == 1) {  // keeps the first entry and the latest ones
      const std::size_t left_out = count - room + 1;
      lines.push_back("            … " + std::to_string(left_out) + " lines left out");
      i += left_out;
      if (i >= count) break;
    }
    lines.push_back(line_for(connection.entries[i]));
  }
  return lines;
}

}  // namespace

void clear() {
  const std::lock_guard lock{mutex};
  connections.clear();
  frozen = false;
}

void freeze() {
  const std::lock_guard lock{mutex};
  frozen = true;
}

int connect(std::uint16_t port) {
  const std::lock_guard lock{mutex};
  if (frozen) return 0;
  if (connections.empty()) start = Clock::now();
  connections.push_back({port, {}});
  return static_cast<int>(connections.size());
}

void sent(int connection, std::string_view bytes, bool goes_on) {
  add(connection, Kind::sent, bytes, goes_on);
}
void received(int connection, std::string_view bytes) {
  add(connection, Kind::received, bytes);
}
void note(int connection, std::string_view text) {
  add(connection, Kind::note, text);
}

std::vector<std::string> lines(std::size_t most) {
  const std::lock_guard lock{mutex};
  std::vector<std::string> result;
  std::size_t first = connections.size();
  while (first > 0) {
    const std::size_t left_out_line = first > 1 ? 1 : 0;
    const std::size_t room = most - result.size();
    const bool is_last = first == connections.size();
    if (room < left_out_line + (is_last ? 3 : 1 + connections[first - 1].entries.size())) break;
    const std::vector<std::string> more = lines_for(first, connections[first - 1], room - left_out_line);
    result.insert(result.begin(), more.begin(), more.end());
    --first;
  }
  if (first == 1) result.insert(result.begin(), "connection 1: not shown");
  if (first > 1) result.insert(result.begin(), "connections 1 to " + std::to_string(first) + ": not shown");
  if (result.size() > most) result.resize(most);
  return result;
}

}  // namespace support::history
