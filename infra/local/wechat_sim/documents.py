"""Reading what was sent as JSON to the mini-program API."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from infra.local.wechat_sim.refusal import ApiRefusal

T = TypeVar("T")


def document(body: bytes) -> dict[str, Any]:
    """The object that was sent; 47001 for anything else."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiRefusal(47001, "data format error") from None
    if not isinstance(sent, dict):
        raise ApiRefusal(47001, "data format error")
    return sent


def member(sent: dict[str, Any], name: str, absent: T) -> T:
    """What was sent under that name, of the same type as what stands for nothing."""
    value = sent.get(name, absent)
    if type(value) is not type(absent):
        raise ApiRefusal(47001, "data format error")
    return value
