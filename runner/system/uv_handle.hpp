#pragma once

#include <uv.h>

#include <memory>
#include <system_error>
#include <type_traits>

namespace runner {

struct CloseHandle {
  // libuv uses the memory until the loop has run once more.
  template <typename T>
  void operator()(T* handle) const {
    uv_close(reinterpret_cast<uv_handle_t*>(handle), [](uv_handle_t* closed) { delete reinterpret_cast<T*>(closed); });
  }
};

/// One of libuv's handles, closed by the destructor.
template <typename T>
using Handle = std::unique_ptr<T, CloseHandle>;

/// `init`: libuv's function for this kind of handle. Throws std::system_error.
template <typename T, typename... Arguments>
Handle<T> make_handle(uv_loop_t& loop, int (*init)(uv_loop_t*, T*, Arguments...),
                      std::type_identity_t<Arguments>... arguments) {
  auto made = std::make_unique<T>();
  const int error = init(&loop, made.get(), arguments...);
  if (error != 0) throw std::system_error(-error, std::generic_category(), "libuv");
  return Handle<T>(made.release());
}

/// An event loop. It outlives its handles, and frees them.
class Loop {
 public:
  Loop() { uv_loop_init(&loop_); }
  ~Loop() {
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  uv_loop_t& get() { return loop_; }
  /// Until stop is called, by a handle's callback.
  void run() { uv_run(&loop_, UV_RUN_DEFAULT); }
  void stop() { uv_stop(&loop_); }

 private:
  uv_loop_t loop_{};
};

}  // namespace runner
