// Stage 05, parse request: docs/05_parse_request.md
#include "parse_request.hpp"

#include <cstddef>
#include <optional>

// TODO: write parse_request, with the help of grammar.hpp.
