"""Telling somebody something: owed in the transaction that makes it so, where the merchant has a template for it."""

from __future__ import annotations

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import owe
from chalicelib.core.transaction import Transaction
from chalicelib.notices.moments import Facts, Moment
from chalicelib.notices.setup import voice

MESSAGE = "wechat_message"
"""The outbox's name of telling somebody something."""


def number(uid: UserId, moment: Moment, ident: str) -> str:
    """What a message is known by: one for a user, a moment and an object."""
    return f"{uid}#{moment.value}#{ident}"


def tell(
    tx: Transaction,
    name: str,
    mid: MerchantId,
    uid: UserId,
    moment: Moment,
    ident: str,
    facts: Facts,
    *,
    about: tuple[str, str],
) -> None:
    """Owe a user a message in ``tx``, as the action ``name``; nothing is written where the shop does not tell of it.

    ``ident`` names what happened (an order, a refund's number, a group): he is told of it once. ``facts`` are all those
    of the moment. ``about`` is the kind and the id of what the message opens (`plugged.PAGES`), and of what he may be
    reminded later.
    """
    if voice(mid).tells(moment):
        owe_message(tx, name, mid, uid, moment, ident, facts, about=about)


def owe_message(
    tx: Transaction,
    name: str,
    mid: MerchantId,
    uid: UserId,
    moment: Moment,
    ident: str,
    facts: Facts,
    *,
    about: tuple[str, str],
) -> None:
    """`tell` whatever the merchant has said lately: what has no template then is dropped when it is sent."""
    payload = {"uid": uid, "moment": moment.value, "ident": ident, "facts": facts, "about": list(about)}
    owe(tx, name, mid, MESSAGE, number(uid, moment, ident), payload)
