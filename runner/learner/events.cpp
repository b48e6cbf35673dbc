#include "learner/events.hpp"

#include <utility>

namespace runner {

Events::Events(uv_loop_t& loop, std::function<void(Event)> take)
    : take_(std::move(take)), wake_(make_handle(loop, uv_async_init, [](uv_async_t* handle) {
        static_cast<Events*>(handle->data)->take_all();
      })) {
  wake_->data = this;
}

void Events::post(Event event) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(event));
  }
  uv_async_send(wake_.get());
}

void Events::take_all() {
  std::vector<Event> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(posted_);
  }
  for (auto& event : events) take_(std::move(event));
}

}  // namespace runner
