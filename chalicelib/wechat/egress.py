"""The way by which transfers reach WeChat: from the one address that WeChat's merchant platform lets call for them.

Where `Config.egress_function` names the function that has that address, requests of the operations account are handed
to it, signed and whole (`forwarding` is its side of this). Everything else leaves as it always did.
"""

from __future__ import annotations

import zlib

import msgspec

from chalicelib.core import errors, functions, log
from chalicelib.core.config import config
from chalicelib.wechat.http import CONNECT_SECONDS, Response, Transport, Unknown, transport

START_SECONDS = 3.0
"""What the function may need beside its own waiting: to start, and to hand over what came."""


class Errand(msgspec.Struct, frozen=True):
    """A request as it is to be sent; in JSON its body is base64."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    timeout: float
    """Seconds, as `Transport.send` means them."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of it: an answer, or why there is none."""

    answer: Response | None = None
    """Its body is deflated: a bill's file would not fit into what Lambda lets a function answer."""
    unknown: str | None = None


class ThroughFunction:
    """A `Transport` that lets the function of this name send, once, whatever becomes of it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        """See `Transport`. A function that cannot be asked, fails or says what is no outcome has perhaps sent."""
        errand = msgspec.json.encode(Errand(method, url, headers, body, timeout))
        try:
            said = functions.invoke(self._name, errand, CONNECT_SECONDS + timeout + START_SECONDS)
        except functions.Failed as failed:
            log.error("egress_failed", function_error=failed.kind)
            raise Unknown("egress: the function failed") from failed
        except errors.Unknown as lost:
            log.warning("egress_unreachable", why=str(lost))
            raise Unknown("egress: not reached, or its answer was lost") from lost
        try:
            outcome = msgspec.json.decode(said, type=Outcome)
            if outcome.answer is None:
                raise Unknown(f"egress: {outcome.unknown}")
            whole = zlib.decompress(outcome.answer.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, zlib.error) as garbled:
            log.error("egress_garbled", raised=garbled)
            raise Unknown("egress: no outcome") from garbled
        return msgspec.structs.replace(outcome.answer, body=whole)


def way_out() -> Transport:
    """What carries requests of the operations account: the process's own transport, unless a function is named."""
    name = config().egress_function
    return ThroughFunction(name) if name else transport()
