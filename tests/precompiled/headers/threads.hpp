#include <charconv>
#include <exception>
#include <system_error>
#include <thread>
