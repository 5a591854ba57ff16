"""Requests to the owner of a family: made by members, and approved, taken, refused, withdrawn or forgotten.

A request holds nothing. Approving or taking it lets its play make the order for whoever asked, in one transaction that
also ends the request: it happens once, under the balance, states and price of that moment. What the play refuses then
leaves it open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction
from chalicelib.family import ask_rules as rules
from chalicelib.family import ask_telling, payer, standing
from chalicelib.family.ask_items import (
    LISTED,
    Asking,
    asking_key,
    asks_entry,
    member_asks_index,
)
from chalicelib.family.ask_problems import ASKER_GONE
from chalicelib.family.items import Ask, Cart, Family, ask_key, people_index
from chalicelib.family.plugged import CARTS
from chalicelib.family.problems import FAMILY_UNKNOWN
from chalicelib.family.states import AskState
from chalicelib.family.tender import approved
from chalicelib.orders import service as orders
from chalicelib.orders.items import Order
from chalicelib.orders.tenders import Pay

ROUTE = "family-ask"
"""What the orders of requests are made under: one of each, however often it is approved."""


def ask(intent: Intent, fid: str, cart: Cart) -> Ask:
    """Ask the owner to pay for a cart, at what it costs now.

    Raises `FAMILY_UNKNOWN`, `OWNER_ASKS`, what `standing.insist_may_spend` raises, `ASK_MOST`, and what its play would
    refuse.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    place, mine = ask_key(mid, fid, intent.ident("ask")), asking_key(mid, fid, uid)

    def attempt(read: Read) -> Ask:
        found = read(place, mine, *standing.keys(mid, fid, uid))
        if (made := found.item(Ask, place)) is not None:
            intent.insist_same(made.fingerprint)
            return made
        family, member = standing.seen(found, mid, fid, uid)
        now = clock.now()
        rules.insist_may_ask(family, uid)
        standing.insist_may_spend(family, member, now)
        asking = found.item(Asking, mine)
        before = [ask_key(mid, fid, one) for one in asking.asks] if asking else []
        known = read(*before).values() if before else ()
        left = rules.still_open([one for one in known if isinstance(one, Ask)], now)
        quote = CARTS[cart.act].quote(mid, uid, cart)
        new = Ask(
            *place,
            uid=uid,
            state=AskState.OPEN,
            cart=cart,
            title=quote.title,
            total_fen=quote.total_fen,
            until=now + rules.LIFE,
            fingerprint=intent.fingerprint,
            created_at=now,
        )
        new.set_due(new.until)
        new.gsi1pk, new.gsi1sk = people_index(mid, fid), asks_entry(now, new.ask_id)
        new.gsi3pk, new.gsi3sk = member_asks_index(mid, fid, uid), asks_entry(now, new.ask_id)
        as_seen = Asking.asks == asking.asks if asking else Asking.pk.does_not_exist()
        tx = Transaction()
        tx.put("ask", new)
        tx.put("asking", Asking(*mine, asks=[*left, new.ask_id]), when={"as_seen": as_seen})
        standing.add_may_spend(tx, mid, fid, uid, now)
        ask_telling.add_request(tx, family.owner, new)
        tx.commit()
        return new

    return decided_or_refused(attempt)


def approve(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> Ask:
    """The wallet pays for it, beyond the caps of whoever asked. Approving twice is approving once.

    Raises `FAMILY_UNKNOWN`, `NOT_OWNER`, `ASK_UNKNOWN`, `ASK_OVER`, `PRICE_CHANGED`, `ASKER_GONE`, and what the tender
    and its play refuse.
    """
    asked = _of_owner(mid, uid, fid, ask_id)
    if not rules.ended_as(asked, AskState.APPROVED):
        standing.insist_may_spend(*standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid), clock.now())
        asked = _placed(asked, [approved(fid, ask_id, uid)], None)
        rules.ended_as(asked, AskState.APPROVED)
    return asked


