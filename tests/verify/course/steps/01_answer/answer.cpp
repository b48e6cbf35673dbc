// Stage 01, answer: docs/01_answer.md
#include "answer.hpp"

// TODO: answer the ultimate question.
int answer() { return 41; }
