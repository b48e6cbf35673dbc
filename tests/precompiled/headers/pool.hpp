#include <memory>
#include <queue>
#include <stdexcept>
#include <thread>
#include <vector>
