#pragma once

#include <vector>

#include "course/lesson.hpp"

namespace runner {

/// What a finished lesson must have and this one has not (sections and their order, three hints, transcripts for both
/// compilers); empty when all is well.
std::vector<DocumentError> problems_of(const Lesson& lesson);

}  // namespace runner
