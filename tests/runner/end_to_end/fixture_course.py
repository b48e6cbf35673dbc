"""A course of three tiny stages, made from the real meson.build and the real tests/support.

Its stages compile in a fraction of a second and need no sockets. It is made and built once (`template`); each test file
gets a copy of its own, build and all (`copy`).
"""

import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from fixture_files import FILES, RIGHT, STAGES, WRONG  # tests know them from here

SOURCE = pathlib.Path(__file__).resolve().parents[3]


def make(folder):
    """Writes the course, as a git repository with one commit."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    build = (SOURCE / "meson.build").read_text()
    build, count = re.subn(r"^stages = \{\n.*?^\}\n", lambda _: STAGES, build, count=1, flags=re.M | re.S)
    assert count == 1, "meson.build has no dictionary `stages`"
    (folder / "meson.build").write_text(build)
    for name in ("meson_options.txt", "learn"):
        shutil.copy2(SOURCE / name, folder / name)
    shutil.copytree(SOURCE / "tests" / "support", folder / "tests" / "support")
    (folder / "runner").mkdir(exist_ok=True)
    shutil.copy2(SOURCE / "runner" / "stages.txt.in", folder / "runner")
    commit(folder)


def commit(folder):
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "a course"]):
        subprocess.run(git + words, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _fingerprint():
    names = [SOURCE / "meson.build", SOURCE / "meson_options.txt", SOURCE / "learn", pathlib.Path(__file__),
             pathlib.Path(__file__).with_name("fixture_files.py")]
    names += sorted((SOURCE / "tests" / "support").rglob("*")) + sorted((SOURCE / "docs" / "when_it_fails").iterdir())
    text = b"".join(str(name).encode() + name.read_bytes() for name in names if name.is_file())
    return hashlib.sha256(text).hexdigest()


def template(folder, learn):
    """The course in `folder`, built; made anew when something it is made from has changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / (folder.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = folder.parent / (folder.name + ".made")
        wanted = _fingerprint()
        if mark.exists() and mark.read_text() == wanted:
            return folder
        mark.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make(folder)
        # All that a first check compiles, so that no test waits for it: the runner itself sets the build up.
        environment = dict(os.environ, SERVERLINGS_ROOT=str(folder))
        environment.pop("SERVERLINGS_BUILD", None)
        subprocess.run([learn, "list"], env=environment, check=True, stdout=subprocess.DEVNULL)
        targets = [f"{stage}.{kind}.address.{program}" for stage in
                   ("01_first_answer", "02_second_answer", "03_last_word")
                   for kind in ("step", "solution") for program in ("server", "test")]
        targets.append("tests/support/libsupport.plain.a")  # for `schedule`
        subprocess.run(["ninja", "-k", "0", "-C", folder / ".learn" / "build"] + targets, check=False,
                       stdout=subprocess.DEVNULL)
        for stage in ("1", "2", "3"):  # the runner remembers what it has built
            subprocess.run([learn, "run", stage], env=environment, check=False, stdout=subprocess.DEVNULL)
        mark.write_text(wanted)
        return folder


def copy(made, folder):
    """A copy of a built course that needs no building: ninja looks at times, and its paths are relative."""
    shutil.copytree(made, folder, symlinks=True, ignore=shutil.ignore_patterns("build-*"))
    _relocate(folder / ".learn" / "build", made, folder)
    return folder


def _relocate(build, made, folder):
    # These name the folder: build.ninja where it calls Meson, the others in what they include.
    for path in (build / "build.ninja", *build.rglob("*-unity*.cpp")):
        times = path.stat()
        path.write_text(path.read_text().replace(str(made), str(folder)))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def build_with(compiler, made, folder, learn):
    """Sets up the build for `--compiler` in a copy; it is made once, like the template."""
    name = f"build-{compiler}"
    with open(made.parent / (made.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = made / ".learn" / (name + ".made")
        if not mark.exists():
            environment = dict(os.environ, SERVERLINGS_ROOT=str(made))
            subprocess.run([learn, "--compiler", compiler, "run", "1"], env=environment, check=False,
                           stdout=subprocess.DEVNULL)
            mark.touch()
    build = folder / ".learn" / name
    shutil.copytree(made / ".learn" / name, build, symlinks=True, dirs_exist_ok=True)
    _relocate(build, made, folder)


def build_on_ones_own(folder):
    """Sets up the build for `--base mine` from what was built for the other base: little differs."""
    build = folder / ".learn" / "build-mine"
    if not build.exists():
        shutil.copytree(folder / ".learn" / "build", build, symlinks=True)
        subprocess.run(["meson", "setup", "--reconfigure", "-Dbase=mine", build, folder], check=True,
                       stdout=subprocess.DEVNULL)
        for path in build.rglob("*.cpp"):  # Meson writes these again, the same as before
            times = (folder / ".learn" / "build" / path.relative_to(build)).stat()
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def restore(folder):
    """Brings the course back to what was shipped, and takes the learner's marks away; what was built stays."""
    for part in ("steps", "docs"):
        for path in sorted((folder / part).rglob("*"), reverse=True):
            if path.is_symlink():
                path.unlink()
            elif path.is_dir():
                if not any(name.startswith(str(path.relative_to(folder)) + "/") for name in FILES):
                    shutil.rmtree(path)
            elif str(path.relative_to(folder)) not in FILES:
                path.unlink()
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_text(text)
    (folder / ".learn" / "base").unlink(missing_ok=True)
    for path in (folder / ".learn").glob("progress*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
