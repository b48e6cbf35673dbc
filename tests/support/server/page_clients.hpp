// What the tests of servers with threads share: clients that want a page of tests/site.
#pragma once

#include "report/place.hpp"
#include "server/client.hpp"
#include "server/server.hpp"

#include <string_view>

namespace support {

inline constexpr std::string_view page_request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

// The client asks for the page / and receives it, then closes its side, so that the server need not wait for that. The
// test fails unless the page comes.
void expect_page(Client& client, std::string_view what = "the answer", Place place = Place::here());

// The same for a new client.
void expect_served(const Server& server, std::string_view what = "the answer to the next client",
                   Place place = Place::here());

}  // namespace support
