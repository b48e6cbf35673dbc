// Once in a test program that has cases of this folder.
#include "threads/interposed.hpp"
