#include <unistd.h>

#include <cstdio>

// Says where it listens, as servers do, and waits.
int main() {
  std::puts("listening on http://127.0.0.1:1/");
  std::fflush(stdout);
  pause();
}
