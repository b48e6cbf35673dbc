// Stage 31, keep alive: docs/31_keep_alive.md
#pragma once

#include "limits.hpp"
#include "socket.hpp"
#include "stop_signal.hpp"

// Answers the requests of a client, one after the other, until one of the two ends the connection (RFC 9112 §9.3), a
// limit is reached, or the server is asked to stop; then the request that has begun is the last. An error, such as a
// client that has gone, ends the connection and is reported here: on a thread of its own, nobody else could catch it.
void handle_connection(Socket client, const Limits& limits, const StopSignal& stop) noexcept;
