"""What finding and taking due work costs beside what handlers do, and how a backlog of hours is worked off: counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import app
from chalicelib.campaigns.gifts import Currency
from chalicelib.core import chance, clock, due, outbox
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.outbox import Done, Effect, EffectClass, OutboxEntry
from chalicelib.core.table import Item, decode, table
from chalicelib.family.items import Ask, Cart, Invitation, ask_key, invitation_key
from chalicelib.family.states import AskState, InvitationState, Role
from chalicelib.groupbuy.items import Group
from chalicelib.groupbuy.states import GroupState
from chalicelib.orders import refund
from chalicelib.orders.owing import REFUND
from chalicelib.rewards.items import Account, Lot, account_key
from tests.bench.figures import Figure
from tests.bench.meter import metered
from tests.conftest import EMULATOR, START
from tests.emulator import Call

SAMPLE = 100
"""Entries of a kind whose costs are metered: no more refunds than may be tried in a second."""
IDLE = 1_000_000
OUTAGE = timedelta(hours=6)
BACKLOG = 100_000
"""Entries that fall due meanwhile, as many of each kind."""
MID = MerchantId("m1")


class Chore(Item):
    """Something that is not due."""

    letter = "CHORE"
    prefix = "META"


def figures() -> list[Figure]:
    """Sweep figures."""
    assert app
    with clock.fixed(START), chance.seeded(7):
        return [*_costs(), *_catch_up()]


def _costs() -> list[Figure]:
    """What a sweep and a due entry cost, beside handlers; of mixed kinds, with a million that are not due beside."""
    EMULATOR.fresh()
    with metered(EMULATOR) as empty:
        due.sweep()
    EMULATOR.pour(_chores())
    with metered(EMULATOR) as idle:
        due.sweep()
    taken = len(KINDS) * SAMPLE
    EMULATOR.fresh()
    EMULATOR.pour(_mixed(SAMPLE, timedelta(0)))
    with _refunds_sent(), metered(EMULATOR) as handled:
        for item in map(decode, EMULATOR.items()):
            due.HANDLERS[type(item)](item)
    EMULATOR.fresh()
    EMULATOR.pour(_mixed(SAMPLE, timedelta(0)))
    with _refunds_sent(), metered(EMULATOR) as whole:
        assert sum(map(due.work, due.sweep())) == taken
    assert not EMULATOR.waiting()
    return [
        Figure("sweep.reads_per_due", round((whole.read_units - handled.read_units) / taken, 2), "read units", 4),
        Figure("sweep.writes_per_due", round((whole.write_units - handled.write_units) / taken, 2), "write units", 5),
        Figure("sweep.reads_per_idle_item", (idle.read_units - empty.read_units) / IDLE, "read units", 0),
    ]


def _catch_up() -> list[Figure]:
    """Hours in which nobody sweeps, and the minutes after them."""
    EMULATOR.fresh()
    EMULATOR.pour(_mixed(BACKLOG // len(KINDS), OUTAGE))
    clock.advance(OUTAGE.total_seconds())
    leases, calls, minutes, sent = 0, 0, 0, Counter[datetime]()
    with _refunds_sent(sent):
        while EMULATOR.waiting():
            for shard in due.sweep():
                EMULATOR.calls.clear()
                due.work(shard)
                leases += sum(map(_is_lease, EMULATOR.calls))
                calls += len(EMULATOR.calls)
            clock.advance(60)
            minutes += 1
    assert sum(sent.values()) == BACKLOG // len(KINDS)  # each once
    rate = refund.EFFECT.rate
    assert rate is not None
    return [
        Figure("sweep.catch_up_entries", BACKLOG, "due entries of six hours"),
        Figure("sweep.catch_up_minutes", minutes, "minutes", 10),
        Figure("sweep.catch_up_acts_a_minute", max(sent.values()), "acts at WeChat, of one merchant", rate.normal * 60),
        Figure("sweep.catch_up_leases_per_act", round(leases / sum(sent.values()), 2), "leases of an act at WeChat", 2),
        Figure("sweep.catch_up_calls_per_due", round(calls / BACKLOG, 2), "storage calls, handlers' too"),
    ]


def _chores() -> Iterator[Item]:
    for n in range(IDLE):
        yield _due(Chore(*table(MID).key("CHORE", str(n))), clock.now() + timedelta(hours=1))


def _mixed(each: int, over: timedelta) -> Iterator[Item]:
    """So many of every kind, due at any instant of the time to come."""
    for n in range(each):
        for kind in KINDS:
            yield _due(kind(n), clock.now() + over * n / each)


def _due(item: Item, instant: datetime) -> Item:
    item.set_due(instant)
    return item


def _group(n: int) -> Item:
    """A group that nobody has paid for."""
    pk, sk = table(MID).key("G", f"{derived('c')}-{derived('g', str(n))}")
    end = clock.now()
    made = Group(pk, sk, status=GroupState.OPEN, need=3, paid=0, held=0, left=3, version=1, leader="ann", lifetime=3600)
    made.units, made.expires_at, made.created_at = [], end, end
    return made


def _invitation(n: int) -> Item:
    now, key = clock.now(), invitation_key(MID, derived("invitation", str(n)))
    made = Invitation(*key, fid="f", state=InvitationState.OPEN, role=Role.ADULT, per=0, cap=0, by="ann")
    made.until, made.fingerprint, made.created_at = now, "", now
    return made


def _ask(n: int) -> Item:
    now, key = clock.now(), ask_key(MID, derived("family", str(n)), "a")
    made = Ask(*key, uid="ben", state=AskState.OPEN, title="tea", total_fen=6900, until=now, created_at=now)
    made.cart, made.fingerprint = Cart(act="group_open", target="c"), ""
    return made


def _account(n: int) -> Item:
    """Points that are over."""
    return Account(*account_key(MID, derived("user", str(n)), Currency.POINTS), balance=5, lots=[Lot(clock.now(), 5)])


def _refund(n: int) -> Item:
    key = outbox.entry_key(MID, REFUND, f"r{n}")
    return OutboxEntry(*key, effect=REFUND, number=f"r{n}", payload={}, created_at=clock.now())


KINDS = (_group, _invitation, _ask, _account, _refund)
"""What falls due: among others each kind of handler, from one write to a refund that waits for its turn."""


def _is_lease(call: Call) -> bool:
    """Whether a call takes an act that is owed."""
    return call.operation == "UpdateItem" and b"gsi2sk = :seen" in call.body and b"|X#" in call.body


@contextmanager
def _refunds_sent(sent: Counter[datetime] | None = None) -> Iterator[None]:
    """WeChat takes every refund at once; ``sent`` counts them by the minute."""

    def deliver(entry: OutboxEntry) -> Done:
        if sent is not None:
            sent[clock.now()] += 1
        return Done()

    before = outbox.EFFECTS[REFUND]
    outbox.register({REFUND: Effect(EffectClass.SAME_NUMBER, deliver, refund.EFFECT.rate)})
    try:
        yield
    finally:
        outbox.register({REFUND: before})
