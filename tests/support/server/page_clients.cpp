#include "server/page_clients.hpp"

#include "expect/expect.hpp"

namespace support {

void expect_page(Client& client, std::string_view what, Place place) {
  client.send(page_request, place);
  const Received answer = client.receive_all(place);
  expect(what, answer, place).starts_with("HTTP/1.1 200 OK\r\n");
  client.close();
}

void expect_served(const Server& server, std::string_view what, Place place) {
  Client client{server, place};
  expect_page(client, what, place);
}

}  // namespace support
