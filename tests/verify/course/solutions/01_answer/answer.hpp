#pragma once

// The answer to the ultimate question.
int answer();
