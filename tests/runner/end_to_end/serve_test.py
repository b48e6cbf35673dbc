"""`learn serve` and `learn export`: the learner's own server, in the course and out of it."""

import os
import re
import signal
import socket
import subprocess
import sys

import tap
from fixture_files import RIGHT
from learner import CANNOT, FAILS, CommandTest
from pseudo_terminal import GUARD, LEARN


class Serve(CommandTest):
    # --- serve ---

    def serve(self, *words):
        process = subprocess.Popen([LEARN, "serve", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env=self.course.environment(), text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        shown = ""
        while "listening on" not in shown:
            line = process.stdout.readline()
            if not line:
                self.fail(f"serve ended: {shown}")
            shown += line
        return process, int(re.search(r"listening on http://127\.0\.0\.1:(\d+)/", shown).group(1)), shown

    def fetch(self, port):
        with socket.create_connection(("127.0.0.1", port), timeout=GUARD) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            answer = b""
            while piece := client.recv(4096):
                answer += piece
        return answer.decode()

    def test_serve_starts_the_learners_server_and_ends_with_it(self):
        for words, page in ((["1", "--port", "0"], "41"), (["1", "--port", "0", "--solution"], "42")):
            for number in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(words=words, signal=number.name):
                    process, port, _ = self.serve(*words)
                    self.assertIn(page, self.fetch(port))
                    process.send_signal(number)
                    process.wait(GUARD)
                    self.course.marked.wait_until_gone()
                    with self.assertRaises(OSError):
                        self.fetch(port)

    def test_serve_takes_another_port_when_the_wanted_one_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            wanted = other.getsockname()[1]
            process, port, shown = self.serve("1", "--port", str(wanted))
            self.assertNotEqual(port, wanted)
            self.assert_has(shown, f"Port {wanted} is taken")
            process.terminate()
            process.wait(GUARD)

    def test_serve_tells_of_each_response_if_asked(self):
        process, port, _ = self.serve("1", "--port", "0", "--log")
        self.fetch(port)
        with socket.create_connection(("127.0.0.1", port), timeout=GUARD):
            pass  # says nothing
        self.fetch(port)
        told = [process.stdout.readline() for _ in range(3)]
        for client in (1, 3):
            self.assertRegex(told[client - 1],
                             rf"^client {client}, main: GET / -> 200, \d+ bytes; waited \d+ ms, took [\d.]+ ms\n$")
        self.assertRegex(told[1], r"^client 2, main: nothing came; closed after \d+ ms without a response\n$")
        process.terminate()
        process.wait(GUARD)

    def test_serve_of_what_does_not_compile_says_why(self):
        self.assert_has(self.learn("serve", "2", code=FAILS), "does not compile", "serve 02 --solution")

    def test_serve_tells_when_the_server_ends_by_itself(self):
        self.course.write("int main() { return 3; }\n", "main.cpp")
        self.assert_has(self.learn("serve", "1", "--port", "0", code=FAILS), "The server has ended with exit code 3.")
        self.course.write("int main() { int* p = nullptr; return *p; }\n", "main.cpp")
        self.assert_has(self.learn("serve", "1", "--port", "0", code=FAILS), "main.cpp:1", "The server has ended with exit code 1.")

    # --- export ---

    def test_an_exported_stage_is_a_project_of_its_own(self):
        for number, (words, page) in enumerate(((["1"], "41"), (["1", "--solution"], "42"), (["3", "--solution"], "46"))):
            with self.subTest(words=words):
                target = self.folder / f"exported {number}"
                self.learn("export", words[0], target, *words[1:])
                build = target / "build"
                for command in (["meson", "setup", build, target], ["ninja", "-C", build]):
                    done = subprocess.run(command, capture_output=True, text=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                server = subprocess.Popen([build / "server", "0"], stdout=subprocess.PIPE, text=True,
                                          cwd=target / "site")
                self.addCleanup(server.stdout.close)
                self.addCleanup(server.wait)
                self.addCleanup(server.kill)
                port = int(re.search(r":(\d+)/", server.stdout.readline()).group(1))
                self.assertIn(page, self.fetch(port))
                server.kill()
                for path in target.rglob("*"):
                    if path.suffix in (".cpp", ".hpp", ".md"):
                        self.assertNotIn("docs/", path.read_text(), path)

    def test_an_exported_stage_comes_with_its_tests_if_asked(self):
        target = self.folder / "with tests"
        self.learn("export", "1", target, "--solution", "--tests")
        build = target / "build"
        for command in (["meson", "setup", build, target], ["meson", "test", "-C", build]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Ok: +2\b")

    def test_ones_own_server_is_all_stages_on_ones_own_files(self):
        target = self.folder / "mine"
        self.assert_has(self.learn("own", target, code=CANNOT), "no stage passes yet")
        self.course.write(RIGHT, "answer.cpp")
        self.assert_has(self.learn("own", target, code=FAILS), "1 of 3 stages pass", "Stage 01_first_answer is in")
        self.assertTrue((target / "tests" / "01_first_answer.cpp").exists())

    def test_an_export_overwrites_nothing(self):
        target = self.folder / "taken"
        target.mkdir()
        (target / "mine.txt").write_text("mine")
        self.assert_has(self.learn("export", "1", target, code=CANNOT), "not empty")
        self.assert_has(self.learn("export", "1", target / "mine.txt", code=CANNOT), "mine.txt")
        self.assertEqual(os.listdir(target), ["mine.txt"])


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
