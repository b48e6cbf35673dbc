#pragma once

#include <string>
#include <vector>

/// The text of a file under fixtures/: what a compiler, linker, sanitizer or test printed, kept letter for letter but
/// for the folder of the repository. "gcc12/undeclared" for fixtures/gcc12/undeclared.txt.
std::string fixture(const std::string& name);

/// The names of all fixtures.
std::vector<std::string> all_fixtures();
