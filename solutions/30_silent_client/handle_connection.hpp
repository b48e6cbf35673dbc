#pragma once

#include <chrono>

#include "socket.hpp"
#include "stop_signal.hpp"

// Receives a request from the client, answers it, and closes the connection. No request, no answer. A client that takes
// longer than `header_time` for the header section gets 408 (RFC 9110 §15.5.9); one that says nothing while the server
// is asked to stop is not waited for. An error, such as a client that has gone, ends the connection and is reported
// here: on a thread of its own, nobody else could catch it.
void handle_connection(Socket client, std::chrono::milliseconds header_time, const StopSignal& stop) noexcept;
