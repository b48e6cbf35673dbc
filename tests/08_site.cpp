#include "expect/expect.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/site.hpp"
#include "sleep_page.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::Place;
using support::Site;

TEST_CASE_FIXTURE(Site, "a path names a file of the site") {
  finds("/index.html", "<title>Home</title>\n");
  finds("/notes/index.html", "<title>Notes</title>\n");
  finds("/notes/./index.html?day=friday", "<title>Notes</title>\n");
}

TEST_CASE_FIXTURE(Site, "dots do not lead out of the site") {
  finds_nothing("/../secret.txt");
  finds_nothing("/notes/../../secret.txt");
  finds_nothing("/notes/../../site-old/secret.txt");
  finds_nothing("/..");
}

TEST_CASE_FIXTURE(Site, "dots written as %2e do not lead out of the site either") {
  finds_nothing("/%2e%2e/secret.txt");
  finds_nothing("/%2E%2E%2Fsecret.txt");
  finds_nothing("/.%2e/secret.txt");
  finds_nothing("/notes%2f..%2F..%2fsecret.txt");
}

TEST_CASE_FIXTURE(Site, "what is encoded twice is decoded once") {
  write("100%25.txt", "a name with %25\n");
  finds_nothing("/%252e%252e/secret.txt");
  finds_nothing("/..%252fsecret.txt");
  finds("/100%2525.txt", "a name with %25\n");
}

TEST_CASE_FIXTURE(Site, "an absolute path does not lead out of the site") {
  finds_nothing("/" + outside + "/secret.txt");
  finds_nothing("/%2f" + outside + "/secret.txt");
  finds_nothing("http://localhost/" + outside + "/secret.txt");
}

TEST_CASE_FIXTURE(Site, "a link leads out of the site as little as a path does") {
  INFO("file, absolute, folder and chain are links in the site that lead out of it");
  link("file", "../secret.txt");
  link("absolute", outside + "/secret.txt");
  link("folder", "..");
  link("chain", "file");
  link("chain-without-end", "chain-without-end");
  finds_nothing("/file");
  finds_nothing("/absolute");
  finds_nothing("/folder");
  finds_nothing("/folder/secret.txt");
  finds_nothing("/chain");
  finds_nothing("/chain-without-end");
}

TEST_CASE_FIXTURE(Site, "a folder whose name begins like the site's is outside") {
  INFO("old is a link in the site to ../site-old/secret.txt");
  link("old", "../site-old/secret.txt");
  finds_nothing("/old");
}

TEST_CASE_FIXTURE(Site, "a link to a file of the site is followed") {
  INFO("latest.html is a link in the site to notes/index.html, and memos one to the folder notes");
  link("latest.html", "notes/index.html");
  link("memos", site + "/notes");
  finds("/latest.html", "<title>Notes</title>\n");
  finds("/memos/index.html", "<title>Notes</title>\n");
}

TEST_CASE_FIXTURE(Site, "a path that leaves the site finds nothing, even when it comes back") {
  INFO("the folder of the site is named site");
  finds_nothing("/../site/index.html");
  finds_nothing("/../site-old/../site/index.html");
  finds_nothing("/%2e%2e/site/index.html");
}

TEST_CASE_FIXTURE(Site, "dots within the site lead where they say") {
  finds("/notes/../index.html", "<title>Home</title>\n");
  finds("/notes/%2e%2e/index.html", "<title>Home</title>\n");
  finds("/../index.html", "<title>Home</title>\n");
}

TEST_CASE_FIXTURE(Site, "two dots in a name are part of the name") {
  write("a..b.txt", "a to b\n");
  write("..c.txt", "up to c\n");
  finds("/a..b.txt", "a to b\n");
  finds("/..c.txt", "up to c\n");
}

TEST_CASE_FIXTURE(Site, "a NUL ends no name") {
  finds_nothing("/index.html%00");
  finds_nothing("/index.html%00.css");
}

TEST_CASE_FIXTURE(Site, "a folder, or a name that no file can have, finds nothing") {
  finds_nothing("/notes");
  finds_nothing("/.");
  finds_nothing("/index.html/below-a-file");
  finds_nothing("/a\\..\\b");
  finds_nothing("/" + std::string(300, 'x'));
  finds_nothing("/" + std::string(5000, 'x'));
}

TEST_CASE_FIXTURE(Site, "a named pipe does not stop the server") {
  INFO("pipe is a named pipe (mkfifo) to which nobody writes");
  REQUIRE(::mkfifo((site + "/pipe").c_str(), 0600) == 0);
  link("link-to-pipe", "pipe");
  finds_nothing("/pipe");
  finds_nothing("/link-to-pipe");
}

