"""WeChat as the code under test reaches it in this process, with room for a gate before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from chalicelib.wechat.http import Response, Transport


class GatedTransport:
    """WeChat behind the gate, when there is one."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.arrives: Callable[[str, str, bytes], None] = lambda method, path, body: None
        """Told of what arrives at WeChat, just before it is acted on."""
        self.gate: Callable[[str, Callable[[], Response]], Response] | None = None

    @contextmanager
    def watched(self) -> Iterator[list[str]]:
        """What WeChat is asked inside the block."""
        asked = list[str]()

        def gate(what: str, send: Callable[[], Response]) -> Response:
            asked.append(what)
            return send()

        before, self.gate = self.gate, gate
        try:
            yield asked
        finally:
            self.gate = before

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        """See `Transport`."""

        def send() -> Response:
            self.arrives(method, urlsplit(url).path, body or b"")
            return self._transport.send(method, url, headers, body, timeout)

        return self.gate(f"WeChat {method} {urlsplit(url).path}", send) if self.gate else send()
