"""What is promised of time: what ends is looked after at its end, and nothing is left past it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.bargain.items import Bargain
from chalicelib.bargain.states import BargainState
from chalicelib.core import clock
from chalicelib.core.due import LONGEST_WAIT
from chalicelib.core.table import Item, due_entry
from chalicelib.family.adjustments import Adjustment
from chalicelib.family.items import Ask, Invitation
from chalicelib.family.states import AdjustmentState, AskState, InvitationState
from chalicelib.fulfilment.items import Case
from chalicelib.fulfilment.states import OPEN_CASES
from chalicelib.groupbuy.items import Group
from chalicelib.groupbuy.states import GroupState
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.redpacket.items import Claim, Packet, Unlock
from chalicelib.redpacket.states import ActState, PacketState
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import CashState, GrantState
from chalicelib.voucher.exports import Export
from chalicelib.voucher.items import Batch
from chalicelib.voucher.states import BatchState
from tests.breaking import Break, the
from tests.invariants import Books, invariant, settled

TICKS = timedelta(minutes=2)
"""Two sweeps."""

ENDS: dict[type[Item], Callable[[Any], datetime | None]] = {
    Order: lambda it: it.deadline if it.state in (OrderState.HELD, OrderState.CLOSING) else None,
    Group: lambda it: it.expires_at if it.status in (GroupState.OPEN, GroupState.SETTLING) else None,
    Bargain: lambda it: it.claim_until if it.status is BargainState.FLOOR else _of_live(it),
    Packet: lambda it: it.expires_at if it.status in (PacketState.ACTIVE, PacketState.SETTLING) else None,
    Unlock: lambda it: it.passes_at if it.state is ActState.HELD else None,
    Claim: lambda it: it.passes_at if it.state is ActState.HELD else None,
    Cash: lambda it: it.until if it.state is CashState.CLAIMABLE else None,
    Grant: lambda it: it.hold_until if it.state is GrantState.HELD else None,
    Case: lambda it: it.wait_until if it.state in OPEN_CASES and not it.late else None,
    Batch: lambda it: it.until if it.status is BatchState.LIVE else None,
    Export: lambda it: it.until if it.due else None,
    Invitation: lambda it: it.until if it.state is InvitationState.OPEN else None,
    Ask: lambda it: it.until if it.state is AskState.OPEN else None,
    Adjustment: lambda it: it.until if it.state is AdjustmentState.WAITING else None,
}
"""When the time of what has not ended is over; None for what has, or has no time of its own."""


def _of_live(bargain: Bargain) -> datetime | None:
    live = bargain.status in (BargainState.ACTIVE, BargainState.SETTLING)
    return bargain.expires_at if live else None


def unended(books: Books) -> Iterator[tuple[Item, datetime]]:
    """Everything that time ends, and when."""
    for kind, end in ENDS.items():
        yield from ((item, at) for item in books.of(kind) if (at := end(item)) is not None)


@invariant("What ends by itself is looked after within two minutes of its end, and from then on every few minutes.")
def ends_come_in_time(books: Books) -> Iterator[str]:
    now = clock.now()
    for item, end in unended(books):
        latest = (end if end > now else now + LONGEST_WAIT) + TICKS
        if item.due is None or item.due > latest:
            yield f"{item.pk} {item.sk} ends at {end}, and is looked after at {item.due}"


@settled("Nothing that time ends is two minutes past its end.")
def nothing_is_past_its_end(books: Books) -> Iterator[str]:
    now = books.quiet or clock.now()
    for item, end in unended(books):
        if end + TICKS < now:
            yield f"{item.pk} {item.sk} should have ended at {end}"


def _looked_after_late(books: Books) -> None:
    group = the(books, Group, status=GroupState.OPEN)
    group.gsi2pk, group.gsi2sk = due_entry(group.pk, group.expires_at + timedelta(minutes=3))


def _left_open(books: Books) -> None:
    the(books, Invitation, state=InvitationState.OPEN).until = clock.now() - timedelta(minutes=3)


BREAKS: dict[str, Break] = {"ends_come_in_time": _looked_after_late, "nothing_is_past_its_end": _left_open}