def pay(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> tuple[Ask, Order, dict[str, str] | None]:
    """The owner pays for it himself: the request, its order, and what he pays with, None where WeChat did not answer.

    Asking again is asking for payment parameters again. Raises as `approve` does, and what
    `orders.service.pay_again` raises.
    """
    asked = _of_owner(mid, uid, fid, ask_id)
    if not rules.ended_as(asked, AskState.TAKEN):
        asked = _placed(asked, [], payer.taken(fid, ask_id, uid))
        rules.ended_as(asked, AskState.TAKEN)
    order, params = orders.pay_again(mid, uid, asked.oid)
    return asked, order, params


def refuse(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> Ask:
    """The owner does not pay for it. Raises `FAMILY_UNKNOWN`, `NOT_OWNER`, `ASK_UNKNOWN`, `ASK_OVER`."""
    return _ended(lambda: _of_owner(mid, uid, fid, ask_id), AskState.REFUSED)


def withdraw(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> Ask:
    """Whoever asked no longer does. Raises `FAMILY_UNKNOWN`, `ASK_UNKNOWN`, `NOT_ASKER`, `ASK_OVER`."""
    return _ended(lambda: rules.of_asker(_seen(mid, uid, fid, ask_id)[1], uid), AskState.WITHDRAWN)


@timed(
    Time(
        f"{span(rules.LIFE)} after a member asked, and nobody has decided",
        "it has expired",
        "past its end nobody approves it, whatever its state says",
    )
)
def ask_due(due: Ask) -> None:
    """Nobody has decided it in time (the due handler of `Ask`)."""
    now, tx = clock.now(), Transaction()
    tx.update("item", due, _ends(AskState.EXPIRED, now), when={"leased": Ask.gsi2sk == due.gsi2sk}, due=None)
    ask_telling.add_answer(tx, due, AskState.EXPIRED, now)
    tx.commit_lightly()
    log.info("ask_expired", ask_id=due.ask_id)


def one(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> Ask:
    """A request, for its asker and for the owner. Raises `FAMILY_UNKNOWN`, `ASK_UNKNOWN`."""
    return _seen(mid, uid, fid, ask_id)[1]


def place_of(mid: MerchantId, uid: UserId, fid: str) -> tuple[str, str]:
    """The partition and the index in which somebody finds requests: the owner all, a member his.

    Raises `FAMILY_UNKNOWN`.
    """
    family, _ = standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid)
    return (people_index(mid, fid), "gsi1") if family.owner == uid else (member_asks_index(mid, fid, uid), "gsi3")


def listed(place: tuple[str, str], limit: int, after: dict[str, Any] | None) -> tuple[list[Ask], dict[str, Any] | None]:
    """A page of the requests that are listed in a place, newest first, and where the next begins."""
    partition, index = place
    page = query(partition, index=index, begins=LISTED, limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Ask)], page.after


def _placed(asked: Ask, pay_with: Sequence[Pay], payer: str | None) -> Ask:
    """The request after its play has made the order, for whoever asked, unless that was done before."""
    made_for = Intent(
        mid=asked.mid, actor=asked.uid, route=ROUTE, key=f"{asked.fid}/{asked.ask_id}", fingerprint=asked.fingerprint
    )
    try:
        CARTS[asked.cart.act].place(made_for, asked.fid, asked.cart, pay_with, payer)
    except RippleError as refused:
        if refused.problem is not FAMILY_UNKNOWN:
            raise
        raise RippleError(ASKER_GONE) from None
    return read_one(Ask, asked.key) or asked


def _ended(look: Callable[[], Ask], state: AskState) -> Ask:
    """End a request without an order; twice is once."""

    def attempt() -> Ask:
        asked = look()
        if not rules.ended_as(asked, state):
            now, tx = clock.now(), Transaction()
            tx.update("item", asked, _ends(state, now), when={"open": Ask.state == AskState.OPEN}, due=None)
            ask_telling.add_answer(tx, asked, state, now)
            tx.commit_lightly()
            asked.state, asked.decided_at = state, now
        return asked

    return decided(attempt)


def _ends(state: AskState, now: datetime) -> list[Action]:
    """It has ended so, without an order."""
    return [Ask.state.set(state), Ask.decided_at.set(now)]


def _of_owner(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> Ask:
    """A request, for the owner to decide. Raises `FAMILY_UNKNOWN`, `ASK_UNKNOWN`, `NOT_OWNER`, `OWNER_ASKS`."""
    family, asked = _seen(mid, uid, fid, ask_id)
    rules.insist_owner(family, asked, uid)
    return asked


def _seen(mid: MerchantId, uid: UserId, fid: str, ask_id: str) -> tuple[Family, Ask]:
    key = ask_key(mid, fid, ask_id)
    found = read(key, *standing.keys(mid, fid, uid))
    family, _ = standing.seen(found, mid, fid, uid)
    return family, rules.seen_by(found.item(Ask, key), family, uid)
