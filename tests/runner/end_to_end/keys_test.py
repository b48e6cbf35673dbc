"""Watch mode: what each key does, and how the screen looks."""

import socket
import sys

import fixture_course
import tap
from learner import LearnerTest, wait_until

FAILS = "1 of 3 tests fails"
PASSES = "✓ passes"


class Keys(LearnerTest):
    def started(self, *words, **options):
        session = self.session(*words, **options)
        session.wait_for(FAILS)
        return session

    def test_the_first_screen_says_where_one_is_what_fails_and_where_to_look(self):
        session = self.started()
        for part in ("Stage 1 of 3: first answer", "broken on purpose", "the answer is 42", "41 == 42",
                     "→ The test wants the number 42.", "Edit  steps/01_first_answer/answer.cpp",
                     "Read  docs/01_first_answer.md", "h hint", "q quit"):
            self.assertIn(part, session.screen)
        self.quit(session)

    def test_h_reveals_one_more_hint_each_time(self):
        session = self.started(rows=50)
        session.press("h")
        session.wait_for("What does the test ask for?")
        self.assertNotIn("A number.", session.screen)
        session.press("h")
        session.wait_for("A number.")
        session.press("h")
        session.wait_for("return 42;")
        session.press("h")
        session.wait_for("That was the last hint")
        self.quit(session)

    def test_h_on_a_small_screen_scrolls_to_the_new_hint(self):
        session = self.started(rows=16)
        session.press("h")
        session.wait_for("What does the test ask for?")
        session.press("g")
        session.wait_for("Stage 1 of 3")
        session.press("h")
        session.wait_for("A number.")
        self.quit(session)

    def test_e_shows_the_full_text_with_the_command_and_goes_back(self):
        for back in ("q", "e", "\033"):
            with self.subTest(back=back):
                session = self.started()
                session.press("e")
                session.wait_for("01_first_answer.step.address.test")
                self.assertIn("ok 1 - there is an answer", session.screen)
                session.press(back)
                session.wait_for("Edit  steps/")
                self.quit(session)

    def test_d_asks_before_it_shows_the_answer(self):
        session = self.started()
        session.press("d")
        session.wait_for("Press d again")
        self.assertNotIn("return 42", session.screen)
        session.press("d")
        session.wait_for("+  return 42;")
        self.assertNotIn("TODO", session.screen)
        session.press("q")
        session.wait_for("Edit  steps/")
        session.press("d")
        session.wait_for("Press d again")
        self.quit(session)

    def test_d_shows_the_comparison_at_once_when_the_stage_passes(self):
        self.course.write("int answer() {\n  return 40 + 2;\n}\n")
        session = self.session()
        session.wait_for(PASSES)
        session.press("d")
        session.wait_for("-  return 40 + 2;")
        session.press("q")
        session.wait_for("Compare with ours: d.")
        self.assertNotIn("./learn diff", session.screen)
        self.quit(session)

    def test_l_lists_the_stages_and_enter_goes_to_the_chosen_one(self):
        session = self.started()
        session.press("l")
        session.wait_for("03_last_word")
        session.press("\033[B")
        session.press("j")
        session.press("\033[A")
        session.press("\r")
        session.wait_for("Stage 2 of 3")
        session.wait_for("does not compile")
        self.quit(session)

    def test_the_list_says_what_the_chosen_stage_is_about(self):
        session = self.started()
        session.press("l")
        session.wait_for("numbers, and `return`")
        self.assertIn("Part 2, words", session.screen)
        session.press("jj")
        session.wait_for("a function without a body")
        session.resize(40, 8)  # the chosen one is always on the screen
        session.wait_for(lambda shown: "03_last_word" in shown and "Part 1" not in shown)
        session.press("q")
        session.wait_for("Stage 1 of 3")
        self.quit(session)

    def test_the_list_can_be_left_without_going_anywhere(self):
        for back in ("q", "l", "\033"):
            with self.subTest(back=back):
                session = self.started()
                session.press("l")
                session.wait_for("03_last_word")
                session.press("j")
                session.press(back)
                session.wait_for("Stage 1 of 3")
                self.quit(session)

    def test_pasted_text_presses_no_keys(self):
        # Hints, the answer (dd), the next stage, the end: all of them are letters of C++.
        text = "hhh std::queue<Job> added_; // next\n" + "// " + "." * 60 + "\nqqq\n" * 200
        begin, end = "\033[200~", "\033[201~"
        session = self.started()
        for pieces in ([begin + text + end], [begin, text, end], [begin + text + "\033[20", "1~"],
                       [begin + "q" + end + begin + "dd" + end], [text]):
            with self.subTest(pieces=[len(each) for each in pieces]):
                for piece in pieces:
                    session.press(piece)
                    session.read(0.02)
                session.wait_for("Pasted text is left out")
                self.assertIn("hint 0/3", session.screen)
                self.assertIn("Stage 1 of 3", session.screen)
                session.press("r")
                session.wait_for(lambda shown: "Pasted" not in shown)
        session.press(begin + text + end + "h")  # a key right behind it counts
        session.wait_for("What does the test ask for?")
        self.quit(session)

    def test_the_terminal_marks_pasted_text_only_while_the_runner_has_it(self):
        session = self.started()
        self.assertIn(b"\033[?2004h", session.received)
        self.quit(session)
        self.assertGreater(session.received.rindex(b"\033[?2004l"), session.received.rindex(b"\033[?2004h"))

    def test_what_was_typed_behind_the_last_key_is_not_left_to_the_shell(self):
        for screen in ({}, {"TERM": "dumb"}):
            with self.subTest(screen):
                self.course.write(fixture_course.WRONG)
                session = self.session(**screen)
                session.wait_for(FAILS, plainly=True)
                self.course.write("#include <unistd.h>\nint answer() {\n  for (;;) pause();\n}\n")
                hangs = lambda: any("address.test" in line for line in self.course.marked.processes().values())
                wait_until(hangs, "a check under way")
                session.press("q")  # that check is ended first
                session.press("touch x\n")
                self.assertEqual(session.wait_for_end(), 0)
                self.assertEqual(session.typed_and_not_read(), b"")

    def test_s_serves_the_learners_own_server_and_ends_it(self):
        session = self.started()
        session.press("s")
        shown = session.wait_for("answers at http://127.0.0.1:")
        port = int(shown.split("answers at http://127.0.0.1:")[1].split("/")[0])
        self.assertIn("41", self.fetch(port))
        session.press("s")
        session.wait_for(lambda text: "answers at" not in text)
        with self.assertRaises(OSError):
            self.fetch(port)
        self.quit(session)

    def fetch(self, port):
        import socket

        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            answer = b""
            while piece := client.recv(4096):
                answer += piece
        return answer.decode()

    def test_s_says_so_when_there_is_nothing_to_serve_yet(self):
        session = self.session("goto", "2")
        session.wait_for_end()
        session = self.session()
        session.wait_for("does not compile")
        session.press("s")
        session.wait_for("has to compile first")
        session.press("r")  # that may not be so any more
        session.wait_for(lambda shown: "has to compile first" not in shown)
        self.quit(session)

    def test_s_starts_a_server_again_that_has_ended(self):
        server = self.course.file("main.cpp").read_text()
        session = self.started()
        self.course.write("int main() {\n  return 3;\n}\n", "main.cpp")
        session.press("s")
        session.wait_for("The server has ended with exit code 3. s starts it again.")
        self.course.write(server, "main.cpp")
        session.press("s")
        session.wait_for("answers at http://127.0.0.1:")
        self.quit(session)

    def test_r_runs_again(self):
        session = self.started()
        before = len(session.frames)
        session.press("r")
        session.wait_for(lambda text: "checking again" in text)
        session.wait_for(lambda text: "checking again" not in text and FAILS in text)
        self.assertGreater(len(session.frames), before)
        self.quit(session)

    def test_n_and_p_go_to_the_next_stage_and_back(self):
        session = self.started()
        session.press("p")
        session.wait_for("This is the first stage.")
        session.press("n")
        session.wait_for("Stage 2 of 3")
        session.press("n")
        session.wait_for("Stage 3 of 3")
        session.wait_for("does not link")
        session.press("n")
        session.wait_for("This is the last stage.")
        session.press("p")
        session.wait_for("Stage 2 of 3")
        self.quit(session)

    def test_a_pass_waits_for_n(self):
        self.course.write(fixture_course.RIGHT)
        session = self.session()
        session.wait_for(PASSES)
        self.assertIn("3 tests under AddressSanitizer and UBSan", session.screen)
        self.assertIn("n next", session.screen)
        self.assertIn("Stage 1 of 3", session.screen)
        session.press("n")
        session.wait_for("Stage 2 of 3")
        self.quit(session)

    def test_the_list_marks_what_is_done(self):
        self.course.write(fixture_course.RIGHT)
        session = self.session()
        session.wait_for(PASSES)
        session.press("l")
        session.wait_for(lambda text: "✓ 01_first_answer" in text and "done 20" in text)
        session.press("l")
        session.wait_for("n next")
        self.quit(session)

    def test_a_stage_that_was_done_and_no_longer_passes_says_so(self):
        self.course.write(fixture_course.RIGHT)
        session = self.session()
        session.wait_for(PASSES)
        self.course.write(fixture_course.WRONG)
        session.wait_for("You had finished this stage")
        self.quit(session)

    def test_keys_that_mean_nothing_change_nothing(self):
        session = self.started()
        session.press("\033[1;5C")
        session.press("\033OP")
        session.press("x\t\x1a\x00\xff")
        session.press("h")
        session.wait_for("What does the test ask for?")
        self.assertIn(FAILS, "\n".join("\n".join(frame) for frame in session.frames))
        self.quit(session)

    def test_keys_are_answered_during_a_build(self):
        self.course.write("#include <regex>\n#include <functional>\n#include <map>\n" + fixture_course.RIGHT)
        session = self.session()
        session.wait_for("building")
        session.press("h")
        session.wait_for("What does the test ask for?")
        self.assertNotIn(PASSES, session.screen)
        session.press("q")
        self.assertEqual(session.wait_for_end(), 0)

    def test_n_during_a_build_shows_the_next_stage_at_once_and_nothing_of_this_one(self):
        session = self.started()
        session.press("s")
        session.wait_for("answers at")
        session.press("rn")
        session.wait_for(lambda shown: "Stage 2 of 3" in shown and "does not compile" in shown)
        for frame in session.frames:
            shown = "\n".join(frame)
            if "Stage 2 of 3" in shown:
                self.assertIn("steps/02_second_answer", shown)
                for part in ("steps/01_first_answer", "answers at", FAILS):
                    self.assertNotIn(part, shown)
        self.quit(session)


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
