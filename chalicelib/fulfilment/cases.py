"""After-sale: the buyer asks for his money, the merchant answers, goods may come back first; or he just gives it back.

While a case is open its order neither goes out nor counts as received; both stand as conditions on the order itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read_all
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.fulfilment import payback, rules
from chalicelib.fulfilment.items import (
    Case,
    CaseLine,
    Parcel,
    case_key,
    case_list,
    case_place,
)
from chalicelib.fulfilment.states import OPEN_CASES, CaseState
from chalicelib.merchants import audit
from chalicelib.orders import owing, stuck
from chalicelib.orders.items import Order, Payment, order_key
from chalicelib.orders.plugged import RETURNS
from chalicelib.orders.states import Cause, OrderState
from chalicelib.orders.stuck import Reason

Decide = Callable[[Order, Case, Transaction, Read], None]
"""Fills the transaction of an act on a case, or refuses it."""

ANSWER = timedelta(hours=48)
"""How long a merchant may take to answer."""

RETURN = timedelta(days=7)
"""How long a buyer may take to send goods back, and the merchant to look at them."""

UNANSWERED = Reason.CASE_UNANSWERED
"""The reason under which money is stuck that somebody asked for in vain."""


def ask(
    intent: Intent,
    oid: str,
    *,
    goods_back: bool,
    reason: str,
    note: str | None,
    lines: Sequence[CaseLine],
    amount_fen: int | None,
) -> int:
    """The buyer asks for money back, all of it unless lines or an amount are said; returns which case it is.

    Raises `NOT_FOUND`, `UNDECIDED`, `NOT_DELIVERABLE`, `CASE_OPEN`, `NOTHING_TO_RETURN`, `CASE_LATE`, `TOO_MUCH`,
    `INVALID_FIELD`, and what a play of `RETURNS` refuses it with.
    """
    mid = intent.mid
    keys = record_key(intent), order_key(mid, oid)

    def attempt(read: Read) -> int:
        found = read(*keys)
        known = recorded(intent, found[keys[0]])
        if known is not None:
            return int(known["case"])
        order = found.item(Order, keys[1])
        if order is None or order.uid != intent.actor:
            raise RippleError(NOT_FOUND)
        if order.play in RETURNS:
            raise RETURNS[order.play].refusal(order)
        now = clock.now()
        rules.insist_may_ask(order, goods_back=goods_back, now=now)
        about = list(lines) or [CaseLine(line.sku_id, line.quantity) for line in order.lines]
        payment = payback.live_payment(read, order)
        live = owing.live_fen(order, payment)
        amount = rules.wanted(order, about, amount_fen)
        if amount_fen is None:
            amount = min(amount, live)
        rules.insist_refundable(live, payment, amount, "/amount_fen")
        case = Case(
            *case_key(mid, oid, order.cases + 1),
            uid=order.uid,
            state=CaseState.ASKED,
            goods_back=1 if goods_back else 0,
            reason=reason,
            note=note,
            lines=about,
            amount_fen=amount,
            asked_at=now,
            wait_until=now + ANSWER,
        )
        case.gsi1pk, case.gsi1sk = case_list(mid), case_place(case, case.wait_until)
        case.set_due(case.wait_until)
        tx = Transaction()
        free = {"as_seen": Order.cases == order.cases, "there": Order.delivery == order.delivery}
        tx.update(
            "order",
            order,
            [Order.case.set(case.which), Order.cases.set(case.which)],
            when={**free, "confirmed": Order.state == OrderState.CONFIRMED, "no_case": Order.case.does_not_exist()},
        )
        tx.put("case", case)
        add_record(tx, intent, case=str(case.which))
        tx.commit()
        return case.which

    return decided_or_refused(attempt)


def withdraw(intent: Intent, oid: str, which: int) -> None:
    """The buyer no longer asks. Raises `NOT_FOUND`, `CASE_DECIDED`."""

    def decide(order: Order, case: Case, tx: Transaction, read: Read) -> None:
        rules.insist_case(case, CaseState.ASKED, CaseState.GRANTED)
        _add_end(tx, case, CaseState.WITHDRAWN)

    _act(intent, oid, which, decide, buyer=True)


def send_back(intent: Intent, oid: str, which: int, carrier: str, number: str) -> None:
    """The buyer has sent the goods back. Raises `NOT_FOUND`, `CASE_DECIDED`."""

    def decide(order: Order, case: Case, tx: Transaction, read: Read) -> None:
        rules.insist_case(case, CaseState.GRANTED)
        now = clock.now()
        parcel = Case.parcel.set(Parcel(carrier, number, now))
        _add_wait(tx, case, CaseState.RETURNING, now + RETURN, [parcel])

    _act(intent, oid, which, decide, buyer=True)


def grant(intent: Intent, oid: str, which: int, *, amount_fen: int | None, answer: str | None) -> None:
    """The merchant agrees, to another amount than was asked for if he says so; where goods come back, once they did.

    Raises `NOT_FOUND`, `CASE_DECIDED`, `TOO_MUCH`.
    """

    def decide(order: Order, case: Case, tx: Transaction, read: Read) -> None:
        rules.insist_case(case, CaseState.ASKED)
        amount = case.amount_fen if amount_fen is None else amount_fen
        payment = _refundable(order, amount, read, "/amount_fen")
        now = clock.now()
        said = [Case.answered_at.set(now), Case.amount_fen.set(amount), *([Case.answer.set(answer)] if answer else [])]
        if case.goods_back:
            _add_wait(tx, case, CaseState.GRANTED, now + RETURN, said)
            stuck.add_end(tx, order.mid, UNANSWERED, case.number)
        else:
            _add_pay_back(tx, order, payment, case, amount, read, said)
        audit.add(tx, order.mid, intent.actor, "case.grant", case.number, amount_fen=str(amount))

    _act(intent, oid, which, decide)


def goods_came(intent: Intent, oid: str, which: int) -> None:
    """What was sent back has arrived: the money goes. Raises `NOT_FOUND`, `CASE_DECIDED`, `TOO_MUCH`."""

    def decide(order: Order, case: Case, tx: Transaction, read: Read) -> None:
        rules.insist_case(case, CaseState.GRANTED, CaseState.RETURNING)
        payment = _refundable(order, case.amount_fen, read)
        _add_pay_back(tx, order, payment, case, case.amount_fen, read)
        audit.add(tx, order.mid, intent.actor, "case.goods_came", case.number)

    _act(intent, oid, which, decide)


def refuse(intent: Intent, oid: str, which: int, answer: str) -> None:
    """The merchant does not agree, and says why. Raises `NOT_FOUND`, `CASE_DECIDED`."""

    def decide(order: Order, case: Case, tx: Transaction, read: Read) -> None:
        rules.insist_case(case, CaseState.ASKED, CaseState.RETURNING)
        said = [Case.answered_at.set(clock.now()), Case.answer.set(answer)]
        _add_end(tx, case, CaseState.REFUSED, said)
        audit.add(tx, order.mid, intent.actor, "case.refuse", case.number, answer=answer)

    _act(intent, oid, which, decide)


def opened(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[Case], dict[str, Any] | None]:
    """A page of the open cases, the one that waits longest first."""
    page = query(case_list(mid), index="gsi1", limit=limit, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Case)], page.after


@timed(
    Time(
        f"{span(ANSWER)} after a buyer asked for money back, or sent goods back, and the merchant has not answered",
        "the merchant finds it among what is stuck, as unanswered; it stays open",
        "the merchant hears later",
    ),
    Time(
        f"{span(RETURN)} after the merchant wants goods back that nobody has sent",
        "it ends as withdrawn, and the order goes on where it was",
        "the buyer may still send them",
    ),
)
def case_due(case: Case) -> None:
    """Somebody is late with a case: the merchant is told of, a buyer's case ends (the due handler of `Case`)."""
    leased = {"leased": Case.gsi2sk == case.gsi2sk}
    now = clock.now()
    if case.state not in OPEN_CASES:
        update_one(case, [], when=leased, due=None)
    elif now < case.wait_until:
        update_one(case, [], when=leased, due=case.wait_until)
    elif case.state == CaseState.GRANTED:
        tx = Transaction()
        _add_end(tx, case, CaseState.WITHDRAWN)
        tx.commit()
    else:
        tx = Transaction()
        as_seen = {"as_seen": Case.state == case.state, **leased}
        tx.update("case", case, [Case.late.set(1)], when=as_seen, due=None)
        stuck.add(tx, case.mid, UNANSWERED, case.number, {"amount_fen": case.amount_fen})
        tx.commit()


