#include "pictures/connection_cost.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>
#include <thread>

#include "text/text.hpp"

namespace runner {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds connecting_limit{10};

// The entries of a folder of /proc, such as fd or task; 0 if it cannot be read.
int count_entries(pid_t process, std::string_view folder) {
  std::error_code error;
  int count = 0;
  for (std::filesystem::directory_iterator at(fmt::format("/proc/{}/{}", process, folder), error), end;
       !error && at != end; at.increment(error)) {
    ++count;
  }
  return count;
}

// In bytes (proc(5): the second number of statm counts pages).
double resident_memory(pid_t process) {
  double all = 0;
  double resident = 0;
  std::ifstream(fmt::format("/proc/{}/statm", process)) >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// Connections that say nothing until this object is destroyed.
class SilentClients {
 public:
  SilentClients() = default;
  SilentClients(const SilentClients&) = delete;
  SilentClients& operator=(const SilentClients&) = delete;
  ~SilentClients() {
    for (const int client : clients_) close(client);
  }

  // False, with errno, when the machine refuses.
  bool add(std::uint16_t port) {
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0) return false;
    clients_.push_back(client);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const timeval limit{2, 0};  // for connect, too: a server that accepts one at a time has room for so many
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    return connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

 private:
  std::vector<int> clients_;
};

std::string kilobytes(double bytes) {
  return fmt::format("{:.1f} KB", bytes / 1024);
}

}  // namespace

int raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()));
}

ConnectionCost measure_connections(std::uint16_t port, pid_t server, int asked, const std::stop_token& stop) {
  ConnectionCost cost;
  cost.asked = asked;
  const int descriptors = count_entries(server, "fd");
  const int threads = count_entries(server, "task");
  const double memory = resident_memory(server);
  const auto end = Clock::now() + connecting_limit;
  SilentClients clients;
  for (int i = 0; i < asked && cost.refusal.empty() && !stop.stop_requested(); ++i) {
    if (!clients.add(port)) cost.refusal = std::strerror(errno);
    if (Clock::now() > end) cost.refusal = "connecting them took too long";
  }
  // The server is given time to accept them; a pool keeps only some.
  for (int before = -1; cost.kept != before && cost.kept < asked && !stop.stop_requested();) {
    before = cost.kept;
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    cost.kept = std::max(count_entries(server, "fd") - descriptors, 0);
  }
  cost.threads = std::max(count_entries(server, "task") - threads, 0);
  cost.resident = std::max(resident_memory(server) - memory, 0.0);
  return cost;
}

std::vector<std::string> connection_cost_lines(const ConnectionCost& cost, double stack) {
  std::vector<std::string> lines;
  if (!cost.refusal.empty()) {
    lines.push_back(fmt::format("No more than these connected: {}", printable(cost.refusal)));
  }
  lines.push_back(fmt::format("{} connected and said nothing; the server keeps {} of them open.",
                              counted(cost.asked, "client"), cost.kept));
  if (cost.kept == 0) return lines;
  lines.push_back(fmt::format("{} came with them. Each connection cost, on this machine:",
                              cost.threads == 0 ? "No thread" : counted(cost.threads, "thread")));
  lines.emplace_back();
  const auto line = [&](std::string_view what, const std::string& amount, std::string_view note) {
    lines.push_back(fmt::format("  {:<24}{:>10}  {}", what, amount, note));
  };
  line("memory in use", kilobytes(cost.resident / cost.kept), "in the server; the system has its share");
  line("a thread that waits", kilobytes(stack), "its stack, as far as it was used");
  return lines;
}

}  // namespace runner
