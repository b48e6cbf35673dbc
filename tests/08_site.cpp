#include "client.hpp"
#include "expect.hpp"
#include "place.hpp"
#include "server.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::Place;
using support::Received;
using support::Server;

namespace fs = std::filesystem;

namespace {

constexpr std::string_view secret = "the secret\n";

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

// A folder `site` with a server in it, and beside it what nobody may see. Gone when the test ends.
class Site {
 public:
  Site() : outside_{made()} {
    write_file(outside_ / "secret.txt", secret);
    write_file(outside_ / "site-old/secret.txt", secret);
    write_file(folder() / "index.html", "<title>Home</title>\n");
    write_file(folder() / "notes/index.html", "<title>Notes</title>\n");
    write_file(folder() / "404.html", "<title>Not here</title>\n");
  }
  ~Site() { fs::remove_all(outside_); }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  fs::path outside() const { return outside_; }
  fs::path folder() const { return outside_ / "site"; }

 private:
  static fs::path made() {
    std::string name = (fs::temp_directory_path() / "serverlings-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    return fs::canonical(name);
  }

  fs::path outside_;
};

Received answer_to(const Server& server, std::string_view target, Place place) {
  Client client{server, place};
  client.send("GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n\r\n", place);
  return client.receive_all(place);
}

void finds(const Server& server, std::string_view target, std::string_view body, Place place = Place::here()) {
  const Received answer = answer_to(server, target, place);
  expect("GET " + std::string{target} + " finds its file", answer, place).starts_with("HTTP/1.1 200 OK\r\n");
  expect("GET " + std::string{target} + " finds its file", answer.bytes.substr(answer.bytes.find("\r\n\r\n") + 4),
         place)
      .is(body);
}

void finds_nothing(const Server& server, std::string_view target, Place place = Place::here()) {
  const Received answer = answer_to(server, target, place);
  expect("GET " + std::string{target} + " reaches no file outside the site", answer, place).does_not_contain(secret);
  expect("GET " + std::string{target} + " finds nothing", answer, place).starts_with("HTTP/1.1 404 Not Found\r\n");
}

}  // namespace

TEST_CASE("a path names a file of the site") {
  const Site site;
  write_file(site.folder() / "notes/today.txt", "today\n");
  const Server server{{.folder = site.folder().string()}};
  finds(server, "/index.html", "<title>Home</title>\n");
  finds(server, "/notes/today.txt", "today\n");
  finds(server, "/notes/./today.txt?day=friday", "today\n");
}

TEST_CASE("dots do not lead out of the site") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/../secret.txt");
  finds_nothing(server, "/notes/../../secret.txt");
  finds_nothing(server, "/notes/../../site-old/secret.txt");
  finds_nothing(server, "/..");
}

TEST_CASE("dots written as %2e do not lead out of the site either") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/%2e%2e/secret.txt");
  finds_nothing(server, "/%2E%2E%2Fsecret.txt");
  finds_nothing(server, "/.%2e/secret.txt");
  finds_nothing(server, "/notes%2f..%2F..%2fsecret.txt");
}

TEST_CASE("what is encoded twice is decoded once") {
  const Site site;
  write_file(site.folder() / "100%25.txt", "a name with %25\n");
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/%252e%252e/secret.txt");
  finds_nothing(server, "/..%252fsecret.txt");
  finds(server, "/100%2525.txt", "a name with %25\n");
}

TEST_CASE("an absolute path does not lead out of the site") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/" + (site.outside() / "secret.txt").string());
  finds_nothing(server, "/%2f" + (site.outside() / "secret.txt").string());
  finds_nothing(server, "http://localhost/" + (site.outside() / "secret.txt").string());
}

TEST_CASE("a link leads out of the site as little as a path does") {
  const Site site;
  INFO("file, absolute, folder and chain are links in the site that lead out of it");
  fs::create_symlink("../secret.txt", site.folder() / "file");
  fs::create_symlink(site.outside() / "secret.txt", site.folder() / "absolute");
  fs::create_directory_symlink("..", site.folder() / "folder");
  fs::create_symlink("file", site.folder() / "chain");
  fs::create_symlink("chain-without-end", site.folder() / "chain-without-end");
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/file");
  finds_nothing(server, "/absolute");
  finds_nothing(server, "/folder/secret.txt");
  finds_nothing(server, "/chain");
  finds_nothing(server, "/chain-without-end");
}

TEST_CASE("a folder whose name begins like the site's is outside") {
  const Site site;
  INFO("old is a link in the site to ../site-old/secret.txt");
  fs::create_symlink("../site-old/secret.txt", site.folder() / "old");
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/old");
  finds_nothing(server, "/../site-old/secret.txt");
}

TEST_CASE("a link to a file of the site is followed") {
  const Site site;
  INFO("latest.html is a link in the site to notes/index.html");
  fs::create_symlink("notes/index.html", site.folder() / "latest.html");
  const Server server{{.folder = site.folder().string()}};
  finds(server, "/latest.html", "<title>Notes</title>\n");
}

TEST_CASE("a path that leaves the site finds nothing, even when it comes back") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  INFO("the folder of the site is named site");
  finds_nothing(server, "/../site/index.html");
  finds_nothing(server, "/../site-old/../site/index.html");
}

TEST_CASE("a NUL ends no name") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/index.html%00");
  finds_nothing(server, "/index.html%00.css");
  finds_nothing(server, "/%00");
}

