#pragma once

#include <string>

#include "learner/commands.hpp"
#include "system/process.hpp"

namespace runner {

/// `wanted` if a server could listen there now, else 0 (any).
int free_port(int wanted);

/// Starts a stage's server in the sample site's folder.
Command server_command(const Course& course, const std::filesystem::path& server, int port);

/// How a server ended that nobody had stopped: "with exit code 1", "by SIGPIPE: …".
std::string ending_in_words(const Finished& finished, const Words& words);

constexpr int usual_port = 8080;

}  // namespace runner
