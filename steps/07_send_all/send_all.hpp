// Stage 07, send all: docs/07_send_all.md
#pragma once

#include <string_view>

#include "socket.hpp"

// Sends the whole text, however many calls that takes, and waits for a slow client (POSIX send). Throws
// std::system_error when the client has gone: no SIGPIPE is raised.
void send_all(const Socket& socket, std::string_view text);
