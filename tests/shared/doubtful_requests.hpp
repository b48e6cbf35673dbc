// Requests that leave a doubt about where they end. What follows one of them might be part of it, and might be another
// request, which two programs would see differently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Doubtful {
  std::string_view what;   // and the section that forbids it
  std::string text;        // what is sent
  std::string_view start;  // of the answer
};

inline constexpr std::string_view status_400 = "HTTP/1.1 400 ";
inline constexpr std::string_view status_413 = "HTTP/1.1 413 ";
inline constexpr std::string_view status_501 = "HTTP/1.1 501 ";

inline std::string post_with(std::string_view fields, std::string_view content = "hello") {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + std::string{fields} + "\r\n" + std::string{content};
}

inline std::string post_in_chunks(std::string_view text) {
  return post_with("Transfer-Encoding: chunked\r\n", text);
}

inline std::vector<Doubtful> doubtful_lengths() {
  return {
      {"a negative length (RFC 9110 §8.6)", post_with("Content-Length: -5\r\n"), status_400},
      {"a length with a sign (RFC 9110 §8.6)", post_with("Content-Length: +5\r\n"), status_400},
      {"a hexadecimal length (RFC 9110 §8.6)", post_with("Content-Length: 0x5\r\n"), status_400},
      {"a length with a point (RFC 9110 §8.6)", post_with("Content-Length: 5.0\r\n"), status_400},
      {"two numbers (RFC 9110 §8.6)", post_with("Content-Length: 5 5\r\n"), status_400},
      {"an empty length (RFC 9110 §8.6)", post_with("Content-Length: \r\n"), status_400},
      {"a list of lengths (RFC 9112 §6.3)", post_with("Content-Length: 5, 6\r\n"), status_400},
      {"two lengths (RFC 9112 §6.3)", post_with("Content-Length: 5\r\nContent-Length: 6\r\n"), status_400},
      {"one length twice (RFC 9112 §6.3)", post_with("Content-Length: 5\r\nContent-Length: 5\r\n"), status_400},
      {"a space before the colon (RFC 9112 §5.1)", post_with("Content-Length : 5\r\n"), status_400},
      {"a line that goes on (RFC 9112 §5.2)", post_with("Content-Length:\r\n 5\r\n"), status_400},
      {"a CR alone in a field (RFC 9112 §2.2)", post_with("X: y\rContent-Length: 5\r\n"), status_400},
      {"a length of 2^32 + 5 (RFC 9110 §8.6)", post_with("Content-Length: 4294967301\r\n"), status_413},
      {"a length of 2^63 + 5 (RFC 9110 §8.6)", post_with("Content-Length: 9223372036854775813\r\n"), status_413},
      {"a length of 2^64 + 5 (RFC 9110 §8.6)", post_with("Content-Length: 18446744073709551621\r\n"), status_413},
      {"a length of 40 digits (RFC 9110 §8.6)", post_with("Content-Length: " + std::string(40, '1') + "\r\n"),
       status_413},
  };
}

