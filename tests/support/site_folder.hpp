// A small site for a server to show.
#pragma once

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

}  // namespace support
