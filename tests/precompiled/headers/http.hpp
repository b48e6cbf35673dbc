#include <algorithm>
#include <optional>
#include <string>
#include <system_error>
#include <variant>
#include <vector>
