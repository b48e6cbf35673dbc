"""`learn timeline` against servers that serve in turn, hang, die or say nothing; and the costs of threads and connections."""

import re
import sys
import time
import unittest
import xml.etree.ElementTree

import fixture_files
import tap
from learner import CANNOT, FAILS, PASSES, LearnerTest
from pseudo_terminal import columns_of

# One client after the other, with the page /sleep?ms=N.
IN_TURN = fixture_files.SERVER.replace(
    "      char page[128];",
    '      const int slow = std::strncmp(request, "GET /sleep?ms=", 14) == 0;\n'
    "      if (slow) usleep(1000 * std::atoi(request + 14));\n      char page[128];")
HANGS = "#include <cstdlib>\n" + IN_TURN.replace("      char page[128];", "      for (;;) pause();\n      char page[128];")
DIES = IN_TURN.replace("  for (;;) {", "  for (int i = 0; ; ++i) {\n    if (i == 1) std::abort();")


# Tells the second client, and whoever comes after it, that it is busy.
BUSY = IN_TURN.replace("  for (;;) {", "  for (int i = 0; ; ++i) {").replace(
    "      if (slow)", '      if (i > 0) {\n        write(client, "HTTP/1.1 503 Busy\\r\\nContent-Length: 0\\r\\n\\r\\n", 40);\n'
    "        close(client);\n        continue;\n      }\n      if (slow)")
STOPS = "#include <csignal>\n" + IN_TURN.replace(
    "  for (;;) {", "  std::signal(SIGTERM, [](int) { _exit(0); });\n  for (;;) {", 1)
IGNORES = STOPS.replace("[](int) { _exit(0); }", "SIG_IGN")


