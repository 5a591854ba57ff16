"""Processes that outlive the command that starts them and are ended by number, if they still are those started."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from infra.local.endpoint import ROOT, Process

GRACE_SECONDS = 10.0
HOST = "127.0.0.1"


_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Those that this very process started, so that they are collected when they end."""


class Stopped(Exception):
    """A process ended or kept silent when it should have answered; the message shows the end of its output."""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def start(name: str, module: str, *arguments: str, home: Path, environment: Mapping[str, str]) -> Process:
    """Run a module of this project in a process group of its own, its output in ``home/<name>.log``."""
    with (home / f"{name}.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _CHILDREN[started.pid] = started
    atexit.register(_leave, started)
    return Process(name, started.pid, _born(started.pid))


def _leave(started: subprocess.Popen[bytes]) -> None:
    """What still runs when its starter ends is meant to outlive it: no warning about that."""
    if started.poll() is None:
        started.returncode = 0


def alive(process: Process) -> bool:
    """Whether exactly this process still runs."""
    if process.pid in _CHILDREN:
        return _CHILDREN[process.pid].poll() is None and _born(process.pid) in (process.born, "gone")
    try:
        os.kill(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return _born(process.pid) == process.born


def stop(process: Process) -> None:
    """End the process, if it still is the one started, and everything in its group; kill what does not end in time."""
    if not alive(process):
        return
    _signal(process, signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    while alive(process) and time.monotonic() < until:
        time.sleep(0.05)
    # Also what it leaves behind, such as functions in the middle of a call.
    _signal(process, signal.SIGKILL)
    while alive(process):
        time.sleep(0.05)


def await_answer(url: str, process: Process, home: Path, seconds: float = 60) -> None:
    """Wait until ``url`` answers with any status below 500. Raises `Stopped`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as answered:
            answered.close()
            if answered.code < 500:
                return
        except OSError:
            if not alive(process):
                break
        time.sleep(0.1)
    log = (home / f"{process.name}.log").read_text(errors="replace")
    raise Stopped(f"{process.name} does not answer at {url}; it said:\n{log[-2000:]}")


def _signal(process: Process, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, sign)


def _born(pid: int) -> str:
    """When the process started, where the system tells it (Linux); ``gone`` for one that only waits to be collected."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "gone" if state == "Z" else fields[18]
