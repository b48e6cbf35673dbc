#pragma once

#include "socket.hpp"

// Receives a request from the client, answers it, and closes the connection. No request, no answer. An error, such as a
// client that has gone, ends the connection and is reported here: on a thread of its own, nobody else could catch it.
void handle_connection(Socket client) noexcept;