inline std::vector<Doubtful> doubtful_codings() {
  const std::string end = "0\r\n\r\n";
  return {
      {"a length and chunks (RFC 9112 §6.1)", post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", end),
       status_400},
      {"chunks and a length (RFC 9112 §6.1)", post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", end),
       status_400},
      {"chunks in HTTP/1.0 (RFC 9112 §6.1)", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + end, status_400},
      {"chunked not last (RFC 9112 §6.3)", post_with("Transfer-Encoding: chunked, gzip\r\n", end), status_400},
      {"chunked twice (RFC 9112 §6.1)", post_with("Transfer-Encoding: chunked, chunked\r\n", end), status_400},
      {"chunked in two fields (RFC 9112 §6.1)",
       post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", end), status_400},
      {"a coding without an end (RFC 9112 §6.3)", post_with("Transfer-Encoding: gzip\r\n"), status_400},
      {"a coding like chunked (RFC 9112 §6.3)", post_with("Transfer-Encoding: xchunked\r\n", end), status_400},
      {"a quoted coding (RFC 9112 §7)", post_with("Transfer-Encoding: \"chunked\"\r\n", end), status_400},
      {"a control character before chunked (RFC 9110 §5.5)",
       post_with("Transfer-Encoding: \x0b"
                 "chunked\r\n",
                 end),
       status_400},
      {"another coding before chunked (RFC 9112 §6.1)", post_with("Transfer-Encoding: gzip, chunked\r\n", end),
       status_501},
      {"another coding in a field of its own (RFC 9112 §6.1)",
       post_with("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", end), status_501},
      {"no coding, and a length (RFC 9112 §6.1)", post_with("Transfer-Encoding: \r\nContent-Length: 5\r\n"),
       status_501},
  };
}

inline std::vector<Doubtful> doubtful_chunk_sizes() {
  return {
      {"a size with 0x (RFC 9112 §7.1)", post_in_chunks("0x5\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a negative size (RFC 9112 §7.1)", post_in_chunks("-5\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a size with a sign (RFC 9112 §7.1)", post_in_chunks("+5\r\nhello\r\n0\r\n\r\n"), status_400},
      {"no size (RFC 9112 §7.1)", post_in_chunks("\r\nhello\r\n0\r\n\r\n"), status_400},
      {"extensions without a size (RFC 9112 §7.1)", post_in_chunks(";x\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a size that is a word (RFC 9112 §7.1)", post_in_chunks("five\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a space before the size (RFC 9112 §7.1)", post_in_chunks(" 5\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a space after the size (RFC 9112 §7.1)", post_in_chunks("5 \r\nhello\r\n0\r\n\r\n"), status_400},
      {"two sizes (RFC 9112 §7.1)", post_in_chunks("5 5\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a size line that ends in LF (RFC 9112 §7.1)", post_in_chunks("5\nhello\r\n0\r\n\r\n"), status_400},
      {"a LF in extensions (RFC 9112 §7.1.1)", post_in_chunks("5;\nx\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a CR alone in extensions (RFC 9112 §2.2)", post_in_chunks("5;x\ry\r\nhello\r\n0\r\n\r\n"), status_400},
      {"extensions of 300 bytes (RFC 9112 §7.1.1)",
       post_in_chunks("5;x=" + std::string(300, 'x') + "\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a size of 2^32 + 5 (RFC 9112 §7.1)", post_in_chunks("100000005\r\nhello\r\n0\r\n\r\n"), status_413},
      {"a size of 2^64 + 5 (RFC 9112 §7.1)", post_in_chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"), status_413},
      {"sizes whose sum is 2^64 (RFC 9112 §7.1)",
       post_in_chunks("5\r\nhello\r\nfffffffffffffffb\r\nhello\r\n0\r\n\r\n"), status_413},
      {"a size of 40 digits (RFC 9112 §7.1)", post_in_chunks(std::string(40, 'f') + "\r\nhello\r\n0\r\n\r\n"),
       status_413},
  };
}

inline std::vector<Doubtful> doubtful_chunk_ends() {
  return {
      {"a chunk that is longer than its size (RFC 9112 §7.1)", post_in_chunks("4\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a chunk that is shorter than its size (RFC 9112 §7.1)", post_in_chunks("7\r\nhello\r\n0\r\n\r\n"), status_400},
      {"a chunk without a line end (RFC 9112 §7.1)", post_in_chunks("5\r\nhello0\r\n\r\n"), status_400},
      {"a chunk that ends in two other bytes (RFC 9112 §7.1)", post_in_chunks("5\r\nhelloxx0\r\n\r\n"), status_400},
      {"a chunk that ends in LF (RFC 9112 §7.1)", post_in_chunks("5\r\nhello\n0\r\n\r\n"), status_400},
      {"a trailer that is no field (RFC 9112 §7.1.2)", post_in_chunks("0\r\nGET / HTTP/1.1\r\n\r\n"), status_400},
      {"a trailer with a space before the colon (RFC 9112 §5.1)", post_in_chunks("0\r\nX : y\r\n\r\n"), status_400},
      {"a trailer section that ends in LF (RFC 9112 §7.1.2)", post_in_chunks("0\r\nX: y\r\n\n"), status_400},
  };
}

inline std::vector<Doubtful> endless_requests() {
  std::string fields;
  for (int i = 0; i < 10'000; ++i) fields += "X: y\r\n";
  return {
      {"10,000 fields (RFC 6585 §5)", post_with(fields), "HTTP/1.1 431 "},
      {"a target of 64 KiB (RFC 9112 §3)", "GET /" + std::string(65'536, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
       "HTTP/1.1 414 "},
      {"10,000 trailer fields (RFC 6585 §5)", post_in_chunks("0\r\n" + fields + "\r\n"), "HTTP/1.1 431 "},
  };
}

}  // namespace support
