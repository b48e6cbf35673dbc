#include <httplib.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

// httplib_server PORT: serves the current folder on 127.0.0.1 with cpp-httplib, its settings left as they come; and the
// page /sleep?ms=0 as the course's servers have it.
int main(int argc, char* argv[]) {
  httplib::Server server;
  server.set_mount_point("/", ".");
  server.Get("/sleep", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("slept 0 ms\n", "text/plain; charset=utf-8");
  });
  int listener = -1;
  server.set_socket_options([&](int descriptor) { listener = descriptor; });
  const int wanted = argc > 1 ? std::atoi(argv[1]) : 8080;
  const int port = wanted == 0 ? server.bind_to_any_port("127.0.0.1") : wanted;
  if (port < 0 || (wanted != 0 && !server.bind_to_port("127.0.0.1", port))) return 1;
  // It keeps five connections waiting, and drops others, whose clients then try again a second later. The servers that
  // it is compared with keep as many as the system allows.
  if (listen(listener, SOMAXCONN) != 0) return 1;
  std::printf("listening on http://127.0.0.1:%d/\n", port);
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
