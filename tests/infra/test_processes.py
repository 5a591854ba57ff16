"""What is started is ended, and nothing else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from infra.local import processes, up
from infra.local.endpoint import Process, State, load, store
from infra.local.stack import stop


@pytest.fixture
def sleeper(tmp_path: Path) -> Process:
    """A process that waits to be ended."""
    return processes.start("sleeper", "http.server", "0", "--bind", "127.0.0.1", home=tmp_path, environment=os.environ)


def test_a_started_process_is_ended(sleeper: Process) -> None:
    assert processes.alive(sleeper)
    processes.stop(sleeper)
    assert not processes.alive(sleeper)


def test_another_process_under_the_same_number_is_left_alone(sleeper: Process) -> None:
    processes.stop(Process("sleeper", sleeper.pid, born="long ago"))
    assert processes.alive(sleeper)
    processes.stop(sleeper)


def test_stopping_ends_all_and_forgets_them(tmp_path: Path, sleeper: Process) -> None:
    store(tmp_path, State([sleeper]))
    (tmp_path / "scratch").mkdir()
    assert stop(tmp_path) == ["sleeper"]
    assert not processes.alive(sleeper)
    assert load(tmp_path).processes == []
    assert not (tmp_path / "scratch").exists()
    assert stop(tmp_path) == [], "stopping twice is no error"


def test_a_silent_process_is_reported_with_what_it_said(tmp_path: Path) -> None:
    ended = processes.start("wrong", "http.server", "--no-such-option", home=tmp_path, environment=os.environ)
    with pytest.raises(processes.Stopped, match="no-such-option"):
        processes.await_answer(f"http://127.0.0.1:{processes.free_port()}/", ended, tmp_path, seconds=10)


def test_a_taken_port_is_named_with_the_way_to_choose_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "HOME", tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("RIPPLE_AWS_PORT", str(port))
        with pytest.raises(SystemExit, match=rf"port {port} is taken.*RIPPLE_AWS_PORT={port + 100} make up"):
            up.chosen_ports()


def test_a_port_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "HOME", tmp_path)
    monkeypatch.setenv("RIPPLE_WECHAT_PORT", "http")
    with pytest.raises(SystemExit, match="RIPPLE_WECHAT_PORT=http"):
        up.chosen_ports()
