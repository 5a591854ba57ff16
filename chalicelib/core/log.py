"""Structured logs: one JSON line an event on stdout, with the request's ids and never a personal identifier."""

from __future__ import annotations

import sys
import traceback
from contextvars import ContextVar
from typing import Any

import msgspec

from chalicelib.core import clock

FORBIDDEN = frozenset(
    {
        *("openid", "unionid", "phone", "mobile", "receiver", "address", "nickname"),
        *("user_name", "tel_number", "detail_info", "street_name", "sealed"),
        *("token", "access_token", "refresh_token", "code", "js_code", "secret", "appsecret", "session_key"),
        *("authorization", "password", "paysign", "prepay_id", "package", "api_key", "idempotency_key"),
    }
)
"""Field names that never reach a log, whatever their value (rules D1: logs hold internal ids only)."""

_bound: ContextVar[dict[str, Any] | None] = ContextVar("log_fields", default=None)


def bind(**fields: Any) -> None:
    """Add ``fields`` to every following line of this request."""
    _bound.set({**(_bound.get() or {}), **fields})


def clear() -> None:
    """Forget what was bound; called when a request or an entry begins."""
    _bound.set(None)


def info(event: str, **fields: Any) -> None:
    """Something happened as it should."""
    _write("INFO", event, fields)


def warning(event: str, **fields: Any) -> None:
    """Something is odd and was dealt with."""
    _write("WARNING", event, fields)


def error(event: str, *, raised: BaseException | None = None, **fields: Any) -> None:
    """Something needs a person; ``raised`` adds the stack, without the exception's own values."""
    if raised is not None:
        fields["exception"] = type(raised).__name__
        fields["stack"] = [
            f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}"
            for frame in traceback.extract_tb(raised.__traceback__)
        ]
    _write("ERROR", event, fields)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: "***" if str(k).lower() in FORBIDDEN else _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value


def _write(level: str, event: str, fields: dict[str, Any]) -> None:
    line = {"time": clock.iso(clock.now()), "level": level, "event": event, **(_bound.get() or {}), **fields}
    sys.stdout.write(msgspec.json.encode(_clean(line), enc_hook=str).decode() + "\n")
