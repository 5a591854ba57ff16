"""A host of portraits that does what hosts do: slow, dripping, lying, sending on, sending too much."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Say = Callable[[socket.socket], None]
"""What is said to whoever asks for a path."""

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n"


def plain(content: bytes, *, status: str = "200 OK", says: int | None = None, more: str = "") -> Say:
    """An answer with a body, whose length may be a lie."""
    head = f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(content) if says is None else says}\r\n\r\n"
    return lambda asker: asker.sendall(head.encode() + content)


def endless(content: bytes, times: int) -> Say:
    """A body that says nothing of its length."""

    def say(asker: socket.socket) -> None:
        asker.sendall(GOOD + b"\r\n")
        for _ in range(times):
            asker.sendall(content)

    return say


def chunked(*parts: bytes) -> Say:
    """A body in chunks."""

    def say(asker: socket.socket) -> None:
        asker.sendall(GOOD + b"Transfer-Encoding: chunked\r\n\r\n")
        for part in (*parts, b""):
            asker.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")

    return say


def dripping(head: bytes, drop: bytes, seconds: float, ended: threading.Event) -> Say:
    """After its head a drop now and then, until the asker goes away or the host is closed."""

    def say(asker: socket.socket) -> None:
        asker.sendall(head)
        while not ended.wait(seconds):
            asker.sendall(drop)

    return say


class Host:
    """A host on 127.0.0.1."""

    def __init__(self) -> None:
        self.says: dict[str, Say] = {}
        self.asked: list[str] = []
        self.ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        """End it, and whatever it is saying."""
        self.ended.set()
        # Whoever waits for another asker gets one.
        with suppress(OSError):
            socket.create_connection(self._socket.getsockname(), 1).close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            asker, _ = self._socket.accept()
            if self.ended.is_set():
                asker.close()
                return
            self._threads.append(threading.Thread(target=self._answer, args=(asker,)))
            self._threads[-1].start()

    def _answer(self, asker: socket.socket) -> None:
        with asker, suppress(OSError):
            asker.settimeout(5)
            path = asker.recv(65536).decode().split(" ")[1]
            self.asked.append(path)
            self.says.get(path.rpartition("/")[2], plain(b"", status="404 Not Found"))(asker)


@contextmanager
def host() -> Iterator[Host]:
    """A host for the block."""
    made = Host()
    try:
        yield made
    finally:
        made.close()


def silent(ended: threading.Event) -> Say:
    """Nothing at all."""

    def say(asker: socket.socket) -> None:
        ended.wait(5)

    return say


def now() -> float:
    """Seconds of the machine's own clock."""
    return time.monotonic()
