// Stage 34, fork join: docs/34_fork_join.md
#include "mandelbrot.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

#include "tasks.hpp"

namespace {

struct View {
  double x = -0.5;
  double y = 0;
  double zoom = 1;
  int size = 256;
};

// The whole text as a number, if it is one from `least` to `most`.
template <class Number>
bool read_number(std::string_view text, Number least, Number most, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && number >= least && number <= most;  // false for what is not a number
}

std::optional<View> parse_view(std::string_view query) {
  View view;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    const std::string_view name = part.substr(0, part.find('='));
    const std::string_view value = part.substr(std::min(name.size() + 1, part.size()));
    const bool good = (name == "x" && read_number(value, -4.0, 4.0, view.x)) ||
                      (name == "y" && read_number(value, -4.0, 4.0, view.y)) ||
                      (name == "zoom" && read_number(value, 1.0, 1e12, view.zoom)) ||
                      (name == "size" && read_number(value, 1, 1024, view.size));
    if (!good || part.size() + 1 == query.size()) return std::nullopt;  // nothing follows the last &
    query.remove_prefix(std::min(part.size() + 1, query.size()));
  }
  return view;
}

// After how many iterations of z = z² + c it is known that c is outside the set, 0 to 254; 255 when it is not known.
std::uint8_t iterations(std::complex<double> c) {
  double x = 0;
  double y = 0;
  std::uint8_t count = 0;
  while (count < 255 && x * x + y * y <= 4) {
    const double next = x * x - y * y + c.real();
    y = 2 * x * y + c.imag();
    x = next;
    ++count;
  }
  return count;
}

// A picture in memory; each row of a BMP ends at a multiple of four bytes.
struct Pixels {
  int row_bytes;
  std::string bytes;
};

void draw_row(const View& view, int row, Pixels& pixels) {
  const double step = 3 / view.zoom / view.size;
  const double left = view.x - step * view.size / 2;
  const double bottom = view.y - step * view.size / 2;
  for (int column = 0; column < view.size; ++column) {
    const auto count = iterations({left + step * (column + 0.5), bottom + step * (row + 0.5)});
    pixels.bytes[static_cast<std::size_t>(row) * pixels.row_bytes + column] = static_cast<char>(count);
  }
}

// The rows from `begin` to before `end`: split until a part is small enough to be drawn at once.
void draw_rows(const View& view, int begin, int end, Pixels& pixels) {
  constexpr int small = 4;
  if (end - begin <= small) {
    for (int row = begin; row < end; ++row) draw_row(view, row, pixels);
    return;
  }
  const int middle = begin + (end - begin) / 2;
  in_parallel([&] { draw_rows(view, begin, middle, pixels); }, [&] { draw_rows(view, middle, end, pixels); });
}

void append_number(std::string& text, std::uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i) & 0xFF);
}

// The header sections of a Windows bitmap with 256 colours, and the colours: BITMAPFILEHEADER, BITMAPINFOHEADER,
// palette.
std::string bitmap_head(const View& view, std::size_t pixel_bytes) {
  constexpr std::uint32_t head = 14 + 40 + 256 * 4;
  std::string text = "BM";
  append_number(text, static_cast<std::uint32_t>(head + pixel_bytes), 4);
  append_number(text, 0, 4);
  append_number(text, head, 4);
  append_number(text, 40, 4);
  append_number(text, static_cast<std::uint32_t>(view.size), 4);
  append_number(text, static_cast<std::uint32_t>(view.size), 4);  // positive: the lowest row first
  append_number(text, 1, 2);                                      // planes
  append_number(text, 8, 2);                                      // bits for each pixel
  for (const std::uint32_t number : {0U, static_cast<std::uint32_t>(pixel_bytes), 2835U, 2835U, 256U, 0U}) {
    append_number(text, number, 4);
  }
  for (int i = 0; i < 256; ++i) {
    const double angle = 0.15 * i;  // neighbours are told apart, and colours come again
    for (const double shift : {0.0, 1.0, 2.0}) {
      const double light = i == 255 ? 0 : 127.5 + 127.5 * std::sin(angle + shift);
      append_number(text, static_cast<std::uint32_t>(light), 1);
    }
    append_number(text, 0, 1);
  }
  return text;
}

}  // namespace

std::optional<Page> mandelbrot_page(std::string_view query) {
  const std::optional<View> view = parse_view(query);
  if (!view) return std::nullopt;
  const int row_bytes = (view->size + 3) / 4 * 4;
  Pixels pixels{row_bytes, std::string(static_cast<std::size_t>(row_bytes) * view->size, '\0')};
  draw_rows(*view, 0, view->size, pixels);
  return Page{"image/bmp", bitmap_head(*view, pixels.bytes.size()) + pixels.bytes};
}
