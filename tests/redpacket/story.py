"""Stories of packets of any length: friends who help, claim or wait, orders that bring some or go back, value spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.core import clock
from chalicelib.redpacket.items import Claim, Unlock
from infra.local.client import Person
from tests.proof import story
from tests.proof.story import ORDERS, Chance, happens
from tests.redpacket import shop
from tests.redpacket.known import TERMS, Terms
from tests.redpacket.model import DOUBTFUL, LIVE, LOOKED, WORST, Model
from tests.redpacket.observed import card, card_shown, page, page_shown, record, record_shown
from tests.redpacket.sales import PRICE
from tests.redpacket.telling import Telling

RANKS = (0, 0, 0, 0, DOUBTFUL, DOUBTFUL, WORST)
RANK_KEPT = timedelta(hours=24)


class Look(NamedTuple):
    """What somebody got by looking at a packet, and what WeChat thought of him then."""

    at: datetime
    ticket: str | None
    rank: int


class Story(Telling):
    """Anything that people, WeChat, time and the merchant may do."""

    play = "packets"
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
        self.streamed = set()
        self.ranks = dict.fromkeys((person.uid for person in self.people), 0)
        """What WeChat thinks of people."""
        self.asked_ranks: dict[str, tuple[datetime, int]] = {}
        """What it said of them last, and when."""
        for person, rank in zip(self.people, ranks, strict=True):
            self._is_of_rank(person, rank)
        self.touched = ""
        self._begins_one(Chance(0, 0, yes=True))

    def open(self, by: Chance) -> str | None:
        """One that friends may help or claim now, be it that somebody has to begin it."""
        if not self.in_time():
            self._begins_one(by)
        return self.a_packet(by, self.in_time())

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
            self.is_told(order, "confirmed")
        return order

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
            self.bring(by)

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
        rid, path = self.of_order(order), f"/v1/orders/{order}/packet"
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
        """Now, or when the packet's time is over and nobody has looked after it."""
        held = [k for k, act in self.model.acts.items() if act.state == "held"] or list(self.model.acts)
        if not held:
            return
        rid, user = by.n_of(held)
        late = (self.model.packets[rid].expires - clock.now()).total_seconds() + 1
        if late > 0 and by.m % 4 == 0:
            self.passes(late)
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
            self.is_told(order, event)

    def an_order_goes_back(self, by: Chance) -> None:
        """With all that it brought, as far as it is there, and whatever else is due then."""
        given = [k for k in self.there(*LIVE, "done") if self.model.packets[k].order and self.model.packets[k].n]
        if not given:
            return
        rid = self.touched = by.n_of(given)
        packet = self.model.packets[rid]
        if by.m & 1:
            self.bring(by)
        if by.m & 2:
            self.spends(by, [packet.user, *(user for where, user in self.model.acts if where == rid)])
        if by.m & 4:
            self.takes_coupon(by, rid)
        event = self._goes_back(packet.order or "", None)
        if event is not None:
            self.is_told(packet.order or "", event)
            self.works(by)
