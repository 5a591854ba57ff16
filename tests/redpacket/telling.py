"""How the stories of packets go on beside packets: what the stream brings, what falls due, what people spend.

Each entry is handled alone, in any order, now or later, so that the model predicts all of it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock, due
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.orders.follows import FOLLOWS
from infra.local.client import Person
from tests.orders.model import Stored
from tests.proof import story
from tests.proof.story import Chance
from tests.redpacket import shop, spending
from tests.redpacket.known import next_day
from tests.redpacket.model import CHECKING, Model
from tests.redpacket.observed import Observed, event_of, record, record_shown, told
from tests.redpacket.worth import FREE, LOCKED, USED

SECONDS = (1, 60, 60, 60, 300, 700, 3600)
"""What passes at once."""

STREAMED = ("X#", "CLM#")
"""How the sort keys begin of what the stream brings in these stories."""


class Telling(story.Story):
    """Packets, time, what they bring, and whoever works in the background."""

    model: Model
    streamed: set[Key]
    """What the stream has brought."""
    touched: str
    """The packet that this step is about, if there is one."""

    def heard(self, orders: Sequence[str]) -> None:
        for order in orders:
            self.model.captured(order)

    def agrees(self) -> Observed:
        seen = Observed(self.town)
        stored, wanted = seen.told(), told(self.model)
        differ = {part: (stored[part], wanted[part]) for part in wanted if stored[part] != wanted[part]}
        assert not differ, differ
        if self.touched:
            body = self.town.admin.get(f"/v1/admin/packets/{self.touched}")
            assert record_shown(body) == record(self.model, self.touched)
            self.touched = ""
        return seen

    def teardown(self) -> None:
        """No order holds a coupon for ever."""
        coupons = self.model.coupons if hasattr(self, "model") else {}
        for uid, given in [k for k, state in coupons.items() if state == LOCKED]:
            spending.frees(self.town, uid, given)
        super().teardown()

    def campaigns(self, *kinds: str) -> list[str]:
        """The campaigns that have such packets."""
        return [cid for cid, terms in self.model.terms.items() if terms.kind in kinds]

    def there(self, *statuses: str) -> list[str]:
        """The packets that are so."""
        return [k for k, packet in self.model.packets.items() if packet.status in statuses]

    def in_time(self) -> list[str]:
        """Those that friends may help or claim now."""
        return [k for k in self.there("active") if self.model.packets[k].expires >= clock.now()]

    def a_packet(self, by: Chance, among: Sequence[str] = ()) -> str | None:
        """One of ``among``, if there are any, or one of all, if there are any."""
        choice = among or list(self.model.packets)
        if not choice:
            return None
        self.touched = by.m_of(choice)
        return self.touched

    def somebody(self, uid: str) -> Person:
        return next(person for person in self.people if person.uid == uid)

    def friends(self, by: Chance, rid: str) -> list[Person]:
        """Everybody but its owner, beginning with anybody."""
        first, owner = by.n % len(self.people), self.model.packets[rid].user
        return [person for person in self.people[first:] + self.people[:first] if person.uid != owner]

    def stream(self, by: Chance) -> None:
        self.bring(by)

    def bring(self, by: Chance) -> None:
        """The stream brings everything that is new, in any order, or only some of it."""
        fresh = self.fresh()
        random.Random(by.m).shuffle(fresh)
        for key, item in fresh[0 if by.yes else by.n % 3 :]:
            self.handles(key, item.gsi2sk)
        self.refunds(Stored(self.town))

    def fresh(self) -> list[tuple[Key, Any]]:
        """What the stream has not brought yet."""
        new = [item for item in self.town.books() if item.sk.startswith(STREAMED) and item.gsi2sk]
        return [(item.key, item) for item in new if item.key not in self.streamed]

    def is_told(self, order: str, event: str) -> None:
        """The stream brings at once what became of an order."""
        for key, entry in self.fresh():
            told = isinstance(entry, OutboxEntry) and entry.effect == FOLLOWS and entry.payload["oid"] == order
            if told and event_of(entry) == event:
                self.handles(key, entry.gsi2sk)

    def time_passes(self, by: Chance) -> None:
        """Time, and then the sweeper's minute, in which workers may leave something for later."""
        self.passes(by.n_of(SECONDS))
        assert due.sweep() == self.town.emulator.shards_due()
        self.works(by)

    def works(self, by: Chance) -> None:
        for key, seen in self.entries(by)[by.m % 3 :] if by.yes else self.entries(by):
            self.handles(key, seen)
        self.refunds(Stored(self.town))

    def something_is_about_to_change(self, by: Chance) -> None:
        """The clock stands at, or just beside, an instant from which on something is allowed no more or falls due."""
        ends = [packet.expires for packet in self.model.packets.values() if packet.status == "active"]
        ahead = [end - before for end in ends for before in (timedelta(0), CHECKING)]
        ahead += [order.deadline for order in self.model.orders.values() if order.state == "held"]
        ahead += [act.due for act in self.model.acts.values() if act.due]
        ahead.append(next_day(clock.now()))
        waits = sorted({(at - clock.now()).total_seconds() + by.m_of((-1, 0, 1)) for at in ahead})
        if later := [seconds for seconds in waits if seconds > 0]:
            self.passes(by.n_of(later))

    def of_order(self, order: str) -> str:
        return shop.of_order(self.model.orders[order].cid, order)

    def handles(self, key: Key, seen: str) -> None:
        """A worker takes an entry, be it from the stream or the sweeper, if it still is what was ``seen``."""
        self.streamed.add(key)
        entry = read_one(OutboxEntry, key) if key.sk == "X#" else None
        if due.handle(key, seen):
            self.was_due(key, entry)

    def was_due(self, key: Key, entry: OutboxEntry | None) -> None:
        """Somebody looked after an entry; a merchant's compares a day's bill, which tells of payments."""
        now, (letter, _, name) = clock.now(), key.pk.partition("|")[2].partition("#")
        if letter == "R" and key.sk == "META":
            self.model.packet_due(name, now)
        elif letter == "R":
            self.model.act_due(key.sk.partition("#")[2], name, now)
        elif letter == "O" and key.sk == "META":
            self.model.order_due(name, now, paid=name in self.paid)
        elif letter == "MER":
            self.heard(sorted(self.paid & Stored(self.town).money.keys()))
        elif entry is not None and entry.effect == FOLLOWS:
            order = entry.payload["oid"]
            self.model.told(order, event_of(entry), self.of_order(order), now)

    def somebody_spends(self, by: Chance) -> None:
        self.spends(by, [person.uid for person in self.people])

    def spends(self, by: Chance, users: Sequence[str]) -> None:
        """One of them pays with some of what he has, or with all of it."""
        rich = [k for k, account in self.model.accounts.items() if account.balance and k[0] in users]
        if not rich:
            return
        uid, currency = by.n_of(rich)
        has = self.model.account(uid, currency).balance
        amount = has if by.yes else by.m % has + 1
        spending.spends(self.town, self.somebody(uid), Currency(currency), amount, self.key())
        self.model.spent(uid, currency, amount, spending.ORDER)

    def a_coupon_is_taken(self, by: Chance) -> None:
        self.takes_coupon(by)

    def takes_coupon(self, by: Chance, given_for: str = "") -> None:
        """An order takes a coupon and may still be paid; or it is paid, or is not."""
        open_ = [k for k, state in self.model.coupons.items() if state in (FREE, LOCKED)]
        if not (open_ := [k for k in open_ if k[1].startswith(given_for)]):
            return
        uid, given = by.n_of(open_)
        if self.model.coupons[uid, given] == FREE:
            does, becomes = spending.locks, LOCKED
        else:
            does, becomes = (spending.uses, USED) if by.yes else (spending.frees, FREE)
        does(self.town, uid, given)
        self.model.coupons[uid, given] = becomes
