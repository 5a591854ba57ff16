"""Help tickets: a help is a separate act of somebody who has looked at what he helps (rules W2, design 4.4).

What is known of whoever looks travels in his ticket, sealed, so that it need not be asked for twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.accounts import tokens
from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.seal import Unsealable, open_, seal
from chalicelib.core.secrets import merchant_secrets
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.sharing.plugged import TREES
from chalicelib.sharing.problems import TICKET_EXPIRED, TICKET_UNFIT, TOO_FAST
from chalicelib.sharing.risk import rank_of
from chalicelib.sharing.sightings import Seen, note, seen_from
from chalicelib.sharing.verdict import LOOKED

__all__ = ["Seen", "Ticket", "issue", "opened", "read", "seen_from"]

AUDIENCE = "ripple:help"
LIFE = timedelta(minutes=10)


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What was known when somebody looked."""

    sub: str
    """Who looked."""
    target: str
    """At what: the play and the id of what would be helped, as ``bargain:<id>``."""
    seen_at: datetime
    rank: int | None = None
    """WeChat's risk rank at that time; None where it did not say."""
    device_accounts: int | None = None
    """Accounts seen on his device within the last 24 hours, his own among them; None where he said of none."""
    address_accounts: int | None = None
    """Accounts seen at his address within the last hour, his own among them."""
    same_person: bool = False
    """Whether whom he would help is himself, as far as we can tell."""
    star: bool = False
    """Whether those whom his inviter brought are a star."""
    chain: bool = False
    """Whether they, or those above him, are a fan or a chain."""


def keys(mid: MerchantId, uid: UserId) -> list[Key]:
    """What the page that issues a ticket reads of its user for it, in its own read round."""
    return [tree.key(mid, uid) for tree in TREES.values()]


def issue(user: User, target: str, seen: Seen, found: Found, owner: User | None = None) -> str:
    """A ticket for this user to help ``target`` of ``owner``, for ten minutes; it carries what is known of him now.

    ``found`` holds `keys`. Asks WeChat for his rank, at most once a day and for `risk.PATIENCE`, counts him in on his
    device and at his address, and looks at what he hangs in; none of it can fail the page that issues it.
    """
    now = clock.now()
    rank, counted = rank_of(user, seen.address), note(user, seen)
    hangs = [(tree, found[tree.key(user.mid, user.uid)]) for tree in TREES.values()]
    shapes = [tree.shape(item) for tree, item in hangs if item is not None]
    ticket = Ticket(
        sub=user.uid,
        target=target,
        seen_at=now,
        rank=rank,
        device_accounts=counted.device,
        address_accounts=counted.address,
        same_person=owner is not None and user.is_same_person(owner),
        star=any(shape.star for shape in shapes),
        chain=any(shape.chain for shape in shapes),
    )
    return tokens.signed(user.mid, AUDIENCE, now + LIFE, {"sub": user.uid, "seen": _sealed(user.mid, ticket)})


def opened(mid: MerchantId, uid: UserId, target: str, token: str, pointer: str = "/help_ticket") -> Ticket:
    """The ticket, if it is this user's for just this. Raises `TICKET_EXPIRED`, `TOO_FAST`, `TICKET_UNFIT`."""
    ticket = read(mid, uid, target, token, pointer)
    if clock.now() < ticket.seen_at + LOOKED:
        raise RippleError(TOO_FAST)
    return ticket


def read(mid: MerchantId, uid: UserId, target: str, token: str, pointer: str = "/help_ticket") -> Ticket:
    """`opened` at any age within its life. Raises `TICKET_EXPIRED`, `TICKET_UNFIT`."""
    try:
        said = tokens.opened(token, AUDIENCE)
        ticket = _unsealed(MerchantId(said["mid"]), said["sub"], said["seen"])
    except tokens.Expired:
        raise RippleError(TICKET_EXPIRED, pointer) from None
    except (tokens.NotGenuine, Unsealable, KeyError, msgspec.MsgspecError):
        raise RippleError(TICKET_UNFIT, pointer) from None
    if (said["mid"], ticket.sub, ticket.target) != (mid, uid, target):
        raise RippleError(TICKET_UNFIT, pointer)
    return ticket


def _sealed(mid: MerchantId, ticket: Ticket) -> str:
    """What his client carries and cannot read: what speaks against whom is nobody's to learn from us.

    A merchant who has no data key yet has nothing to seal with: his tickets say nothing but who looked at what.
    """
    secrets = merchant_secrets(mid)
    if secrets.data_kid not in secrets.data_keys:
        plain = Ticket(sub=ticket.sub, target=ticket.target, seen_at=ticket.seen_at)
        return f".{msgspec.json.encode(plain).decode()}"
    return seal(secrets.data_keys, secrets.data_kid, msgspec.json.encode(ticket), f"{AUDIENCE}|{ticket.sub}")


def _unsealed(mid: MerchantId, uid: str, seen: str) -> Ticket:
    if seen.startswith("."):
        return msgspec.json.decode(seen[1:], type=Ticket)
    return msgspec.json.decode(open_(merchant_secrets(mid).data_keys, seen, f"{AUDIENCE}|{uid}"), type=Ticket)
