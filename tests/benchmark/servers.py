"""Runs servers in turn under wrk, and compares their answers byte for byte."""

import asyncio
import contextlib
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

CONNECTIONS = 64
CHECKED = 10_000  # answers of each server that are compared
GUARD = 60  # seconds; only against waiting for ever


@dataclass
class Result:
    rates: list = field(default_factory=list)
    p99s: list = field(default_factory=list)
    cpus: list = field(default_factory=list)
    lost: int = 0
    broken: int = 0

    rate = property(lambda self: statistics.median(self.rates))
    p99_ms = property(lambda self: statistics.median(self.p99s))
    cpu_us = property(lambda self: statistics.median(self.cpus))


@dataclass
class Program:
    path: pathlib.Path
    arguments: tuple = ("0",)  # the port, and what it is told beside that


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def nginx(site, settings):
    """One process of nginx that serves the site: (process, port). Settings go into its block `server`."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}
            http {{
                access_log off; sendfile on; keepalive_requests 1000000000;
                types {{ text/html html; }}
                client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
                uwsgi_temp_path {folder}; scgi_temp_path {folder};
                server {{ listen 127.0.0.1:{port}; root {site}; {settings} }}
            }}""")
        process = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            yield process, listens(process, port)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def listens(process, port):
    """The port, as soon as somebody listens there."""
    while process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return port
        time.sleep(0.01)
    sys.exit("nginx has ended instead of serving")


@contextlib.contextmanager
def started(program, site):
    """A server in the folder of the site: (process, port). A program may also be a function that starts one."""
    if callable(program):
        with program(site) as both:
            yield both
        return
    process = subprocess.Popen([program.path, *program.arguments], cwd=site, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    try:
        said = process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
        if not found:
            sys.exit(f"{program.path} did not say where it listens: {said!r}")
        yield process, int(found[1])
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


def cpu_seconds(process):
    """What the process has used so far, threads that have ended included (proc_pid_stat(5))."""
    fields = pathlib.Path("/proc", str(process.pid), "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def in_ms(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def load(program, site, target, seconds, result, kept):
    header = [] if kept else ["-H", "Connection: close"]
    with started(program, site) as (process, port):
        before = cpu_seconds(process)
        done = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *header,
                               f"http://127.0.0.1:{port}{target}"], capture_output=True, text=True, timeout=seconds + GUARD,
                              check=True)
        used = cpu_seconds(process) - before
    requests = int(re.search(r"(\d+) requests in", done.stdout)[1])
    result.rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]))
    result.p99s.append(in_ms(re.search(r"(?m)^ *99%\s+(\S+)", done.stdout)[1]))
    result.cpus.append(used / max(requests, 1) * 1e6)
    if errors := re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", done.stdout):
        result.lost += sum(map(int, errors.groups()))
    if others := re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout):
        result.broken += int(others[1])


async def ask(port, target):
    """The whole answer, or nothing when the connection broke."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), GUARD)
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            return head + await asyncio.wait_for(reader.readexactly(int(length[1])) if length else reader.read(), GUARD)
        finally:
            writer.close()
    except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
        return b""


async def compare_answers(port, target, page, result):
    left = iter(range(CHECKED))

    async def client():
        for _ in left:
            answer = await ask(port, target)
            head, _, body = answer.partition(b"\r\n\r\n")
            if len(body) < len(page):
                result.lost += 1
            elif not head.startswith(b"HTTP/1.1 200 ") or body != page:
                result.broken += 1

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))


def compare(programs, site, target, page, rounds, seconds, kept=False):
    """{name: Result} of {name: program}, all asked for `target`, which is `page`. Kept: connections stay open."""
    results = {name: Result() for name in programs}
    for number in range(rounds):
        for name, program in programs.items():
            if sys.stderr.isatty():
                print(f"\r\033[K{target}: round {number + 1} of {rounds}: {name} …", end="", file=sys.stderr, flush=True)
            load(program, site, target, seconds, results[name], kept)
    for name, program in programs.items():
        if sys.stderr.isatty():
            print(f"\r\033[Kcomparing answers: {name} …", end="", file=sys.stderr, flush=True)
        with started(program, site) as (_, port):
            asyncio.run(compare_answers(port, target, page, results[name]))
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return results