class TimelineTest(LearnerTest):
    def timeline(self, server, *words, code=PASSES, **environment):
        self.course.write(server, "main.cpp")
        got, shown, errors = self.course.run("timeline", *words, **environment)
        self.assertEqual(got, code, shown + errors)
        for line in shown.splitlines():
            self.assertLessEqual(columns_of(line), 80, line)
        return shown

    @staticmethod
    def waits(shown):
        return [int(each) for each in re.findall(r"^fast \d .*waited (\d+) ms$", shown, re.M)]

    def test_in_turn_everybody_waits_for_the_slow_and_the_silent(self):
        picture = self.folder / "picture.svg"
        shown = self.timeline(IN_TURN, "1", "--svg", picture)
        self.assertEqual(len(self.waits(shown)), 6, shown)
        self.assertGreater(max(self.waits(shown)), 200, shown)  # 750 on a machine that is not busy
        self.assertRegex(shown, r"(?m)^01 first answer, your version$")
        self.assertRegex(shown, r"(?m)^slow 1   +░*█+ ")
        self.assertRegex(shown, r"(?m)^fast 2   +░+█ ")
        self.assertRegex(shown, r"(?m)^silent   +─+ +left$")
        self.assertRegex(shown, r"(?m)^6 fast requests: waited \d+ ms in the middle, \d+ ms at most\.$")
        svg = xml.etree.ElementTree.parse(picture).getroot()
        words = "\n".join(svg.itertext())
        for part in ("01 first answer, your version", "6 fast requests", "being served", "slow 2"):
            self.assertIn(part, words)

    def test_a_stage_that_nobody_has_mended_is_not_the_learners_version(self):
        got, shown, errors = self.course.run("timeline", "1", "2")
        self.assertEqual(got, FAILS, errors)
        self.assertRegex(shown, r"(?m)^01 first answer, as it came$")
        self.assertRegex(shown, r"(?m)^02 second answer, as it came$")

    def test_letters_where_blocks_cannot_be_shown(self):
        for surroundings in ({"LC_ALL": "C"}, {"TERM": "dumb"}):
            with self.subTest(surroundings):
                shown = self.timeline(IN_TURN, "1", **surroundings)
                self.assertTrue(shown.isascii(), shown)
                self.assertRegex(shown, r"(?m)^fast 2   +\.+# ")

    def test_colours_in_a_terminal_unless_they_are_not_wanted(self):
        self.course.write(IN_TURN, "main.cpp")
        for surroundings, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
            with self.subTest(surroundings):
                session = self.session("timeline", "1", **surroundings)
                self.assertEqual(session.wait_for_end(), PASSES)
                self.assertEqual(b"\033[33m" in session.received, coloured)

    def test_in_a_flood_those_who_are_told_503_are_one_lane(self):
        shown = self.timeline(BUSY, "1", "--scene", "flood")
        self.assertRegex(shown, r"(?m)^\d+ fast +× +told 503$")
        self.assertRegex(shown, r"(?m)^102 fast requests: not one answered\.$")

    def test_a_server_is_asked_to_stop_and_how_it_ended_is_told(self):
        for server, end in ((STOPS, "The server ended with exit code 0."), (IGNORES, "ended by force."),
                            (IN_TURN, "The server ended by SIGTERM")):
            shown = self.timeline(server, "1", "--scene", "stop")
            self.assertRegex(shown, r"(?m)^SIGTERM +\|$")
            self.assertIn(end, " ".join(shown.split()))

    def test_a_server_that_closes_after_one_answer_does_not_keep_a_connection(self):
        shown = self.timeline(IN_TURN, "1", "--scene", "kept")
        self.assertRegex(shown, r"(?m)^kept 1 .* waited \d+ ms$")
        self.assertRegex(shown, r"(?m)^kept 2 .* sent away$")
        self.assertRegex(shown, r"(?m)^kept 3 .* sent away$")
        self.assertIn("3 requests on one connection: 1 answered", shown)

    def test_several_stages_one_under_the_other(self):
        shown = self.timeline(IN_TURN, "1", "3", "--solution")
        self.assertEqual(re.findall(r"(?m)^\d\d .*$", shown), ["01 first answer", "03 last word"])
        self.assertEqual(shown.count("waiting   "), 1)
        self.assertIn("/sleep?ms=N is there from stage 08 on", shown)

    def test_a_server_that_hangs_is_ended(self):
        started = time.monotonic()
        shown = self.timeline(HANGS, "1")
        self.assertLess(time.monotonic() - started, 25)
        self.assertEqual(shown.count("no answer"), 8, shown)
        self.assertIn("6 fast requests: not one answered.", shown)

    def test_a_server_that_dies_is_told_of(self):
        shown = self.timeline(DIES, "1")
        self.assertIn("The server ended by SIGABRT", shown)
        self.assertIn("refused", shown)

    def test_a_server_that_does_not_start_or_says_nothing_is_told_of(self):
        self.assertIn("The server ended with exit code 3", self.timeline("int main() { return 3; }\n", "1", code=FAILS))
        silent = "#include <unistd.h>\nint main() { for (;;) pause(); }\n"
        self.assertIn("did not say where it listens", self.timeline(silent, "1", code=FAILS))

    def test_a_stage_that_does_not_compile_is_told_of_and_the_others_are_drawn(self):
        shown = self.timeline(IN_TURN, "2", "1", code=FAILS)
        self.assertIn("There is no server: it does not compile", shown)
        self.assertIn("./learn run 02", shown)
        self.assertEqual(len(self.waits(shown)), 6, shown)

    def test_ctrl_c_ends_it(self):
        self.course.write(HANGS, "main.cpp")
        session = self.session("timeline", "1")
        time.sleep(0.2)  # anywhere in it
        session.press("\x03")
        self.assertEqual(session.wait_for_end(), 130)

    def test_a_number_of_workers_that_cannot_be_is_refused(self):
        for words, part in ((["1:2"], "has no pool"), (["1:0"], "1 to 1000"), (["1:x"], "1 to 1000")):
            got, _, errors = self.course.run("timeline", *words)
            self.assertEqual(got, CANNOT)
            self.assertIn(part, errors)

    def test_wrong_usage(self):
        for words in (["timeline", "17"], ["timeline", "1", "--svg"], ["timeline", "--oops"],
                      ["timeline", "1", "--scene", "storm"]):
            self.assertEqual(self.course.run(*words)[0], CANNOT)
        self.course.write(IN_TURN, "main.cpp")
        got, _, errors = self.course.run("timeline", "1", "--svg", self.folder / "no such folder" / "picture.svg")
        self.assertEqual(got, CANNOT)
        self.assertIn("No such file", errors)

    def test_a_threads_cost_is_measured(self):
        got, shown, errors = self.course.run("thread-cost")
        self.assertEqual(got, PASSES, shown + errors)
        self.assertRegex(shown, r"to create +[\d.]+ µs")
        self.assertRegex(shown, r"address space +[\d.]+ (TB|GB)")
        for line in shown.splitlines():
            self.assertLessEqual(columns_of(line), 80, line)

    def test_a_connections_cost_is_measured(self):
        self.course.write(IN_TURN, "main.cpp")
        got, shown, errors = self.course.run("connection-cost", "1")
        self.assertEqual(got, PASSES, shown + errors)
        self.assertRegex(shown, r"keeps \d+ of them open")
        self.assertRegex(shown, r"memory in use +[\d.]+ KB")
        for line in shown.splitlines():
            self.assertLessEqual(columns_of(line), 80, line)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