def _act(intent: Intent, oid: str, which: int, decide: Decide, *, buyer: bool = False) -> None:
    """Read, decide and write one act on a case once; a buyer acts on his own."""
    mid = intent.mid
    keys = record_key(intent), order_key(mid, oid), case_key(mid, oid, which)

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        order, case = found.item(Order, keys[1]), found.item(Case, keys[2])
        if order is None or case is None or (buyer and order.uid != intent.actor):
            raise RippleError(NOT_FOUND)
        tx = Transaction()
        decide(order, case, tx, read)
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def _add_wait(tx: Transaction, case: Case, state: CaseState, until: datetime, said: Sequence[Action]) -> None:
    """The next step is somebody else's, who has until then."""
    actions = [Case.state.set(state), Case.wait_until.set(until), Case.gsi1sk.set(case_place(case, until)), *said]
    tx.update("case", case, actions, when={"as_seen": Case.state == case.state}, due=until)


def _add_decision(tx: Transaction, case: Case, state: CaseState, said: Sequence[Action]) -> None:
    """The case is over."""
    actions = [Case.state.set(state), Case.ended_at.set(clock.now()), Case.gsi1pk.remove(), Case.gsi1sk.remove()]
    tx.update("case", case, [*actions, *said], when={"as_seen": Case.state == case.state}, due=None)
    stuck.add_end(tx, case.mid, UNANSWERED, case.number)


def _add_end(tx: Transaction, case: Case, state: CaseState, said: Sequence[Action] = ()) -> None:
    """The case is over without money: its order goes on where it was."""
    mine = {"mine": Order.case == case.which}
    tx.update("order", order_key(case.mid, case.oid), [Order.case.remove()], when=mine, due=clock.now())
    _add_decision(tx, case, state, said)


def _refundable(order: Order, amount_fen: int, read: Read, pointer: str | None = None) -> Payment | None:
    """The capture that pays for an order of which so much can go back. Raises `TOO_MUCH`, `TOO_MANY_REFUNDS`."""
    payment = payback.live_payment(read, order)
    rules.insist_refundable(owing.live_fen(order, payment), payment, amount_fen, pointer)
    return payment


def _add_pay_back(
    tx: Transaction,
    order: Order,
    payment: Payment | None,
    case: Case,
    amount_fen: int,
    read: Read,
    said: Sequence[Action] = (),
) -> None:
    """The case ends with money."""
    number = payback.add(tx, order, payment, amount_fen, Cause.AFTER_SALE, read, case=case.which)
    _add_decision(tx, case, CaseState.PAID_BACK, [Case.refund.set(number), *said])
