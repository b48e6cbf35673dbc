// A small site for a server to show.
#pragma once

#include "expect/expect.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/server.hpp"

#include <string>
#include <string_view>

namespace support {

inline constexpr std::string_view secret = "the secret\n";

// A new folder with the folder `site` in it, and beside that what nobody may see. Gone when the test ends. Its paths
// are strings, and what uses <filesystem> is compiled once, so that no learner waits for it.
struct SiteFolder {
  SiteFolder();
  ~SiteFolder();
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;

  // In the site: "notes/index.html".
  void write(std::string_view name, std::string_view text) const;
  void link(std::string_view name, std::string_view target) const;  // a symbolic link to `target`

  std::string outside;
  std::string site;
};

// A server that shows such a folder, and a client that asks for one page of it.
struct Site : SiteFolder {
  Received answer_to(std::string_view target, Place place = Place::here()) const;
  void finds(std::string_view target, std::string_view body, Place place = Place::here()) const;
  void finds_nothing(std::string_view target, Place place = Place::here()) const;

  Server server{{.folder = site}};
};

}  // namespace support
