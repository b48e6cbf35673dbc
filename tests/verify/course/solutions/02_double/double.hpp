#pragma once

// Twice the answer.
int doubled();
