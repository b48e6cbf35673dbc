#include "system/tcp_facts.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

namespace support {
namespace {

struct Connection {
  int state;  // as in netinet/tcp.h; TCP_LISTEN when there is none, but somebody listens
  std::size_t unread;
};

constexpr Connection none{TCP_CLOSE, 0};

// Asks for this one connection (sock_diag(7)): microseconds. Nothing when the kernel does not answer such questions.
std::optional<Connection> ask_sock_diag(std::uint16_t reader, std::uint16_t sender) {
  const int netlink = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return std::nullopt;
  struct {
    nlmsghdr header;
    inet_diag_req_v2 question;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.question.sdiag_family = AF_INET;
  request.question.sdiag_protocol = IPPROTO_TCP;
  request.question.id.idiag_sport = htons(reader);
  request.question.id.idiag_dport = htons(sender);
  request.question.id.idiag_src[0] = htonl(INADDR_LOOPBACK);
  request.question.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  request.question.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.question.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

  alignas(nlmsghdr) char reply[4096];
  ssize_t size = ::send(netlink, &request, sizeof request, 0);
  if (size > 0) size = ::recv(netlink, reply, sizeof reply, 0);
  ::close(netlink);
  if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) return std::nullopt;

  nlmsghdr header;
  std::memcpy(&header, reply, sizeof header);
  const char* content = reply + NLMSG_HDRLEN;
  if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
    inet_diag_msg answer;
    std::memcpy(&answer, content, sizeof answer);
    return Connection{answer.idiag_state, answer.idiag_rqueue};
  }
  nlmsgerr error;
  std::memcpy(&error, content, sizeof error);
  if (header.nlmsg_type == NLMSG_ERROR && error.error == -ENOENT) return none;
  return std::nullopt;
}

// The same from a table of all connections: milliseconds.
Connection look_up_in_table(std::uint16_t reader, std::uint16_t sender) {
  std::FILE* table = std::fopen("/proc/net/tcp", "re");
  if (table == nullptr) return none;
  Connection found = none;
  char line[256];
  while (std::fgets(line, sizeof line, table) != nullptr) {
    unsigned local_port = 0;
    unsigned remote_port = 0;
    unsigned state = 0;
    unsigned receive_queue = 0;
    if (std::sscanf(line, " %*d: %*x:%x %*x:%x %x %*x:%x", &local_port, &remote_port, &state, &receive_queue) == 4 &&
        local_port == reader && remote_port == sender) {
      found = {static_cast<int>(state), receive_queue};
      break;
    }
  }
  std::fclose(table);
  return found;
}

Connection find_connection(std::uint16_t here, std::uint16_t there) {
  const std::optional<Connection> answer = ask_sock_diag(here, there);
  return answer ? *answer : look_up_in_table(here, there);
}

}  // namespace

std::size_t unread_bytes(std::uint16_t reader, std::uint16_t sender) {
  const Connection found = find_connection(reader, sender);
  return found.state == TCP_LISTEN ? 0 : found.unread;
}

bool has_arrived(std::uint16_t listener, std::uint16_t client) {
  constexpr int new_syn_received = 12;  // TCP_NEW_SYN_RECV, which only the kernel's own headers name
  const int state = find_connection(listener, client).state;
  return state != TCP_LISTEN && state != TCP_SYN_RECV && state != new_syn_received;
}

}  // namespace support
