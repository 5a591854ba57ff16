"""Help tickets: a help is a separate act of somebody who has looked at what he helps (rules W2, design 4.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.accounts import tokens
from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.sharing.problems import TICKET_EXPIRED, TICKET_UNFIT, TOO_FAST

AUDIENCE = "ripple:help"
LIFE = timedelta(minutes=10)
LOOKED = timedelta(seconds=2)
"""Nobody reads a page and decides in less."""


class Seen(msgspec.Struct, frozen=True):
    """Where somebody looks from, as far as his client says."""

    address: str | None = None
    device: str | None = None


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What was known when somebody looked."""

    sub: str
    """Who looked."""
    target: str
    """At what: the play and the id of what would be helped, as ``bargain:<id>``."""
    seen_at: datetime
    rank: int | None = None
    """WeChat's risk rank at that time; None where it did not say."""


def issue(user: User, target: str, seen: Seen) -> str:
    """A ticket for this user to help ``target``, for ten minutes."""
    now = clock.now()
    ticket = Ticket(sub=user.uid, target=target, seen_at=now)
    return tokens.signed(user.mid, AUDIENCE, now + LIFE, msgspec.to_builtins(ticket))


def opened(mid: MerchantId, uid: UserId, target: str, token: str, pointer: str = "/help_ticket") -> Ticket:
    """The ticket, if it is this user's for just this. Raises `TICKET_EXPIRED`, `TOO_FAST`, `TICKET_UNFIT`."""
    try:
        said = tokens.opened(token, AUDIENCE)
        ticket = msgspec.convert(said, Ticket)
    except tokens.Expired:
        raise RippleError(TICKET_EXPIRED, pointer) from None
    except (tokens.NotGenuine, msgspec.ValidationError):
        raise RippleError(TICKET_UNFIT, pointer) from None
    if (said["mid"], ticket.sub, ticket.target) != (mid, uid, target):
        raise RippleError(TICKET_UNFIT, pointer)
    if clock.now() < ticket.seen_at + LOOKED:
        raise RippleError(TOO_FAST)
    return ticket
