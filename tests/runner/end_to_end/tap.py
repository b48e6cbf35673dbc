"""Runs unittest cases and prints TAP, which `meson test` reads. `-k PART` chooses tests by a part of their name."""

import argparse
import sys
import time
import unittest


class _Result(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self._stream = stream
        self._number = 0

    def _say(self, text):
        self._stream.write(text + "\n")
        self._stream.flush()

    def startTest(self, test):
        super().startTest(test)
        self._number += 1
        self._started = time.monotonic()
        self._subtests = ""  # what failed in them

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            parameters = ", ".join(f"{name} {value}" for name, value in subtest.params.items())
            self._subtests += f"with {parameters}:\n" + self._exc_info_to_string(error, test)

    def stopTest(self, test):
        if self._subtests:
            self._end(test, "not ok", self._subtests)
        super().stopTest(test)

    def _phrase(self, test):
        return test._testMethodName.removeprefix("test_").replace("_", " ")

    def _end(self, test, word, details=""):
        elapsed = time.monotonic() - self._started
        self._say(f"{word} {self._number} - {self._phrase(test)}")
        self._say(f"# {elapsed:.2f} s")
        for line in details.splitlines():
            self._say("#   " + line)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._end(test, "ok")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say(f"ok {self._number} - {self._phrase(test)} # SKIP {reason}")

    def _fails(self, test, error):
        self._end(test, "not ok", self._exc_info_to_string(error, test))

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._fails(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self._fails(test, error)


def main(module):
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", action="append", default=[], help="only tests with this in their name")
    arguments = parser.parse_args()
    loader = unittest.TestLoader()
    if arguments.k:
        loader.testNamePatterns = [f"*{part}*" for part in arguments.k]
    suite = loader.loadTestsFromModule(module)
    print(f"1..{suite.countTestCases()}", flush=True)
    result = _Result(sys.stdout)
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
