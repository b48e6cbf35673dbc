// Every byte string sent and received by the clients of this test case, with times; printed when the test fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support::history {

void clear();                     // a test case starts
void freeze();                    // it has failed: what still comes is not part of the story
int connect(std::uint16_t port);  // begins the record of a connection; returns its number, from 1
void sent(int connection, std::string_view bytes, bool goes_on = false);  // goes_on: the piece sent last
void received(int connection, std::string_view bytes);
void note(int connection, std::string_view text);  // "reset by the server"

// At most `most` lines: the latest connections whole, and a word about what was left out.
std::vector<std::string> lines(std::size_t most);

}  // namespace support::history
