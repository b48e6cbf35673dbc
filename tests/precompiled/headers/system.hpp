#include <system_error>
