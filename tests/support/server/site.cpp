#include "server/site.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace support {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

}  // namespace

SiteFolder::SiteFolder() {
  std::string name = (fs::temp_directory_path() / "serverlings-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  outside = fs::canonical(name).string();
  site = outside + "/site";
  write_file(outside + "/secret.txt", secret);
  write_file(outside + "/site-old/secret.txt", secret);
  write("index.html", "<title>Home</title>\n");
  write("notes/index.html", "<title>Notes</title>\n");
  write("404.html", "<title>Not here</title>\n");
}

SiteFolder::~SiteFolder() {
  fs::remove_all(outside);
}

void SiteFolder::write(std::string_view name, std::string_view text) const {
  write_file(fs::path{site} / name, text);
}

void SiteFolder::link(std::string_view name, std::string_view target) const {
  fs::create_symlink(target, fs::path{site} / name);
}

Received Site::answer_to(std::string_view target, Place place) const {
  Client client{server, place};
  client.send("GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n\r\n", place);
  return client.receive_all(place);
}

void Site::finds(std::string_view target, std::string_view body, Place place) const {
  const Received answer = answer_to(target, place);
  const std::string what = "GET " + std::string{target} + " finds its file";
  expect(what, answer, place).starts_with("HTTP/1.1 200 OK\r\n");
  expect(what, answer.bytes.substr(answer.bytes.find("\r\n\r\n") + 4), place).is(body);
}

void Site::finds_nothing(std::string_view target, Place place) const {
  const Received answer = answer_to(target, place);
  const std::string get = "GET " + std::string{target};
  expect(get + " reaches no file outside the site", answer, place).does_not_contain(secret);
  expect(get + " finds nothing", answer, place).starts_with("HTTP/1.1 404 Not Found\r\n");
}

}  // namespace support
