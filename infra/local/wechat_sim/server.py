"""The simulator on a loopback port: threads for requests, a few more that carry notifications."""

from __future__ import annotations

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

from infra.local.wechat_sim.app import Simulator
from infra.local.wechat_sim.notices import Answer
from infra.local.wechat_sim.refusal import Dropped

ANSWER_SECONDS = 5.0
"""How long WeChat waits for the answer to a notification."""

CARRIERS = 4
LOOK_SECONDS = 0.05
LARGEST_BODY = 8 << 20
"""A picture that is scanned comes whole."""


def post(url: str, headers: dict[str, str], body: bytes) -> Answer:
    """Carry a notification over HTTP; None when no answer came in time."""
    return _request("POST", url, headers, body)


def get(url: str) -> Answer:
    """Ask a question over HTTP; None when no answer came in time."""
    return _request("GET", url, {}, None)


def _request(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Answer:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, f"{parts.path or '/'}{parts.query and '?'}{parts.query}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Handler(BaseHTTPRequestHandler):
    """HTTP in and out of one `Simulator`."""

    simulator: ClassVar[Simulator]
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    # Headers and body go out in two writes; without this each answer waits 40 ms for a delayed acknowledgement.
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, LARGEST_BODY))
        try:
            reply = self.simulator.exchange(self.command, self.path, dict(self.headers.items()), body)
        except Dropped:
            self.close_connection = True
            return
        if reply.delay:
            time.sleep(reply.delay)
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_DELETE = do_PUT = _answer  # noqa: N815 - http.server looks for these names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in http.server
        """Nothing: bodies and targets carry secrets."""


class Server:
    """A running simulator; use as a context manager or `start` and `stop`."""

    def __init__(self, simulator: Simulator | None = None, *, port: int = 0) -> None:
        self.simulator = simulator or Simulator()
        handler = type("BoundHandler", (Handler,), {"simulator": self.simulator})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self.port = int(self._http.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.simulator.base_url = self.url
        self.simulator.deliver = post
        self.simulator.ask = get
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)]
        self._threads += [threading.Thread(target=self._carry, daemon=True) for _ in range(CARRIERS)]

    def _carry(self) -> None:
        while not self._stopping.is_set():
            if self.simulator.deliver_next() is None and not self.simulator.push_next():
                self._stopping.wait(LOOK_SECONDS)

    def start(self) -> Server:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and delivering."""
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        for thread in self._threads:
            thread.join(timeout=ANSWER_SECONDS + 1)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
