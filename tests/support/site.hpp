// A small site for a server to show.
#pragma once

#include "client.hpp"
#include "expect.hpp"
#include "place.hpp"
#include "server.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace support {

inline constexpr std::string_view secret = "the secret\n";

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

// A new folder with the folder `site` in it, and beside that what nobody may see. Gone when the test ends.
struct SiteFolder {
  SiteFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "serverlings-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    outside = std::filesystem::canonical(name);
    site = outside / "site";
    write_file(outside / "secret.txt", secret);
    write_file(outside / "site-old/secret.txt", secret);
    write_file(site / "index.html", "<title>Home</title>\n");
    write_file(site / "notes/index.html", "<title>Notes</title>\n");
    write_file(site / "404.html", "<title>Not here</title>\n");
  }
  ~SiteFolder() { std::filesystem::remove_all(outside); }
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;

  std::filesystem::path outside;
  std::filesystem::path site;
};

// A server that shows such a folder, and a client that asks for one page of it.
struct Site : SiteFolder {
  Received answer_to(std::string_view target, Place place = Place::here()) const {
    Client client{server, place};
    client.send("GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n\r\n", place);
    return client.receive_all(place);
  }

  void finds(std::string_view target, std::string_view body, Place place = Place::here()) const {
    const Received answer = answer_to(target, place);
    const std::string what = "GET " + std::string{target} + " finds its file";
    expect(what, answer, place).starts_with("HTTP/1.1 200 OK\r\n");
    expect(what, answer.bytes.substr(answer.bytes.find("\r\n\r\n") + 4), place).is(body);
  }

  void finds_nothing(std::string_view target, Place place = Place::here()) const {
    const Received answer = answer_to(target, place);
    const std::string get = "GET " + std::string{target};
    expect(get + " reaches no file outside the site", answer, place).does_not_contain(secret);
    expect(get + " finds nothing", answer, place).starts_with("HTTP/1.1 404 Not Found\r\n");
  }

  Server server{{.folder = site.string()}};
};

}  // namespace support
