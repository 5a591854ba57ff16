"""The simulator as the transport of the production clients: no sockets, no threads, no waiting."""

from __future__ import annotations

from urllib.parse import urlsplit

from chalicelib.wechat.http import Response, Unknown
from infra.local.wechat_sim.app import Simulator
from infra.local.wechat_sim.refusal import Dropped


class InProcess:
    """A `chalicelib.wechat.http.Transport`. A slow answer is a timeout at once, after the act."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        """See `Transport`."""
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            reply = self._simulator.exchange(method, target, headers, body or b"")
        except Dropped:
            raise Unknown("connection") from None
        if reply.delay >= timeout:
            raise Unknown("timeout")
        return Response(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.body)
