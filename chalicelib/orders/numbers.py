"""The numbers under which WeChat Pay knows what is ours, and back: each follows from the state alone."""

from __future__ import annotations

from chalicelib.core.ids import CROCKFORD, ULID_LENGTH, OrderId

MOST_REFUNDS = 50
"""Refunds that WeChat takes of one payment (wechat.md 7.6)."""


def trade_number(oid: str, attempt: int) -> str:
    """WeChat's ``out_trade_no`` of a payment attempt (6–32 letters, unique per merchant)."""
    return f"{oid}-{attempt}"


def refund_number(oid: str, attempt: int, cause: int = 0) -> str:
    """WeChat's ``out_refund_no``: one per capture and cause, from the state alone: a repeat is the same refund.

    Attempt 0 is what goes back without money, which WeChat never hears of.
    """
    return f"{oid}-{'wechat' if attempt else 'parts'}-{attempt}-{cause}"


def parse_trade_number(number: str) -> tuple[OrderId, int] | None:
    """The order and attempt of an ``out_trade_no`` of ours."""
    oid, *rest = number.split("-")
    known = _counts(oid, rest, 1)
    return (OrderId(oid), known[0]) if known and known[0] and trade_number(oid, *known) == number else None


def parse_refund_number(number: str) -> tuple[OrderId, int, int] | None:
    """The order, attempt and cause of an ``out_refund_no`` of ours."""
    oid, *rest = number.split("-")
    known = _counts(oid, rest[1:], 2)
    if not known or not known[0] or refund_number(oid, *known) != number:
        return None
    return OrderId(oid), known[0], known[1]


def order_of(number: str) -> OrderId | None:
    """The order that any number of ours is about: each begins with its order's id, or is it."""
    oid = number.partition("-")[0]
    ours = len(oid) == ULID_LENGTH and all(letter in CROCKFORD for letter in oid)
    return OrderId(oid) if ours else None


def _counts(oid: str, parts: list[str], wanted: int) -> list[int] | None:
    """The numbers after an id, if they can be some of ours."""
    if not oid.isalnum() or len(parts) != wanted:
        return None
    return [int(part) for part in parts] if all(part.isdecimal() and len(part) <= 3 for part in parts) else None
