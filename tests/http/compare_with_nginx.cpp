// Sends the doubtful requests of tests/shared to our server and to nginx, and prints what each answers: 405 is our
// answer to content that it has received, 502 that of nginx. Where only one of them receives it, that must be explained
// here.
#include "doubtful_requests.hpp"
#include "expect/expect.hpp"
#include "report/history.hpp"
#include "server/child_process.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "server/site.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using support::Client;
using support::expect;

namespace {

int connection_to(std::uint16_t port, bool listens) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  const int result = listens ? ::bind(socket, to, sizeof address) : ::connect(socket, to, sizeof address);
  if (result == 0) return socket;
  ::close(socket);
  return -1;
}

std::uint16_t free_port() {
  const int socket = connection_to(0, true);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

// A proxy for a server that is not there: it receives a request whole, checks it, and then answers 502.
class Nginx {
 public:
  Nginx() {
    folder_.write("nginx.conf", config());
    const std::string path = folder_.site + "/nginx.conf";
    nginx_ = new support::ChildProcess{
        {std::getenv("SERVERLINGS_NGINX"), "-p", folder_.site, "-c", path, "-e", folder_.site + "/error.log"}, "", 0};
    nginx_->drain_in_background();
    const auto is_there = [this] {
      const int socket = connection_to(port_, false);
      if (socket != -1) ::close(socket);
      return socket != -1 || nginx_->has_ended();
    };
    expect("whether nginx listens, or has ended", is_there).becomes(true);
    if (nginx_->has_ended()) expect("what nginx says as it ends", nginx_->err().text()).is("nothing, and goes on");
  }
  ~Nginx() {
    nginx_->ask_to_end();
    delete nginx_;
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  std::string config() const {
    return "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\nhttp {\n"
           "  access_log off;\n"
           "  client_body_temp_path body;\n  proxy_temp_path proxy;\n  fastcgi_temp_path fastcgi;\n"
           "  uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n"
           "  client_max_body_size 1000000;\n"  // as max_content_bytes
           "  client_header_timeout 1s;\n  client_body_timeout 1s;\n  keepalive_timeout 300ms;\n"
           "  lingering_timeout 100ms;\n"
           "  server {\n    listen 127.0.0.1:" +
           std::to_string(port_) + ";\n    location / { proxy_pass http://unix:" + folder_.site +
           "/nobody; }\n  }\n}\n";
  }

  support::SiteFolder folder_;
  const std::uint16_t port_ = free_port();
  support::ChildProcess* nginx_ = nullptr;
};

// What a server answers to the request, and to the one behind it: "400", or "502 502", or "nothing".
std::string answers_of(std::uint16_t port, const std::string& text) {
  support::history::clear();
  Client client{port};
  client.send(text + std::string{support::kept_request_to_nowhere});
  const std::string bytes = client.receive_all().bytes;
  std::string answers;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != bytes.npos; at = bytes.find("HTTP/1.1 ", at + 1)) {
    answers += (answers.empty() ? "" : " ") + bytes.substr(at + 9, 3);
  }
  return answers.empty() ? "nothing" : answers;
}

// What is in order, for comparison.
std::vector<support::Doubtful> good_requests() {
  return {
      {"content of a length", support::post_with("Content-Length: 5\r\n"), "HTTP/1.1 405 "},
      {"chunks", support::post_in_chunks("5\r\nhello\r\n0\r\n\r\n"), "HTTP/1.1 405 "},
      {"chunks with extensions", support::post_in_chunks("5;a=b\r\nhello\r\n0;c\r\n\r\n"), "HTTP/1.1 405 "},
      {"chunks with trailers", support::post_in_chunks("5\r\nhello\r\n0\r\nX: y\r\n\r\n"), "HTTP/1.1 405 "},
      {"a coding in capitals", support::post_with("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), "HTTP/1.1 405 "},
  };
}

// What nginx 1.22 receives, and our server refuses.
const std::map<std::string_view, std::string_view> stricter = {
    {"a space after the size (RFC 9112 §7.1)", "nginx skips spaces there; the grammar has them only before a ;"},
    {"two sizes (RFC 9112 §7.1)", "nginx skips what follows the space, up to the line end"},
    {"a size line that ends in LF (RFC 9112 §7.1)",
     "nginx takes a LF alone for a line end (allowed in header sections)"},
    {"extensions of 300 bytes (RFC 9112 §7.1.1)", "nginx skips any number of bytes; a limit is up to the server"},
    {"a chunk that ends in LF (RFC 9112 §7.1)", "nginx takes a LF alone for a line end"},
    {"a trailer that is no field (RFC 9112 §7.1.2)", "nginx skips the trailer section without parsing it"},
    {"a trailer with a space before the colon (RFC 9112 §5.1)", "nginx skips the trailer section without parsing it"},
    {"a trailer section that ends in LF (RFC 9112 §7.1.2)", "nginx takes a LF alone for a line end"},
    {"10,000 trailer fields (RFC 6585 §5)", "nginx skips any number of bytes; a limit is up to the server"},
};

}  // namespace

TEST_CASE("what our server receives, nginx receives; and where ours is stricter, that is explained") {
  std::puts("# ours     nginx    for this request, and another one behind it");
  const Nginx nginx;
  const support::Server ours{{.folder = "tests/site",
                              .args = support::with_limits(4, support::long_time, 100),
                              .program = std::getenv("SERVERLINGS_SERVER")}};
  std::vector<support::Doubtful> all;
  for (const auto& some : {support::doubtful_lengths(), support::doubtful_codings(), support::doubtful_chunk_sizes(),
                           support::doubtful_chunk_ends(), support::endless_requests(), good_requests()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  for (const auto& [what, text, start] : all) {
    const std::string our_answers = answers_of(ours.port(), text);
    const std::string its_answers = answers_of(nginx.port(), text);
    const bool we_do = our_answers.starts_with("405");
    const bool it_does = its_answers.starts_with("502");
    const auto reason = stricter.find(what);
    const bool is_explained = reason != stricter.end() && !we_do;
    std::printf("# %-8s %-8s %s\n", our_answers.c_str(), its_answers.c_str(), std::string{what}.c_str());
    if (we_do == it_does) continue;
    if (is_explained) std::printf("#                   %s\n", std::string{reason->second}.c_str());
    const std::string question =
        "whether it is explained why only " + std::string{we_do ? "we accept " : "nginx accepts "};
    expect(question + std::string{what}, is_explained).is(true);
  }
}
