#include "fixtures.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

std::string fixture(const std::string& name) {
  std::ifstream file(std::string(FIXTURES) + "/" + name + ".txt", std::ios::binary);
  if (!file) throw std::runtime_error("there is no fixture " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> all_fixtures() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FIXTURES)) {
    if (entry.path().extension() != ".txt") continue;
    names.push_back(std::filesystem::relative(entry.path(), FIXTURES).replace_extension().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}