TEST_CASE_FIXTURE(Site, "a path that ends with a slash means index.html") {
  REQUIRE(::mkdir((site + "/empty").c_str(), 0700) == 0);
  finds("/", "<title>Home</title>\n");
  finds("/notes/", "<title>Notes</title>\n");
  finds_nothing("/empty/");
  finds_nothing("/index.html/");
}

TEST_CASE_FIXTURE(Site, "a name may have spaces and letters of any language") {
  write("caf\xc3\xa9 & tea+1?.txt", "tea\n");
  finds("/caf%C3%A9%20%26%20tea+1%3F.txt", "tea\n");
  finds("/caf%c3%a9%20&%20tea%2B1%3f.txt", "tea\n");
  finds_nothing("/caf%C3%A9");
}

TEST_CASE_FIXTURE(Site, "a % without two hexadecimal digits finds nothing") {
  write("100%", "100 %\n");
  finds_nothing("/100%");
  finds_nothing("/100%2");
  finds_nothing("/100%zz");
  finds("/100%25", "100 %\n");
}

TEST_CASE_FIXTURE(Site, "the bytes of a file arrive as they are") {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  write("bytes.png", bytes);
  write("empty.txt", "");
  finds("/empty.txt", "");
  finds("/bytes.png", bytes);
  expect("the length of bytes.png", answer_to("/bytes.png")).contains("\r\nContent-Length: 256\r\n");
}

TEST_CASE_FIXTURE(Site, "a file comes with the type that its name tells") {
  write("style.css", "");
  write("picture.svg", "");
  write("data", "");
  write("v1.css/style.print.css", "");
  write("v1.css/data", "");
  expect("the type of /", answer_to("/")).contains("\r\nContent-Type: text/html; charset=utf-8\r\n");
  expect("the type of style.css", answer_to("/style.css")).contains("\r\nContent-Type: text/css; charset=utf-8\r\n");
  expect("the type of style.print.css", answer_to("/v1.css/style.print.css")).contains("\r\nContent-Type: text/css; ");
  expect("the type of v1.css/data", answer_to("/v1.css/data"))
      .contains("\r\nContent-Type: application/octet-stream\r\n");
  expect("the type of picture.svg", answer_to("/picture.svg")).contains("\r\nContent-Type: image/svg+xml\r\n");
  expect("the type of data", answer_to("/data")).contains("\r\nContent-Type: application/octet-stream\r\n");
}

TEST_CASE_FIXTURE(Site, "a file that may not be read finds nothing") {
  write("private.txt", "private\n");
  const std::string path = site + "/private.txt";
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  if (::access(path.c_str(), R_OK) == 0) return;  // root may read everything
  finds_nothing("/private.txt");
}

TEST_CASE_FIXTURE(Site, "the site's own page says that there is nothing") {
  expect("the page for GET /nothing", answer_to("/nothing")).ends_with("<title>Not here</title>\n");
  REQUIRE(::unlink((site + "/404.html").c_str()) == 0);
  expect("the page without 404.html", answer_to("/nothing")).ends_with("404 Not Found\n");
}

TEST_CASE_FIXTURE(Site, "the page /sleep takes the time it is asked to take, within a bound") {
  const auto start = std::chrono::steady_clock::now();
  finds("/sleep?ms=20", "slept 20 ms\n");
  const auto waited = std::chrono::steady_clock::now() - start;
  expect("whether that took its 20 ms", waited >= std::chrono::milliseconds{20}).is(true);
  finds("/sleep?ms=0", "slept 0 ms\n");
  finds_nothing("/sleep?ms=" + std::to_string(max_sleep_ms + 1));
  finds_nothing("/sleep?ms=99999999999999999999");
  for (const std::string_view query : {"", "?", "?ms", "?ms=", "?ms=-1", "?ms=+1", "?ms=1.5", "?ms=1&ms=2", "?s=1"}) {
    finds_nothing("/sleep" + std::string{query});
  }
}

TEST_CASE_FIXTURE(Site, "the finished server answers all, and outlives clients that vanish") {
  const auto expect_answer = [this](std::string_view text, std::string_view status, Place place = Place::here()) {
    Client client{server, place};
    client.send(text, place);
    client.finish_sending();
    expect("the answer", client.receive_all(place), place).starts_with("HTTP/1.1 " + std::string{status} + "\r\n");
  };
  const std::string rest = " HTTP/1.1\r\nHost: localhost\r\n\r\n";

  Client{server}.close();
  Client{server}.send("GET /" + rest);
  Client resets{server};
  resets.send("GET / HTT");
  resets.reset();
  Client slow{server};
  slow.send_byte_by_byte("GET /" + rest);
  slow.finish_sending();
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
