// Tests of what the stages' tests stand on, with one good and many bad servers (fixture.cpp).
#include "bytes.hpp"
#include "client.hpp"
#include "expect.hpp"
#include "process_facts.hpp"
#include "server.hpp"
#include "signals.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>
#include <thread>

using support::Client;
using support::count_descriptors;
using support::count_threads;
using support::ExitStatus;
using support::expect;
using support::Interruptions;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

bool exists(pid_t process) {
  return kill(process, 0) == 0;
}

}  // namespace

TEST_SUITE_BEGIN("server");

TEST_CASE("a server runs until it is stopped, and is reaped") {
  Server server;
  expect("running", server.running()).is(true);
  expect("how it ended", server.stop()).is(ExitStatus{.signal = SIGTERM});
  expect("running", server.running()).is(false);
  expect("the process is there", exists(server.pid())).is(false);
}

TEST_CASE("a server whose object is gone is gone, even when it ignores SIGTERM") {
  pid_t process = 0;
  {
    Server server{{.args = {"ignores SIGTERM"}}};
    process = server.pid();
  }
  expect("the process is there", exists(process)).is(false);
}

TEST_CASE("a server may end by itself when the test waits for that") {
  Server server{{.args = {"ends well"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
  expect("its exit status", server.wait()).is(ExitStatus{});
}

TEST_CASE("an exit status counts as in a shell") {
  Server server;
  kill(server.pid(), SIGKILL);
  const ExitStatus status = server.wait();
  expect("the signal", status.signal).is(SIGKILL);
  CHECK(status == 137);
}

TEST_CASE("a server gets the port, the current folder and the limit that the test chooses") {
  std::uint16_t port = 0;
  {
    Server server;
    port = server.port();
  }
  Server server{{.port = port, .folder = "/proc/self", .args = {"prints its folder"}, .descriptor_limit = 77}};
  expect("its port", server.port()).is(port);
  expect("its folder and limit", server.stderr_text()).is("/proc/" + std::to_string(server.pid()) + " 77\n");
}

TEST_CASE("a flood on stderr does not block the server, and its beginning and end are kept") {
  Server server{{.args = {"floods stderr"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
  expect("stderr", server.stderr_text()).starts_with("line 0 of very many\nline 1 of");
  expect("stderr", server.stderr_text()).contains(" bytes left out …\n");
  expect("stderr", server.stderr_text()).ends_with("line 99999 of very many\n");
  expect("bytes kept", server.stderr_text().size()).is_at_most(100'000U);
}

TEST_CASE("a flood on stderr before the first line does not block the server") {
  Server server{{.args = {"floods stderr at start"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
}

TEST_CASE("servers and clients leave no descriptor and no thread behind") {
  const int descriptors = count_descriptors(getpid());
  {
    Server server;
    Client client{server};
    Server other;
    Client{other}.reset();
  }
  expect("open descriptors", count_descriptors(getpid())).is(descriptors);
  expect("threads", [] { return count_threads(getpid()); }).becomes(1);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("client");

TEST_CASE("bytes go out and come in as they are") {
  Server server;
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
  expect("the connection is closed", client.closed()).is(true);
}

TEST_CASE("an answer that comes in pieces is received whole") {
  Server server{{.args = {"answers in pieces"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
}

TEST_CASE("an answer of 20 MB is received whole") {
  Server server{{.args = {"answers long"}}};
  Client client{server};
  client.send(request);
  const support::Received received = client.receive_all();
  expect("its bytes", received.bytes.size()).is(20'000'045U);
  expect("reset", received.reset).is(false);
}

TEST_CASE("a part of an answer can be received") {
  Server server;
  Client client{server};
  client.send(request);
  expect("the start", client.receive(8)).is(answer.substr(0, 8));
  expect("the rest", client.receive_all()).is(answer.substr(8));
  expect("what comes after the end", client.receive(1)).is("");
}

TEST_CASE("a reset is told from an orderly end") {
  Server server{{.args = {"resets"}}};
  Client client{server};
  expect("the connection is closed", client.closed()).is(false);
  client.send(request);
  const support::Received received = client.receive_all();
  expect("what came before", received.bytes).is(answer.substr(0, 17));
  expect("reset", received.reset).is(true);
  expect("the connection is closed", client.closed()).is(true);
}

TEST_CASE("no read of the server sees two pieces at once") {
  Server server{{.args = {"tells what it reads"}}};
  Client client{server};
  client.send_in_pieces({"ab", "cde", "f"});
  client.wait_until_read();
  client.send_byte_by_byte("ghi");
  client.finish_sending();
  expect("the answer", client.receive_all()).is("");
  expect("the sizes of what the server read", server.stderr_text()).is("2 3 1 1 1 1 ");
}

TEST_CASE("a server that answers before all is sent does not fail the client") {
  Server server;
  Client client{server};
  client.send_byte_by_byte(std::string{request} + std::string(100, 'x'));
  expect("the answer", client.receive_all().bytes).is(answer);
}

TEST_CASE("the end of what a client sends can be seen by the server") {
  Server server;
  Client client{server};
  client.send("GET /");
  client.finish_sending();
  expect("the answer", client.receive_all()).is(answer);
}

TEST_CASE("a client can tell that it hears nothing yet") {
  Server server;
  Client client{server};
  expect("nothing to hear before the request", client.hears_nothing()).is(true);
  client.send(request.substr(0, 5));
  expect("nothing to hear in the middle", client.hears_nothing()).is(true);
  client.send(request.substr(5));
  expect("nothing to hear at the end", client.hears_nothing()).is(false);
}

TEST_CASE("a server that another client occupies is waited for, as long as it works") {
  Server server;
  Client client{server};
  client.send("GET ");
  std::thread later{[&client] { client.send("/ HTTP/1.1\r\n\r\n"); }};
  Client next{server};
  next.send(request);
  expect("the answer", next.receive_all()).is(answer);
  later.join();
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("process facts");

TEST_CASE("descriptors are counted") {
  Server server{{.args = {"leaks descriptors"}}};
  server.wait_until_at_rest();
  const int before = count_descriptors(server.pid());
  for (int i = 0; i < 3; ++i) {
    Client client{server};
    client.send(request);
    client.receive(answer.size());
  }
  server.wait_until_at_rest();
  expect("descriptors", count_descriptors(server.pid())).is(before + 3);
}

TEST_CASE("one's own descriptors are counted without those of the counting") {
  const int before = count_descriptors(getpid());
  const int copy = dup(0);
  expect("descriptors", count_descriptors(getpid())).is(before + 1);
  close(copy);
  expect("descriptors", count_descriptors(getpid())).is(before);
}

TEST_CASE("threads are counted without a sanitizer's own") {
  Server server;
  expect("threads", count_threads(server.pid())).is(1);
  Server with_threads{{.args = {"has threads"}}};
  expect("threads", [&] { return count_threads(with_threads.pid()); }).becomes(4);
}

TEST_CASE("time on a processor is counted, and a server that spins is not at rest") {
  Server server{{.args = {"spins"}}};
  Client client{server};
  expect("it has worked for 20 ms", [&] { return support::cpu_time(server.pid()).count() >= 20; }).becomes(true);
  expect("it is at rest", support::is_at_rest(server.pid())).is(false);
}

TEST_CASE("facts about a process that is gone are an error") {
  Server server;
  server.stop();
  CHECK_THROWS_AS(count_threads(server.pid()), std::runtime_error);
  CHECK_THROWS_AS(support::cpu_time(server.pid()), std::runtime_error);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("interruptions");

TEST_CASE("a call that waits is interrupted as often as asked") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const Interruptions interruptions{3};
  for (int i = 1; i <= 3; ++i) {
    char byte = 0;
    const ssize_t count = recv(ends[0], &byte, 1, 0);
    const int error = errno;
    CHECK(count == -1);
    CHECK(error == EINTR);
    CHECK(interruptions.arrived() == i);
  }
  CHECK(send(ends[1], "x", 1, 0) == 1);
  char byte = 0;
  CHECK(recv(ends[0], &byte, 1, 0) == 1);
  close(ends[0]);
  close(ends[1]);
}

TEST_SUITE_END();
