// Stage 01, answer: docs/01_answer.md
#pragma once

// The answer to the ultimate question.
int answer();
