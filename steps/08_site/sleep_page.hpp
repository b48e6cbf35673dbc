// Stage 08, site: docs/08_site.md
#pragma once

#include <optional>
#include <string_view>

#include "pages.hpp"

// The longest sleep that a client may ask for, in milliseconds.
inline constexpr unsigned max_sleep_ms = 2000;

// Stands for slow work, such as a question to a database: for the query ms=N, sleeps N milliseconds on the calling
// thread and returns a page that says so. Nothing, at once, when N is not a whole number from 0 to max_sleep_ms.
std::optional<Page> sleep_page(std::string_view query);
