"""Stories of a family of any length: who joins and goes, what the wallet pays, what comes back, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from chalicelib.core import clock, due
from chalicelib.family.items import family_key
from chalicelib.orders.items import Payment
from infra.local.client import Person
from tests.family import shop
from tests.family.acts import SOLO, balance, buys, fills, wallet
from tests.family.asks_shop import asks, decides
from tests.family.model import Ask, Invitation, Model
from tests.family.observed import Observed, told
from tests.orders.model import Order, Stored
from tests.proof import story
from tests.proof.story import Chance, happens

HOURS = (1, 12, 25, 25, 24 * 3)
LONG = (24 * 8, 24 * 20, 24 * 91)
"""What passes at once; a code ends in a week, a lock in ninety days."""
CAPS = ((SOLO, 2 * SOLO), (SOLO // 2, SOLO), (3 * SOLO, 4 * SOLO), (2000, 5000), (0, SOLO))
"""At once and in a month, in fen."""
FUNDS = st.tuples(st.sampled_from((0, 5000, 40_000)), st.sampled_from((0, 3000, 60_000)))
WINDOW = timedelta(minutes=15)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
OWN = 12_000
"""What each of the first two has of his own."""


class Story(story.Story):
    """Anything that people of a family, their wallet, WeChat and time may do."""

    play = "families"
    model: Model
    fid: str
    campaign: str
    happens = happens(
        *story.ORDERS,
        *("invite", "invite", "join", "join", "join", "join", "decline", "revoke", "leave", "remove"),
        *("freeze_member", "unfreeze_member", "unfreeze_member", "freeze", "unfreeze", "unfreeze", "unfreeze"),
        *("cap", "hand_over", "hand_over", "accept_hand_over", "accept_hand_over", "decline_hand_over", "close"),
        *("spend", "spend", "spend", "spend", "spend", "spend", "owner_spends", "pay_what_is_left", "give_back"),
        *("fill", "fill", "purse", "ask", "ask", "ask", "approve", "approve", "approve", "refuse"),
        *("give_back", "look", "work", "work", "time_passes", "time_passes", "a_day_passes", "long_time_passes"),
    )

    @initialize(funds=FUNDS, restores=st.booleans())
    def begin(self, funds: tuple[int, int], restores: bool) -> None:
        self.set_out()
        self.people += [self.town.person(f"q{n}") for n in range(3)]
        self.published, self.campaign = clock.now(), self.town.campaign()
        owner = self.people[0]
        made = owner.api.call("POST", "/v1/families", {"name": "湖畔之家"}).expect(201)
        self.fid = str(made["family_id"])
        owner.api.call("PATCH", f"/v1/families/{self.fid}", {"restores": restores}).expect(200)
        self.model = Model(owner.uid, clock.now(), restores=restores)
        self.model.granted, self.model.paid = funds
        shop.endow(self.town, self.fid, *funds)
        self.wanted: dict[str, str] = {}
        """Of which campaign each request is."""
        for person in self.people[:2]:
            balance(self.town, person, OWN)
            self.model.balances[person.uid] = OWN

    def heard(self, orders: Sequence[str]) -> None:
        """The rest is paid: the order stands, and what it held is used."""
        for number in orders:
            order = self.model.orders[number]
            if order.state in ("held", "closing"):
                order.state, order.money = "confirmed", "live"
                if number in self.model.spends:
                    self.model.captured(number)
            assert order.state != "released", f"{number} was released while it could be paid"

    def agrees(self) -> Stored:
        seen = Observed(self.town)
        assert seen.told() == told(self.model)
        assert {number: order.state.value for number, order in seen.orders.items()} == {
            number: order.state for number, order in self.model.orders.items()
        }
        return seen

    def _post(self, person: Person, path: str, body: dict[str, Any] | None = None) -> Any:
        return person.api.call("POST", f"/v1/families/{self.fid}/{path}", body or {}, key=self.key())

    def passes(self, seconds: float) -> None:
        """Campaigns end, and the merchant has another then."""
        super().passes(seconds)
        if clock.now() - self.published > WEEK:
            self.published, self.campaign = clock.now(), self.town.campaign()

    # -- who belongs to it

    def _person(self, uid: str) -> Person:
        return next(person for person in self.people if person.uid == uid)

    @property
    def owner(self) -> Person:
        """Whoever owns it."""
        return self._person(self.model.owner)

    def _anyone(self, by: Chance) -> Person:
        """Mostly the owner."""
        return self.owner if by.m % 4 else by.n_of(self.people)

    def invite(self, by: Chance) -> None:
        person, (per, cap), model = self._anyone(by), by.n_of(CAPS), self.model
        role = "minor" if by.yes else "adult"
        body = {"role": role, "per_fen": per, "cap_fen": cap, "consent": by.yes}
        refused = model.no_owner(person.uid) or model.ended()
        if refused is None and model.status == "frozen":
            refused = "family_frozen"
        if refused is None and model.size >= 6:
            refused = "family_full"
        reply = self._post(person, "invitations", body)
        if self.insist(reply, refused, 201):
            code, until = reply.body["code"].replace("-", ""), clock.parse(reply.body["until"])
            model.invitations[code] = Invitation(role, per, cap, until)

    def _code(self, by: Chance) -> str | None:
        """Mostly one that is open."""
        codes = list(self.model.invitations)
        open_ = [code for code in codes if self.model.invitations[code].state == "open"]
        return by.m_of(open_ if open_ and by.m % 5 else codes) if codes else None

    def join(self, by: Chance) -> None:
        if (code := self._code(by)) is None:
            return
        person, now = by.n_of(self.people[1:]), clock.now()
        refused = self.model.joins(person.uid, code, now)
        reply = person.api.call("POST", f"/v1/family-invitations/{code}/accept", {}, key=self.key())
        self.insist(reply, refused, 200, 201)

    def decline(self, by: Chance) -> None:
        if (code := self._code(by)) is not None and by.m % 3 == 0:
            reply = by.n_of(self.people).api.call("POST", f"/v1/family-invitations/{code}/decline", {}, key=self.key())
            self.insist(reply, self.model.ends_invitation(code, "declined", clock.now()), 200, 201)

    def revoke(self, by: Chance) -> None:
        if (code := self._code(by)) is not None and by.m % 3 == 0:
            reply = self._post(self.owner, f"invitations/{code}/revoke")
            refused = self.model.no_owner(self.model.owner)
            self.insist(reply, refused or self.model.ends_invitation(code, "revoked", clock.now()), 200, 201)

    def leave(self, by: Chance) -> None:
        person = by.n_of(self.people)
        refused = self.model.leaves(person.uid, clock.now())
        self.insist(self._post(person, "leave"), refused, 200, 201)

    def remove(self, by: Chance) -> None:
        if by.m % 2:
            return
        person, whom = self._anyone(by), by.n_of(self.people)
        refused = self.model.removes(person.uid, whom.uid, clock.now())
        self.insist(self._post(person, f"members/{whom.uid}/remove"), refused, 200, 201)

    def freeze_member(self, by: Chance) -> None:
        self._turns(by, "freeze", "frozen")

    def unfreeze_member(self, by: Chance) -> None:
        self._turns(by, "unfreeze", "active")

    def _turns(self, by: Chance, act: str, to: str) -> None:
        person, whom = self._anyone(by), by.n_of(self.people)
        refused = self.model.decides(person.uid, whom.uid)
        if self.insist(self._post(person, f"members/{whom.uid}/{act}"), refused, 200, 201):
            self.model.people[whom.uid].state = to

    def freeze(self, by: Chance) -> None:
        self._all(by, "freeze", "frozen")

    def unfreeze(self, by: Chance) -> None:
        self._all(by, "unfreeze", "active")

    def _all(self, by: Chance, act: str, to: str) -> None:
        person = self._anyone(by)
        refused = self.model.no_owner(person.uid) or self.model.ended()
        if self.insist(self._post(person, act), refused, 200, 201):
            self.model.status = to

    def cap(self, by: Chance) -> None:
        """The owner changes somebody's caps; less than he has spent leaves him nothing."""
        person, whom, (per, cap) = self._anyone(by), by.n_of(self.people), by.m_of(CAPS)
        refused = self.model.decides(person.uid, whom.uid)
        path = f"/v1/families/{self.fid}/members/{whom.uid}"
        if self.insist(person.api.call("PATCH", path, {"per_fen": per, "cap_fen": cap}), refused, 200, 201):
            member = self.model.people[whom.uid]
            member.per, member.cap = per, cap

    def hand_over(self, by: Chance) -> None:
        person, whom = self._anyone(by), by.n_of(self.people)
        refused = self.model.offers(person.uid, whom.uid)
        self.insist(self._post(person, "hand-over", {"user_id": whom.uid}), refused, 200, 201)

    def accept_hand_over(self, by: Chance) -> None:
        offered = self.model.offered
        person = self._person(offered) if offered is not None and by.yes else by.n_of(self.people)
        refused = self.model.takes_over(person.uid)
        self.insist(self._post(person, "hand-over/accept"), refused, 200, 201)

    def decline_hand_over(self, by: Chance) -> None:
        if by.m % 3 == 0:
            person = by.n_of(self.people)
            self.insist(self._post(person, "hand-over/decline"), self.model.declines_hand_over(person.uid), 200, 201)

    def close(self, by: Chance) -> None:
        """Seldom: nothing changes much after it."""
        if by.m % 12 == 0:
            person = self._anyone(by)
            self.insist(self._post(person, "close"), self.model.closes(person.uid, clock.now()), 200, 201)

    # -- what comes into it, and what is asked of its owner

    def purse(self, by: Chance) -> None:
        """Every adult may fill it, or the owner alone."""
        if by.m % 3 == 0:
            person = self._anyone(by)
            reply = person.api.call("PATCH", f"/v1/families/{self.fid}", {"mode": "purse" if by.yes else "owner_pays"})
            if self.insist(reply, self.model.no_owner(person.uid) or self.model.ended(), 200):
                self.model.purse = by.yes

    def fill(self, by: Chance) -> None:
        person, fen = by.n_of(self.people) if by.yes else self.owner, by.m_of((1, 2000, 7000))
        self.insist(fills(person, self.fid, fen, self.key()), self.model.fills(person.uid, fen), 201)

    def ask(self, by: Chance) -> None:
        """Somebody asks the owner to pay for tea."""
        person, now = by.n_of(self.people), clock.now()
        reply = asks(person, self.fid, self.campaign, key=self.key())
        if self.insist(reply, self.model.may_not_ask(person.uid, now), 201):
            ask_id = str(reply.body["ask_id"])
            self.model.asks[ask_id], self.wanted[ask_id] = Ask(person.uid, now + DAY), self.campaign

    def _ask(self, by: Chance) -> str | None:
        """Mostly one that is open, of a campaign that runs."""
        there = [ask_id for ask_id, campaign in self.wanted.items() if campaign == self.campaign]
        open_ = [ask_id for ask_id in there if self.model.asks[ask_id].state == "open"]
        return by.m_of(open_ if open_ and by.m % 5 else there) if there else None

    def approve(self, by: Chance) -> None:
        if (ask_id := self._ask(by)) is None:
            return
        person, ask, now = self._anyone(by), self.model.asks[ask_id], clock.now()
        reply = decides(person, self.fid, ask_id, "approve")
        if self.insist(reply, self.model.may_not_approve(person.uid, ask, SOLO, now), 200) and ask.state == "open":
            number, ask.state = str(reply.body["order_id"]), "approved"
            self.model.orders[number] = Order(user=ask.user, deadline=now + WINDOW, state="confirmed")
            self.model.takes(number, ask.user, SOLO, now, held=False, approved=True)

    def refuse(self, by: Chance) -> None:
        if (ask_id := self._ask(by)) is not None and by.yes:
            person, ask = self._anyone(by), self.model.asks[ask_id]
            reply = decides(person, self.fid, ask_id, "refuse")
            if self.insist(reply, self.model.decides_ask(person.uid, ask, "refused"), 200):
                ask.state = "refused"

    # -- what it pays

    def spend(self, by: Chance) -> None:
        self._orders(by.n_of(self.people), (None, SOLO, 3000, 1000)[by.m % 4])

    def owner_spends(self, by: Chance) -> None:
        self._orders(self.owner, by.m_of((None, 2000)))

    def _orders(self, person: Person, fen: int | None) -> None:
        now, key = clock.now(), self.key()
        pays = self.model.worth(person.uid, min(SOLO, fen or SOLO), now)
        reply = buys(person, self.campaign, wallet(self.fid, fen), key=key)
        if not self.insist(reply, pays if isinstance(pays, str) else None, 201):
            return
        assert isinstance(pays, int)
        number, rest = str(reply.body["order_id"]), SOLO - pays
        assert reply.body["cash_fen"] == rest
        campaign = self.campaign
        self.ordered(person, reply, lambda: buys(person, campaign, wallet(self.fid, fen), key=key))
        order = Order(user=person.uid, deadline=now + WINDOW, state="held" if rest else "confirmed")
        self.model.orders[number] = order
        self.model.takes(number, person.uid, pays, now, held=bool(rest))

    def pay_what_is_left(self, by: Chance) -> None:
        """The rest of an order, and WeChat tells of it at once."""
        held = [number for number, order in self.model.orders.items() if order.state == "held"]
        if held and self.pays(number := by.n_of(held)):
            self.tells(number)

    def give_back(self, by: Chance) -> None:
        """The merchant refunds a part of an order: money first, then what the wallet paid."""
        confirmed = [number for number, order in self.model.orders.items() if order.state == "confirmed"]
        if not confirmed:
            return
        number = by.n_of(confirmed)
        order, spend = self.model.orders[number], self.model.spends[number]
        cash = sum(p.live_fen for p in self.town.books() if isinstance(p, Payment) and p.oid == number)
        live = cash + spend.live
        fen = min(by.m_of((500, 3000, SOLO)), live)
        body = {"amount_fen": fen, "note": "少发一件"}
        self.town.admin.call("POST", f"/v1/admin/orders/{number}/refund", body, key=self.key()).expect(200)
        if fen > cash:
            self.model.back(number, fen - cash)
        if fen >= cash and order.money is not None:
            order.money = "owed"
        if fen == live:
            order.state = "refund"

    def look(self, by: Chance) -> None:
        """What each is shown."""
        person, model = by.n_of(self.people), self.model
        reply = person.api.call("GET", f"/v1/families/{self.fid}")
        if not self.insist(reply, None if model.belongs(person.uid) else "family_unknown", 200):
            return
        seen = reply.body
        assert (seen["status"], seen["people"], seen["role"]) == (
            model.status,
            model.size,
            model.people[person.uid].role,
        )
        shown = (seen["balance"] or {}).get("total_fen")
        assert shown == (model.granted + model.paid if model.purse or person.uid == model.owner else None)
        mine = next(member for member in seen["members"] if member["me"])
        assert mine["spending"]["left_fen"] == model.people[person.uid].left(clock.now())
        why = seen["why_not"]["spend"]
        assert (why or {}).get("code") == model.may_not(person.uid, clock.now())

    def work(self, by: Chance) -> None:
        """What is due is done, in any order."""
        entries, now, ends_at = self.entries(by), clock.now(), self.model.ends_at
        place = family_key(shop.mid_of(self.town), self.fid)
        assert (place in [key for key, _ in entries]) == (ends_at is not None and ends_at <= now)
        for key, seen in entries:
            if key == place:
                self._worked()
                self.model.ends(now)
            due.handle(key, seen)
        self._worked()
        self.model.works(now)

    def _worked(self) -> None:
        stored = Stored(self.town)
        for number, order in self.model.orders.items():
            if order.state in ("held", "closing") and stored.orders[number].state.value == "released":
                order.state = "released"
                self.model.released(number)
            elif order.state in ("held", "closing") and stored.orders[number].state.value == "confirmed":
                self.heard([number])
            elif order.state == "held" and stored.orders[number].state.value == "closing":
                order.state = "closing"

    def time_passes(self, by: Chance) -> None:
        self.passes(timedelta(hours=by.n_of(HOURS)).total_seconds())

    def a_day_passes(self, by: Chance) -> None:
        self.passes(timedelta(hours=25).total_seconds())

    def long_time_passes(self, by: Chance) -> None:
        if by.m % 3 == 0:
            self.passes(timedelta(hours=by.n_of(LONG)).total_seconds())
