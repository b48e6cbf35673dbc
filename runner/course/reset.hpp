#pragma once

#include <string>
#include <vector>

#include "course/course.hpp"

namespace runner {

/// Brings a stage back as it was shipped. What a learner has written stays beside it, as FILE.kept-1 (the next number
/// that no file of the stage has). Says in lines what it did and where things are. Throws UsageError when git cannot
/// tell what was shipped.
std::vector<std::string> reset(const Course& course, const Stage& stage);

/// Brings the newest kept version back; what it takes the place of is kept in turn, unless that is as shipped.
std::vector<std::string> undo_reset(const Course& course, const Stage& stage);

}  // namespace runner
