// Stage 02, double: docs/02_double.md
#pragma once

// Twice the answer.
int doubled();