TEST_CASE("a folder is not sent as if it were a file") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/notes");
  finds_nothing(server, "/.");
}

TEST_CASE("a named pipe does not stop the server") {
  const Site site;
  INFO("pipe is a named pipe (mkfifo) to which nobody writes");
  REQUIRE(::mkfifo((site.folder() / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("pipe", site.folder() / "link-to-pipe");
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/pipe");
  finds_nothing(server, "/link-to-pipe");
}

TEST_CASE("a path that ends with a slash means index.html") {
  const Site site;
  fs::create_directory(site.folder() / "empty");
  const Server server{{.folder = site.folder().string()}};
  finds(server, "/", "<title>Home</title>\n");
  finds(server, "/notes/", "<title>Notes</title>\n");
  finds_nothing(server, "/empty/");
  finds_nothing(server, "/index.html/");
}

TEST_CASE("a name may have spaces and letters of any language") {
  const Site site;
  write_file(site.folder() / "caf\xc3\xa9 & tea+1?.txt", "tea\n");
  const Server server{{.folder = site.folder().string()}};
  finds(server, "/caf%C3%A9%20%26%20tea+1%3F.txt", "tea\n");
  finds(server, "/caf%c3%a9%20&%20tea%2B1%3f.txt", "tea\n");
  finds_nothing(server, "/caf%C3%A9");
}

TEST_CASE("a % without two hexadecimal digits finds nothing") {
  const Site site;
  write_file(site.folder() / "100%", "100 %\n");
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/100%");
  finds_nothing(server, "/100%2");
  finds_nothing(server, "/100%zz");
  finds_nothing(server, "/%-1");
  finds(server, "/100%25", "100 %\n");
}

TEST_CASE("the bytes of a file arrive as they are") {
  const Site site;
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  write_file(site.folder() / "bytes.png", bytes);
  write_file(site.folder() / "empty.txt", "");
  const Server server{{.folder = site.folder().string()}};
  finds(server, "/bytes.png", bytes);
  finds(server, "/empty.txt", "");
  expect("the length of bytes.png", answer_to(server, "/bytes.png", Place::here()))
      .contains("\r\nContent-Length: 256\r\n");
}

TEST_CASE("a file comes with the type that its name tells") {
  const Site site;
  write_file(site.folder() / "style.css", "");
  write_file(site.folder() / "picture.svg", "");
  write_file(site.folder() / "data", "");
  const Server server{{.folder = site.folder().string()}};
  const auto expect_type = [&server](std::string_view target, std::string_view type, Place place = Place::here()) {
    const Received answer = answer_to(server, target, place);
    expect("the type of " + std::string{target}, answer, place)
        .contains("\r\nContent-Type: " + std::string{type} + "\r\n");
  };
  expect_type("/", "text/html; charset=utf-8");
  expect_type("/style.css", "text/css; charset=utf-8");
  expect_type("/picture.svg", "image/svg+xml");
  expect_type("/data", "application/octet-stream");
}

TEST_CASE("a name that no file can have finds nothing") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/" + std::string(300, 'x'));
  finds_nothing(server, "/" + std::string(5000, 'x'));
  finds_nothing(server, "/index.html/below-a-file");
  finds_nothing(server, "/a\\..\\b");
}

TEST_CASE("a file that may not be read finds nothing") {
  const Site site;
  write_file(site.folder() / "private.txt", "private\n");
  fs::permissions(site.folder() / "private.txt", fs::perms::none);
  if (::access((site.folder() / "private.txt").c_str(), R_OK) == 0) return;  // root may read everything
  const Server server{{.folder = site.folder().string()}};
  finds_nothing(server, "/private.txt");
}

TEST_CASE("the site's own page says that there is nothing") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  expect("the page for GET /nothing", answer_to(server, "/nothing", Place::here()))
      .ends_with("<title>Not here</title>\n");
  fs::remove(site.folder() / "404.html");
  expect("the page without 404.html", answer_to(server, "/nothing", Place::here())).ends_with("404 Not Found\n");
}

TEST_CASE("the finished server answers whatever comes, and outlives clients that vanish") {
  const Site site;
  const Server server{{.folder = site.folder().string()}};
  const auto expect_answer = [&server](std::string_view text, std::string_view status, Place place = Place::here()) {
    Client client{server, place};
    client.send(text, place);
    client.finish_sending();
    expect("the answer", client.receive_all(place), place).starts_with("HTTP/1.1 " + std::string{status} + "\r\n");
  };
  const std::string rest = " HTTP/1.1\r\nHost: localhost\r\n\r\n";

  { const Client silent{server}; }
  {
    Client resets{server};
    resets.send("GET / HTT");
    resets.reset();
  }
  {
    Client leaves{server};
    leaves.send("GET /" + rest);
  }
  Client slow{server};
  slow.send_byte_by_byte("GET /" + rest);
  expect("the answer", slow.receive_all()).ends_with("<title>Home</title>\n");

  expect_answer("HEAD /" + rest, "200 OK");
  expect_answer("Good morning!\r\n\r\n", "400 Bad Request");
  expect_answer("GET /nothing" + rest, "404 Not Found");
  expect_answer("POST /" + rest, "405 Method Not Allowed");
  expect_answer("GET /" + std::string(9000, 'x') + rest, "431 Request Header Fields Too Large");
  expect_answer("BREW /" + rest, "501 Not Implemented");
  expect_answer("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported");
  expect_answer("GET /" + rest, "200 OK");
}
