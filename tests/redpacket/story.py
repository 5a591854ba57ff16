"""Stories of packets of any length: friends who help, claim or wait, orders that bring some or go back, value spent.

Whatever is due, and whatever the stream brings, is handled in any order, now or later, one entry at a time, so that the
model predicts all of it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock, due
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.orders.follows import FOLLOWS
from chalicelib.redpacket.items import Claim, Unlock
from infra.local.client import Person
from tests.orders.model import Stored
from tests.proof import story
from tests.proof.story import ORDERS, Chance, happens
from tests.redpacket import shop, spending
from tests.redpacket.known import TERMS, Terms, next_day
from tests.redpacket.model import CHECKING, DOUBTFUL, LIVE, LOOKED, PRICE, WORST, Model
from tests.redpacket.observed import Observed, card, card_shown, event_of, page, page_shown, record, record_shown, told
from tests.redpacket.worth import FREE, LOCKED, USED

SECONDS = (1, 60, 60, 60, 300, 700, 3600)
"""What passes at once."""

RANKS = (0, 0, 0, 0, DOUBTFUL, DOUBTFUL, WORST)
RANK_KEPT = timedelta(hours=24)

STREAMED = ("X#", "CLM#")
"""How the sort keys begin of what the stream brings in these stories."""


class Look(NamedTuple):
    """What somebody got by looking at a packet, and what WeChat thought of him then."""

    at: datetime
    ticket: str | None
    rank: int


class Story(story.Story):
    """Anything that people, WeChat, time and the merchant may do."""

    play = "packets"
    model: Model
    happens = happens(
        *("look_and_tap", "look_and_tap", "look_and_tap", "everybody_taps", "everybody_taps", "everybody_taps"),
        *("start", "look", "tap", "one_good_turn_deserves_another", "wechat_thinks_otherwise"),
        *("an_order_brings_one", "an_order_brings_one", "buy", "what_an_order_brought", "my_packets"),
        *("the_merchant_decides", "the_merchant_decides", "the_merchant_decides", "the_merchant_closes"),
        *("the_merchant_gives_money_back", "an_order_goes_back", "an_order_goes_back", "an_order_goes_back"),
        *("somebody_spends", "somebody_spends", "a_coupon_is_taken", "a_coupon_is_taken"),
        *("time_passes", "time_passes", "time_passes", "something_is_about_to_change", "something_is_about_to_change"),
        *ORDERS,
    )

    @initialize(terms=TERMS, ranks=st.lists(st.sampled_from(RANKS), min_size=story.PEOPLE, max_size=story.PEOPLE))
    def begin(self, terms: tuple[Terms, ...], ranks: list[int]) -> None:
        self.set_out()
        clock.advance(shop.GROWN)
        self.model = Model({self.town.campaign(each.document): each for each in terms})
        self.looks: dict[tuple[str, str], Look] = {}
        self.streamed: set[Key] = set()
        self.ranks = dict.fromkeys((person.uid for person in self.people), 0)
        """What WeChat thinks of people."""
        self.asked_ranks: dict[str, tuple[datetime, int]] = {}
        """What it said of them last, and when."""
        for person, rank in zip(self.people, ranks, strict=True):
            self._is_of_rank(person, rank)
        self.touched = ""
        """The packet that this step is about, if there is one."""
        self._begins_one(Chance(0, 0, yes=True))

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

    def open(self, by: Chance) -> str | None:
        """One that friends may help or claim now, be it that somebody has to begin it."""
        if not self.in_time():
            self._begins_one(by)
        return self.a_packet(by, self.in_time())

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

    def _begins_one(self, by: Chance) -> None:
        """Somebody starts a packet, or an order brings it."""
        person, started = by.n_of(self.people), self.campaigns("unlock")
        if started and (by.yes or len(started) == len(self.model.terms)):
            self._starts(person, started[0])
        else:
            self._brings(person)

    def _starts(self, person: Person, cid: str) -> None:
        start = partial(shop.starts, person, cid, key=self.key())
        refused = self.model.refuses_start(cid, person.uid)
        reply = start()
        if self.insist(reply, refused, 201):
            rid = self.touched = reply.body["packet_id"]
            self.model.started(cid, person.uid, rid, clock.now())
            assert card_shown(reply.body) == card(self.model, rid)
            assert start().expect(201)["packet_id"] == rid

    def _buys(self, person: Person) -> str | None:
        """He orders what brings a packet."""
        if not (sold := self.campaigns("order")):
            return None
        again = partial(person.buy, sold[0], key=self.key())
        reply = again()
        order: str = reply.expect(201)["order_id"]
        self.model.ordered(sold[0], person.uid, order, clock.now())
        self.ordered(person, reply, again)
        return order

    def _brings(self, person: Person) -> str | None:
        """He orders and pays, and whoever is to hear of it does at once."""
        order = self._buys(person)
        if order is not None and self.pays(order):
            self.tells(order)
            self._is_told(order, "confirmed")
        return order

    def _is_told(self, order: str, event: str) -> None:
        """The stream brings at once what became of an order."""
        for key, entry in self._fresh():
            told = isinstance(entry, OutboxEntry) and entry.effect == FOLLOWS and entry.payload["oid"] == order
            if told and event_of(entry) == event:
                self._handles(key, entry.gsi2sk)

    def _looks(self, person: Person, rid: str) -> None:
        body, now = shop.page(person, rid), clock.now()
        assert page_shown(body) == page(self.model, rid, person.uid, now)
        asked = self.asked_ranks.get(person.uid)
        if body["help_ticket"] and (asked is None or now >= asked[0] + RANK_KEPT):
            asked = self.asked_ranks[person.uid] = now, self.ranks[person.uid]
        self.looks[rid, person.uid] = Look(now, body["help_ticket"], asked[1] if asked else 0)

    def _taps(self, person: Person, rid: str, *, twice: bool = False) -> None:
        """He taps, with what he got when he looked last."""
        look, now = self.looks.get((rid, person.uid)), clock.now()
        ticket, at, rank = (look.ticket, look.at, look.rank) if look and look.ticket else ("none", None, 0)
        what = "helps" if self.model.of(rid).kind == "unlock" else "claims"
        refused = self.model.refuses(person.uid, rid, at, rank, now)
        takes = partial(shop.takes, person, rid, ticket, what, key=self.key())
        reply = takes()
        if self.insist(reply, refused, 201):
            self.model.acted(person.uid, rid, rank, now)
            shown = page(self.model, rid, person.uid, now)["my_act"]
            mine = reply.body["my_act"]
            assert (mine["state"], mine["got"] and mine["got"]["amount"]) == shown
            assert card_shown(reply.body["packet"]) == card(self.model, rid)
            if twice:
                assert takes().expect(201)["my_act"] == mine

    def start(self, by: Chance) -> None:
        if started := self.campaigns("unlock", "gift") or self.campaigns("order"):
            self._starts(by.n_of(self.people), by.m_of(started))

    def look(self, by: Chance) -> None:
        if rid := self.a_packet(by):
            self._looks(by.n_of(self.people), rid)

    def tap(self, by: Chance) -> None:
        """With a ticket that may be none, too new or too old."""
        if rid := self.open(by):
            self._taps(by.n_of(self.people), rid)

    def look_and_tap(self, by: Chance) -> None:
        if rid := self.open(by):
            fresh = [person for person in self.friends(by, rid) if (rid, person.uid) not in self.model.acts]
            person = by.n_of((by.n % 4 < 3 and fresh) or self.people)
            self._looks(person, rid)
            self.passes(by.n_of((2, 3, 3, 60)))
            self._taps(person, rid, twice=by.yes)

    def everybody_taps(self, by: Chance) -> None:
        rid = self.open(by)
        if rid is None:
            return
        friends = self.friends(by, rid)
        for friend in friends:
            self._looks(friend, rid)
        self.passes(LOOKED.total_seconds())
        for friend in friends:
            self._taps(friend, rid)
        if by.yes:
            self._bring(by)

    def one_good_turn_deserves_another(self, by: Chance) -> None:
        """A friend has a packet too, and is helped by whom he helps next: that waits, if nothing forbids it."""
        rid = self.open(by)
        if rid is None or self.model.of(rid).kind != "unlock":
            return
        owner, friend = self.somebody(self.model.packets[rid].user), self.friends(by, rid)[0]
        theirs = [k for k in self.in_time() if self.model.packets[k].user == friend.uid]
        if not theirs:
            self._starts(friend, self.model.packets[rid].cid)
            theirs = [k for k in self.in_time() if self.model.packets[k].user == friend.uid]
        for person, where in [*((owner, k) for k in theirs[-1:]), (friend, rid)]:
            self._looks(person, where)
            self.passes(LOOKED.total_seconds())
            self._taps(person, where)
        self.touched = rid

    def wechat_thinks_otherwise(self, by: Chance) -> None:
        self._is_of_rank(by.n_of(self.people), by.m_of(RANKS))

    def _is_of_rank(self, person: Person, rank: int) -> None:
        if rank != self.ranks[person.uid]:
            self.town.act("/_sim/ranks", name=person.name, rank=rank)
            self.ranks[person.uid] = rank

    def buy(self, by: Chance) -> None:
        self._buys(by.n_of(self.people))

    def an_order_brings_one(self, by: Chance) -> None:
        """Somebody orders and pays; whoever is to hear of it may hear of it later."""
        person = by.n_of(self.people)
        if by.yes or by.m % 2:
            self._brings(person)
        elif (order := self._buys(person)) and self.pays(order):
            self.tells(order)

    def what_an_order_brought(self, by: Chance) -> None:
        if not self.placed:
            return
        order = by.n_of(list(self.placed))
        rid, path = self._of_order(order), f"/v1/orders/{order}/packet"
        body = self.placed[order][0].api.get(path)
        if rid in self.model.packets:
            assert card_shown(body["packet"]) == card(self.model, rid)
        else:
            assert body["packet"] is None
            assert body["why_not"]["code"] == self.model.why_none(order)
        stranger = by.m_of(self.people)
        assert stranger.api.call("GET", path).status == (200 if stranger is self.placed[order][0] else 404)

    def my_packets(self, by: Chance) -> None:
        """Whoever has packets is shown them all."""
        person = by.n_of(self.people)
        shown = {body["packet_id"]: card_shown(body) for body in person.api.get("/v1/packets?limit=50")["packets"]}
        mine = [rid for rid, packet in self.model.packets.items() if packet.user == person.uid]
        assert shown == {rid: card(self.model, rid) for rid in mine}

    def the_merchant_decides(self, by: Chance) -> None:
        held = [k for k, act in self.model.acts.items() if act.state == "held"] or list(self.model.acts)
        if not held:
            return
        rid, user = by.n_of(held)
        kind = Unlock if self.model.of(rid).kind == "unlock" else Claim
        decide = partial(shop.decides, self.town, rid, user, yes=by.yes, kind=kind, key=self.key())
        self.touched, refused = rid, self.model.refuses_decision(user, rid)
        reply = decide()
        if self.insist(reply, refused, 200):
            assert reply.body["decision"] == self.model.decided(user, rid, clock.now(), yes=by.yes)
            assert decide().expect(200)["decision"] == reply.body["decision"]

    def the_merchant_closes(self, by: Chance) -> None:
        waited_for = [k for k in self.there("active") if self.model.packets[k].held]
        rid = self.a_packet(by, waited_for or ([] if by.yes else self.there("active")))
        if rid is None:
            return
        close = partial(shop.closes, self.town, rid, key=self.key())
        if self.insist(close(), self.model.refuses_close(rid), 200):
            self.model.closed(rid, clock.now())
            assert record_shown(close().expect(200)) == record(self.model, rid)

    def _goes_back(self, order: str, amount: int | None) -> str | None:
        """The merchant gives money of an order back; what packets will hear of that, if he could."""
        give = partial(shop.refunds, self.town, order, amount, key=self.key())
        if not self.insist(give(), self.model.refuses_refund(order, amount), 200):
            return None
        event = self.model.refunded(order, amount)
        give().expect(200)
        return event

    def the_merchant_gives_money_back(self, by: Chance) -> None:
        """All of it, or a part that may leave too little."""
        if not self.placed:
            return
        brought = [packet.order for packet in self.model.packets.values() if packet.order]
        order = by.n_of((by.yes and brought) or list(self.placed))
        event = self._goes_back(order, by.m_of((None, 1000, PRICE - 5000, PRICE - 4999, PRICE, PRICE + 1)))
        if event is not None and by.yes:
            self._is_told(order, event)

    def an_order_goes_back(self, by: Chance) -> None:
        """With all that it brought, as far as it is there, and whatever else is due then."""
        given = [k for k in self.there(*LIVE, "done") if self.model.packets[k].order and self.model.packets[k].n]
        if not given:
            return
        rid = self.touched = by.n_of(given)
        packet = self.model.packets[rid]
        if by.m & 1:
            self._bring(by)
        if by.m & 2:
            self._spends(by, [packet.user, *(user for where, user in self.model.acts if where == rid)])
        if by.m & 4:
            self._takes_coupon(by, rid)
        event = self._goes_back(packet.order or "", None)
        if event is not None:
            self._is_told(packet.order or "", event)
            self._works(by)

    def somebody_spends(self, by: Chance) -> None:
        self._spends(by, [person.uid for person in self.people])

    def _spends(self, by: Chance, users: Sequence[str]) -> None:
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
        self._takes_coupon(by)

    def _takes_coupon(self, by: Chance, given_for: str = "") -> None:
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

    def stream(self, by: Chance) -> None:
        """Everything that is new, in any order, or only some of it."""
        self._bring(by)
        self.refunds(Stored(self.town))

    def _bring(self, by: Chance) -> None:
        fresh = self._fresh()
        random.Random(by.m).shuffle(fresh)
        for key, item in fresh[0 if by.yes else by.n % 3 :]:
            self._handles(key, item.gsi2sk)

    def _fresh(self) -> list[tuple[Key, Any]]:
        """What the stream has not brought yet."""
        new = [item for item in self.town.books() if item.sk.startswith(STREAMED) and item.gsi2sk]
        return [(item.key, item) for item in new if item.key not in self.streamed]

    def time_passes(self, by: Chance) -> None:
        """Time, and then the sweeper's minute, in which workers may leave something for later."""
        self.passes(by.n_of(SECONDS))
        assert due.sweep() == self.town.emulator.shards_due()
        self._works(by)

    def _works(self, by: Chance) -> None:
        for key, seen in self.entries(by)[by.m % 3 :] if by.yes else self.entries(by):
            self._handles(key, seen)
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

    def _of_order(self, order: str) -> str:
        return shop.of_order(self.model.orders[order].cid, order)

    def _handles(self, key: Key, seen: str) -> None:
        """A worker takes an entry, be it from the stream or the sweeper, if it still is what was ``seen``."""
        self.streamed.add(key)
        entry = read_one(OutboxEntry, key) if key.sk == "X#" else None
        if due.handle(key, seen):
            self._was_due(key, entry)

    def _was_due(self, key: Key, entry: OutboxEntry | None) -> None:
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
            self.model.told(order, event_of(entry), self._of_order(order), now)
