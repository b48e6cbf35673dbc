#pragma once

namespace runner {

/// The columns of the output: the terminal's, or 80.
int output_width();

}  // namespace runner
