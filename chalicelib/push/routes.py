"""WeChat's message push over HTTP."""

from __future__ import annotations

import msgspec

from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import CALLBACK, Call, operation
from chalicelib.orders.problems import NOTIFICATION_REFUSED
from chalicelib.push import events

PLAIN = "text/plain"
TAKEN = b"success"
"""The only answer that WeChat takes for an acknowledgement."""


class Asked(msgspec.Struct):
    """The query of WeChat's question."""

    signature: str = ""
    timestamp: str = ""
    nonce: str = ""
    echostr: str = ""
    """What to answer."""


class Sealed(msgspec.Struct):
    """The query of a message."""

    msg_signature: str = ""
    """Over timestamp, nonce and what is sealed."""
    timestamp: str = ""
    nonce: str = ""


@operation(
    auth=CALLBACK,
    query=Asked,
    answer=bytes,
    media=PLAIN,
    summary="WeChat asks whether this is the merchant's server",
    problems=(NOTIFICATION_REFUSED, NOT_FOUND),
    name="push_asked",
)
def asked(call: Call[None]) -> bytes:
    """Answer with the text that was sent; 404 for a merchant whose secret says nothing of message push."""
    query: Asked = call.query
    events.asked(call.mid, signature=query.signature, timestamp=query.timestamp, nonce=query.nonce)
    return query.echostr.encode()


@operation(
    auth=CALLBACK,
    query=Sealed,
    answer=bytes,
    media=PLAIN,
    summary="WeChat tells of what happened in it",
    problems=(NOTIFICATION_REFUSED, NOT_FOUND),
    name="push_told",
)
def told(call: Call[None]) -> bytes:
    """Take a message in safe mode; `success` acknowledges it, also where it means nothing to us."""
    query: Sealed = call.query
    events.told(call.mid, signature=query.msg_signature, timestamp=query.timestamp, nonce=query.nonce, raw=call.raw)
    return TAKEN
