"""The script ./learn: finds what is missing, asks before it installs, builds the runner once, starts it quickly."""

import os
import shutil
import subprocess
import sys
import time

import tap
from pseudo_terminal import LEARN
from script_machine import COMPILER, MESON, SHELLS, Machine, write_program


class Script(Machine):
    def test_with_everything_there_it_builds_once_and_starts_the_runner(self):
        self.give_everything()
        for shell in SHELLS:
            with self.subTest(shell=shell):
                shutil.rmtree(self.root / ".learn", ignore_errors=True)
                code, shown = self.run_script("run", "a b", shell=shell)
                self.assertEqual(code, 0, shown)
                self.assertIn("Building the runner", shown)
                self.assertIn(f"the runner of {self.root}: run a b", shown)
                ninjas = self.log("ninja")
                code, shown = self.run_script("list", shell=shell)
                self.assertEqual((code, shown), (0, f"the runner of {self.root}: list\n"))
                self.assertEqual(self.log("ninja"), ninjas)

    def test_what_the_shell_exports_stays_out_of_the_build_and_reaches_the_runner(self):
        self.give_everything()
        given = {"CXXFLAGS": "-std=c++17\nsecond=line", "LDFLAGS": "-fuse-ld=none", "CPATH": "/nowhere",
                 "LIBRARY_PATH": "/nowhere", "CXX_LD": "none", "NINJA_STATUS": "?", "LANG": "de_DE.UTF-8",
                 "LC_ALL": "de_DE.UTF-8", "http_proxy": "http://127.0.0.1:1", "NO_COLOR": "1"}
        for shell in SHELLS:
            with self.subTest(shell=shell):
                shutil.rmtree(self.root / ".learn", ignore_errors=True)
                code, shown = self.run_script(shell=shell, environment=given)
                self.assertEqual(code, 0, shown)
                seen = dict(line.split("=", 1) for line in self.log("meson-environment").splitlines() if "=" in line)
                kept = {"CXX", "HOME", "LC_ALL", "OLDPWD", "PATH", "PWD", "SERVERLINGS_ROOT", "SHLVL", "TERM", "_"}
                self.assertLessEqual(set(seen), kept | {"http_proxy"})
                self.assertEqual((seen["LC_ALL"], seen["CXX"]), ("C", "c++"))
                self.assertIn("in de_DE.UTF-8, no colour: 1", shown)

    def test_a_course_that_cannot_be_written_is_said_once(self):
        self.give_everything()
        (self.root / ".learn").mkdir()
        (self.root / ".learn" / "root").write_text("elsewhere\n")
        (self.root / ".learn" / "build" / "runner").mkdir(parents=True)
        (self.root / ".learn" / "build" / "runner" / "old").touch()
        for folder in (self.root / ".learn" / "build" / "runner", self.root / ".learn" / "build", self.root / ".learn"):
            folder.chmod(0o555)
            self.addCleanup(folder.chmod, 0o755)
        self.folder.chmod(0o755)
        somebody_else = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        code, shown = self.run_script("list", **somebody_else)
        self.assertEqual(code, 2, shown)
        self.assertIn(f"{self.root}/.learn, and that cannot be written", shown)
        self.assertEqual(shown.count("\n"), 1, shown)

    def test_a_changed_runner_is_built_again(self):
        self.give_everything()
        self.run_script()
        (self.root / "runner" / "new.cpp").touch()
        os.utime(self.root / "runner" / "new.cpp", (time.time() + 5, time.time() + 5))
        self.run_script()
        self.assertEqual(self.log("ninja").count("\n"), 2)
        self.assertEqual(self.log("meson").count("\n"), 1)

    def test_a_moved_folder_is_built_anew(self):
        self.give_everything()
        self.run_script()
        moved = self.folder / "moved"
        shutil.copytree(self.root, moved)
        self.root = moved
        code, shown = self.run_script("list")
        self.assertIn(f"the runner of {moved}: list", shown)
        self.assertEqual(self.log("meson").count("\n"), 2)
        self.assertIn(f"setup {moved}/.learn/build {moved}", self.log("meson"))

    def test_a_build_that_fails_in_a_kept_folder_is_set_up_anew(self):
        self.give_everything()
        self.run_script()
        (self.root / ".learn" / "built-learn").unlink()
        (self.tools / "ninja-fails").touch()
        code, shown = self.run_script("list")
        self.assertEqual(code, 0, shown)
        self.assertEqual(self.log("meson").count("\n"), 2)

    def test_a_build_that_fails_shows_its_end_and_where_the_rest_is(self):
        self.give_everything()
        (self.tools / "meson-fails").touch()
        code, shown = self.run_script()
        self.assertEqual(code, 2)
        self.assertIn("ERROR: meson fails", shown)
        self.assertIn(".learn/build.log", shown)
        (self.tools / "meson-fails").unlink()
        self.assertEqual(self.run_script()[0], 0)

    def test_what_is_missing_is_named_with_the_one_command_that_installs_it(self):
        sudo = "" if os.geteuid() == 0 else "sudo "
        for manager, command in (
            ("apt-get", f"{sudo}apt-get update -q && {sudo}apt-get install -q --yes --no-install-recommends g++ meson "
             "ninja-build pkg-config doctest-dev libcli11-dev libfmt-dev libuv1-dev gdb"),
            ("dnf", f"{sudo}dnf install --assumeyes gcc-c++ meson ninja-build pkgconf-pkg-config doctest-devel "
             "cli11-devel fmt-devel libuv-devel libasan libubsan libtsan gdb"),
            ("pacman", f"{sudo}pacman -S --needed --noconfirm gcc meson ninja pkgconf doctest cli11 fmt libuv gdb"),
            ("zypper", f"{sudo}zypper --non-interactive install gcc-c++ meson ninja pkgconf doctest-devel cli11-devel "
             "fmt-devel libuv-devel gdb"),
            ("brew", "brew install gcc meson ninja pkgconf doctest cli11 fmt libuv gdb"),
        ):
            for shell in SHELLS:
                with self.subTest(manager=manager, shell=shell):
                    self.give_manager(manager)
                    code, shown = self.run_script(shell=shell)
                    self.assertEqual(code, 1)
                    self.assertIn(f"\n  {command}\n", shown)
                    self.assertIn("./learn --yes", shown)
                    self.assertEqual(self.log("manager"), "")
            (self.tools / manager).unlink()

    def test_only_what_is_missing_is_asked_for(self):
        self.give_manager("apt-get")
        self.give_everything()
        (self.tools / "headers" / "uv.h").unlink()
        (self.tools / "ninja").unlink()
        code, shown = self.run_script()
        self.assertEqual(code, 1)
        self.assertRegex(shown, r"--no-install-recommends ninja-build libuv1-dev\n")

    def test_gdb_alone_is_not_asked_for(self):
        self.give_everything()
        (self.tools / "gdb").unlink()
        self.assertEqual(self.run_script()[0], 0)

    def test_ninja_may_be_called_ninja_build(self):
        self.give_everything()
        (self.tools / "ninja").rename(self.tools / "ninja-build")
        self.assertEqual(self.run_script()[0], 0)

    def test_a_compiler_that_is_too_old_is_told(self):
        self.give_manager("apt-get")
        self.give_everything()
        (self.tools / "version").write_text("11\n")
        code, shown = self.run_script()
        self.assertEqual(code, 1)
        self.assertIn("too old: c++ 11 (GCC 12 or Clang 14 is needed)", shown)
        self.assertIn("g++-12", shown)

    def test_a_newer_compiler_beside_an_old_one_is_used(self):
        self.give_everything()
        write_program(self.tools / "g++-13", COMPILER.replace('cat "$here/version"', "echo 13"))
        (self.tools / "version").write_text("11\n")
        write_program(self.tools / "meson", MESON.replace('echo "$*"', 'echo "CXX=$CXX $*"'))
        code, shown = self.run_script()
        self.assertEqual(code, 0, shown)
        self.assertNotIn("too old", shown)
        self.assertIn("CXX=g++-13", self.log("meson"))

    def test_a_meson_that_is_too_old_is_told(self):
        self.give_manager("apt-get")
        self.give_everything()
        write_program(self.tools / "meson", MESON.replace("1.0.1", "0.61.2"))
        code, shown = self.run_script()
        self.assertEqual(code, 1)
        self.assertIn("meson 0.61.2 (1.0 is needed)", shown)

    def test_sanitizers_that_do_not_work_bring_another_compiler(self):
        self.give_manager("apt-get")
        self.give_everything()
        (self.tools / "sanitizers").unlink()
        code, shown = self.run_script()
        self.assertEqual(code, 1)
        self.assertRegex(shown, r"--no-install-recommends g\+\+\n")

    def test_yes_installs_builds_and_starts(self):
        self.give_manager("apt-get")
        code, shown = self.run_script("--yes", "list")
        self.assertEqual(code, 0, shown)
        self.assertIn(f"the runner of {self.root}: --yes list", shown)
        self.assertRegex(self.log("manager"), r"\Aapt-get update -q\napt-get install -q --yes .*g\+\+ meson")

    def test_an_installation_that_fails_shows_its_end(self):
        self.give_manager("apt-get")
        (self.tools / "manager-fails").touch()
        code, shown = self.run_script("--yes")
        self.assertEqual(code, 2)
        self.assertIn("E: no network", shown)
        self.assertIn(".learn/install.log", shown)

    def test_what_is_still_missing_after_the_installation_is_told(self):
        self.give_manager("apt-get")
        (self.all / "meson").unlink()
        code, shown = self.run_script("--yes")
        self.assertEqual(code, 2)
        self.assertIn("Still missing after the installation: meson", shown)

    def test_without_a_package_manager_it_says_so(self):
        code, shown = self.run_script("--yes")
        self.assertEqual(code, 2)
        self.assertIn("No package manager", shown)

    def test_in_a_terminal_it_asks_and_no_changes_nothing(self):
        self.give_manager("apt-get")
        session = self.session("list")
        session.wait_for("[Y/n]", plainly=True)
        session.press("n\n")
        self.assertEqual(session.wait_for_end(), 1)
        self.assertEqual(self.log("manager"), "")

    def test_in_a_terminal_yes_installs_and_starts(self):
        for answer in ("\n", "y\n", "Yes\n"):
            with self.subTest(answer=answer):
                self.give_manager("apt-get")
                session = self.session("list")
                session.wait_for("[Y/n]", plainly=True)
                session.press(answer)
                session.wait_for("the runner of", plainly=True)
                self.assertEqual(session.wait_for_end(), 0)
                shutil.rmtree(self.root / ".learn")
                (self.tools / "c++").unlink()

    def test_in_a_terminal_the_build_shows_how_far_it_is(self):
        self.give_everything()
        session = self.session("list")
        session.wait_for("Building the runner, once: [2/2]", plainly=True)
        session.wait_for("the runner of", plainly=True)
        self.assertEqual(session.wait_for_end(), 0)

    def test_elsewhere_than_on_linux_it_names_the_dev_container(self):
        self.give_everything()
        (self.tools / "uname").unlink()
        write_program(self.tools / "uname", "#!/bin/sh\necho Darwin\n")
        code, shown = self.run_script()
        self.assertEqual(code, 2)
        self.assertIn(".devcontainer", shown)

    def test_it_is_found_through_a_link_to_its_folder_and_from_any_folder(self):
        self.give_everything()
        (self.folder / "link").symlink_to(self.root)
        done = subprocess.run([self.folder / "link" / "learn", "list"], capture_output=True, text=True, check=False,
                              env=self.environment(), cwd="/")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(": list", done.stdout)

    def test_started_once_more_it_adds_next_to_nothing(self):
        self.give_everything()
        self.run_script()
        program = self.root / ".learn" / "build" / "runner" / "learn"
        shutil.copy2(LEARN, program)
        (self.root / "steps").mkdir()
        (program.parents[1] / "stages.txt").write_text("01_a|main.cpp||address\n")
        words = {"script": [self.root / "learn", "list"], "runner alone": [program, "list"]}
        fastest = {}
        for name, command in words.items():
            environment = dict(self.environment(), SERVERLINGS_ROOT=str(self.root))
            times = []
            for _ in range(30):
                begun = time.perf_counter()
                done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
                times.append(1000 * (time.perf_counter() - begun))
                self.assertEqual(done.returncode, 0)
            fastest[name] = min(times)
        print(f"# ./learn list: {fastest['script']:.1f} ms, the runner alone {fastest['runner alone']:.1f} ms")
        # A ratio within one run: what else the machine does slows both.
        self.assertLess(fastest["script"], 10 * fastest["runner alone"])


if __name__ == "__main__":
    tap.main(sys.modules[__name__])
