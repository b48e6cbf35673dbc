// Stage 44, many loops: docs/44_many_loops.md
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "check.hpp"
#include "deadlines.hpp"
#include "event_loop.hpp"
#include "limits.hpp"
#include "listener.hpp"
#include "parse_request.hpp"
#include "respond.hpp"
#include "results.hpp"
#include "serve.hpp"
#include "socket.hpp"
#include "status.hpp"
#include "stop_signal.hpp"

// Not "…": later stages bring their own, and this finds them.
#include <connection.hpp>
#include <thread_pool.hpp>

// How many requests wait for a worker, at most.
constexpr std::size_t max_waiting = 64;

// The next client, if one has come. Throws std::system_error.
std::optional<Socket> try_accept(const Socket& listener) {
  while (true) {
    const int client = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (client == -1 && errno == EAGAIN) return std::nullopt;
    if (client == -1 && (errno == EINTR || errno == ECONNABORTED)) continue;
    return Socket{check(client, "accept4")};
  }
}

// What the loop's numbers mean; connections have those from first_connection on.
enum Number : std::uint64_t { listening, stopping, results_have_come, first_connection };

// Makes an answer that takes long, on a thread of the pool.
struct Work {
  std::uint64_t connection;
  Request request;
  Results& results;

  void operator()() { results.put(connection, respond(request)); }
};

// The answer for a client whose request no worker has room for (RFC 9110 §10.2.3).
Response no_room() {
  Response response = error_response(Status::service_unavailable);
  response.fields.push_back({"Retry-After", "1"});
  return response;
}

// Serves all clients with that many threads: each client a little, whenever something has come for it, or its time is
// over. What takes long is handed to a pool. When the server is asked to stop, the requests that have begun are still
// answered.
// TODO: The threads share one loop, and all that belongs to it. Each of them must have a loop of its own, with its own
// listener at the same port.
void serve(Socket listener, std::size_t threads, const Limits& limits, const StopSignal& stop) {
  EventLoop loop;
  check(fcntl(listener.fd(), F_SETFL, O_NONBLOCK), "fcntl");  // accept4 does not wait, either
  loop.watch(listener.fd(), listening, EPOLLIN | EPOLLET);
  loop.watch(stop.fd(), stopping, EPOLLIN);
  Results results;
  loop.watch(results.fd(), results_have_come, EPOLLIN);
  ThreadPool pool{std::max<std::size_t>(std::thread::hardware_concurrency(), 1), max_waiting};  // its jobs use results
  std::unordered_map<std::uint64_t, Connection> connections;
  Deadlines deadlines;
  std::uint64_t newest = first_connection;
  bool stops = false;
  const auto forget = [&](std::uint64_t number) {
    deadlines.forget(number);
    connections.erase(number);
  };
  const auto go_on = [&](std::uint64_t number) {
    const auto found = connections.find(number);
    if (found == connections.end()) return;
    Connection& connection = found->second;
    try {
      if (!connection.go_on()) return forget(number);
      if (auto request = connection.take_work()) {
        Work work{number, std::move(*request), results};
        if (!pool.try_execute(work)) results.put(number, no_room());
      }
      deadlines.set(number, connection.deadline());
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      forget(number);
    }
  };
  const auto accept_all = [&] {
    try {
      while (std::optional<Socket> client = try_accept(listener)) {
        const std::uint64_t number = newest++;
        loop.watch(client->fd(), number, EPOLLIN | EPOLLOUT | EPOLLET);
        const auto made = connections.try_emplace(number, std::move(*client), limits).first;
        deadlines.set(number, made->second.deadline());
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  };
  const auto deliver_results = [&] {
    for (Results::Result& result : results.take_all()) {
      const auto found = connections.find(result.connection);
      if (found == connections.end()) continue;  // the client has gone
      found->second.deliver(std::move(result.response));
      go_on(result.connection);
    }
  };
  const auto stop_now = [&] {
    accept_all();  // whoever has connected before
    stops = true;
    loop.forget(stop.fd());
    listener = Socket{-1};
    for (auto each = connections.begin(); each != connections.end();) {
      auto& [number, connection] = *each++;
      connection.let_answer_be_last();
      go_on(number);  // what has come by now is still answered; a client that has asked for nothing is let go
    }
  };
  const auto run = [&] {
    while (!stops || !connections.empty()) {
      for (const epoll_event& event : loop.wait(deadlines.next())) {
        const std::uint64_t number = event.data.u64;
        if (number == stopping) {
          stop_now();
        } else if (number == listening) {
          if (!stops) accept_all();
        } else if (number == results_have_come) {
          deliver_results();
        } else {
          go_on(number);
        }
      }
      while (const auto number = deadlines.take_expired(Clock::now())) go_on(*number);
    }
  };
  std::vector<std::jthread> others;
  while (others.size() + 1 < threads) others.emplace_back(run);
  run();
}

// server [PORT [CONNECTIONS [LOOPS [HEADER_MS [IDLE_MS]]]]]; CONNECTIONS means nothing here
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  const StopSignal stop;
  return run_server(arguments.port,
                    [&](Socket listener) { serve(std::move(listener), arguments.workers, arguments.limits, stop); });
}
