// Test cases: clients, bytes and ends that have come before the server looks, from outside.
#include "expect/expect.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>

using support::Client;
using support::count_descriptors;
using support::expect;
using support::expect_kept_page;
using support::kept_request;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::long_time;
using support::request_with;
using support::Server;
using support::with_limits;

namespace {

// Clients have all the time in the world.
struct PatientServer {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
};

// While it lives, the server is stopped (SIGSTOP): all that is done meanwhile has come when it looks again.
class Pause {
 public:
  explicit Pause(Server& server) : server_{server} {
    server.wait_until_at_rest();
    server.signal(SIGSTOP);
    siginfo_t state{};
    ::waitid(P_PID, static_cast<id_t>(server.pid()), &state, WSTOPPED | WEXITED | WNOWAIT);
  }
  ~Pause() { server_.signal(SIGCONT); }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  Server& server_;
};

std::string post(std::size_t size) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
         std::string(size, 'x');
}

}  // namespace

TEST_CASE_FIXTURE(PatientServer, "clients that come at the same time are all answered") {
  std::list<Client> clients;
  {
    const Pause pause{server};
    for (int i = 0; i < 5; ++i) clients.emplace_back(server).send(kept_request);
  }
  for (Client& client : clients) expect("the answer", client.receive_answer()).starts_with(line_200);
  for (Client& client : clients) expect_kept_page(client, "the answer to the next request");
}

TEST_CASE_FIXTURE(PatientServer,
                  "content of many kilobytes that comes in one piece is taken, and what follows it, too") {
  Client client{server};
  {
    const Pause pause{server};
    client.send(post(50'000) + std::string{kept_request_to_nowhere});
  }
  expect("the answer", client.receive_answer()).starts_with("HTTP/1.1 405 ");
  expect("the answer to what follows it", client.receive_answer()).starts_with(line_404);
}

TEST_CASE_FIXTURE(PatientServer, "requests of just as many bytes as are received at a time are answered") {
  std::list<Client> clients;
  for (const std::size_t size : {4'095, 4'096, 4'097, 8'191, 8'192}) {
    Client& client = clients.emplace_back(server);
    std::string request = request_with("HTTP/1.1", {"Cookie: "});
    request.insert(request.size() - 4, size - request.size(), 'c');
    client.send(request);
    expect("the answer to " + std::to_string(size) + " bytes", client.receive_answer()).starts_with(line_200);
  }
}

TEST_CASE_FIXTURE(PatientServer, "the end of a client that comes together with its last bytes is seen") {
  Client whole{server};
  Client half{server};
  {
    const Pause pause{server};
    whole.send(kept_request);
    whole.finish_sending();
    half.send(kept_request.substr(0, 20));
    half.finish_sending();
  }
  expect("the answer to half a request", half.receive_all()).starts_with("HTTP/1.1 400 ");
  const support::Received answer = whole.receive_all();
  expect("the answer to a whole request", answer).starts_with(line_200);
}

TEST_CASE_FIXTURE(PatientServer, "a client that has gone before it is accepted keeps nobody out") {
  std::list<Client> clients;
  {
    const Pause pause{server};
    for (int i = 0; i < 4; ++i) clients.emplace_back(server).send(kept_request);
    clients.front().reset();
    clients.back().close();
  }
  clients.pop_front();
  clients.pop_back();
  for (Client& client : clients) expect("the answer", client.receive_answer()).starts_with(line_200);
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
}

TEST_CASE_FIXTURE(PatientServer, "what comes while nobody is waited for is not lost") {
  Client first{server};
  Client second{server};
  for (int i = 0; i < 20; ++i) {
    {
      const Pause pause{server};
      first.send(kept_request);
      second.send(kept_request_to_nowhere);
    }
    expect("the answer to one client", first.receive_answer()).starts_with(line_200);
    expect("the answer to the other client", second.receive_answer()).starts_with(line_404);
  }
  server.wait_until_at_rest();
}

TEST_CASE_FIXTURE(PatientServer, "a client that has its last answer, and goes on sending without end, is let go") {
  constexpr std::size_t most = 64'000'000;  // bytes; it is let go long before that
  server.wait_until_at_rest();
  const int before = count_descriptors(server.pid());
  Client endless{server};
  endless.send(request_with("HTTP/1.1", {"Connection: close"}));
  expect("the last answer", endless.receive_all()).starts_with(line_200);
  const std::string bytes(1'000'000, 'x');
  for (std::size_t sent = 0; sent < most && count_descriptors(server.pid()) > before; sent += bytes.size()) {
    support::history::clear();
    endless.send(bytes);
  }
  expect("whether it is let go before it has sent 64 MB", count_descriptors(server.pid()) == before).is(true);
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
}
