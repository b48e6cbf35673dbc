#pragma once

#include <optional>
#include <string_view>

#include "pages.hpp"

// A picture of the Mandelbrot set, for the query x=-0.5&y=0&zoom=1&size=256: `size` pixels wide and high (1 to 1024)
// around x and y (-4 to 4), 3/zoom from edge to edge (zoom: 1 to 1e12). What is left out is as above. It is an
// image/bmp of 256 colours; a pixel's colour is the number of iterations after which it is known to be outside. Nothing
// when the query is something else.
std::optional<Page> mandelbrot_page(std::string_view query);
