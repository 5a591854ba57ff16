"""What holds of cash: it owns its budget, is counted where it is, and is moved once, to its user or back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.core import clock
from chalicelib.rewards import cash, give
from chalicelib.rewards.cash import WHERE, Cash, CashTally
from chalicelib.rewards.items import Grant, Leg, Posting
from chalicelib.rewards.states import CASH_OPEN, CashState
from chalicelib.voucher.items import Used
from tests.breaking import Break, change, drop
from tests.cash import promises_books as books
from tests.cash import promises_sending as sending
from tests.cash import shop
from tests.invariants import Books, invariant, settled
from tests.rewards import shop as rewards
from tests.rewards.promises import HALF_A_DAY, HOLDERS, Holder, legs
from tests.town import Town

KEPT = (*CASH_OPEN, CashState.PAID)
"""Cash that is, or is to be, its user's."""


def of_cash(books: Books) -> Iterator[Holder]:
    """What cash holds of budgets, and what of them was paid."""
    for one in books.of(Cash):
        yield one.cid, ESCROWS[Currency.CASH], one.drawn


HOLDERS.append(of_cash)


def givers(books: Books) -> dict[tuple[str, str], Grant | Posting | Used]:
    """What gave each cash, by the user's partition and the reference."""
    found: list[Grant | Posting] = [*books.of(Grant), *books.of(Posting)]
    codes = {(user_index(code.mid, code.uid), code.ref): code for code in books.of(Used) if code.uid is not None}
    return {**{(item.pk, item.ref): item for item in found}, **codes}


@invariant("What was moved to somebody's cash is what of it is neither paid to him nor returned.")
def cash_is_rebuilt(books: Books) -> Iterator[str]:
    there = Counter[tuple[str, str]]()
    for one in books.of(Cash):
        there[one.mid, cash.account(one.uid)] += one.amount if one.state in CASH_OPEN else 0
    for (mid, account, _), n in books.seen(legs).items():
        if account.startswith("cash:") and there.pop((mid, account), 0) != n:
            yield f"{account}: {n} were moved there"
    yield from (f"{key}: nobody moved {n}" for key, n in there.items() if n)


@invariant("Cash was given once, by what it names, and all of it.")
def cash_is_given_once(books: Books) -> Iterator[str]:
    given = Counter((pk, leg.amount) for (pk, _), item in books.seen(givers).items() for leg in _in(item.legs))
    there = Counter((one.pk, one.amount) for one in books.of(Cash))
    if given != there:
        yield f"given were {given}, there is {there}"
    for one in books.of(Cash):
        giver = books.seen(givers).get((one.pk, one.ref))
        if giver is None or one.cash_id != cash.cash_of(one.ref) or not list(_in(giver.legs)):
            yield f"{one.pk} {one.sk} names {one.ref}"


def _in(legs: list[Leg] | None) -> Iterator[Leg]:
    return (leg for leg in legs or [] if leg.account.startswith("cash:") and leg.amount > 0)


@invariant("Cash holds all of its budget until it is returned, and nothing of it then.")
def cash_owns_its_budget(books: Books) -> Iterator[str]:
    for one in books.of(Cash):
        holds = sum(part.units for part in one.drawn)
        if holds != (one.amount if one.state in KEPT else 0):
            yield f"{one.pk} {one.sk} is {one.state} and holds {holds} of {one.amount}"


@invariant("What a campaign's tallies count, state by state, is the cash that it gave.")
def cash_is_counted(books: Books) -> Iterator[str]:
    names = {attribute.attr_name for attribute in WHERE.values()}
    counted, there = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for tally in books.of(CashTally):
        for name in names:
            fen = getattr(tally, name) or 0
            counted[tally.pk, name] += fen
            if fen < 0:
                yield f"{tally.pk} {tally.sk} counts {fen} {name}"
    for one in books.of(Cash):
        there[cash.tally_key(one.mid, one.cid, 0).pk, WHERE[one.state].attr_name] += one.amount
    for key in {*counted, *there}:
        if counted[key] != there[key]:
            yield f"{key} counts {counted[key]}, there is {there[key]}"


@invariant("Cash that somebody may still get has a time at which somebody looks after it; no other has.")
def cash_is_looked_after(books: Books) -> Iterator[str]:
    for one in books.of(Cash):
        if (one.state in CASH_OPEN) != (one.due is not None):
            yield f"{one.pk} {one.sk} is {one.state}, due {one.due}"


@invariant(
    "Cash that was paid, or went back by itself, has moved once and ended; what its gift takes back, that moved."
)
def cash_is_posted(books: Books) -> Iterator[str]:
    for one in books.of(Cash):
        own, away = cash.account(one.uid), Currency.CASH
        paid = give.moved(own, cash.transferred(one.uid), away, one.amount)
        back = give.moved(own, give.campaign(one.cid), away, one.amount)
        giver = books.seen(givers).get((one.pk, one.ref))
        taken = giver is not None and giver.back == back
        moved = {CashState.PAID: one.legs == paid, CashState.RETURNED: (one.legs == back) != taken}
        still = one.legs is None and not taken
        if not moved.get(one.state, still) or one.back is not None:
            yield f"{one.pk} {one.sk} is {one.state} and moved {one.legs}, {one.back}; its gift took back: {taken}"
        if (one.ended_at is not None) != (one.state not in CASH_OPEN) or (one.posted_at is None) != (one.legs is None):
            yield f"{one.pk} {one.sk} is {one.state}, ended {one.ended_at}, posted {one.posted_at}"


@invariant("Cash that waits for the merchant is listed for him, and no other is.")
def cash_reviews_are_listed(books: Books) -> Iterator[str]:
    for one in books.of(Cash):
        if (one.gsi3pk is not None) != (one.state is CashState.REVIEW):
            yield f"{one.pk} {one.sk} is {one.state}, listed {one.gsi3pk}"


@settled("Cash is paid or returned, or waits for days for somebody to claim it.")
def cash_ends(books: Books) -> Iterator[str]:
    for one in books.of(Cash):
        waits = one.due is not None and one.due > clock.now() + HALF_A_DAY
        if one.state in CASH_OPEN and not waits:
            yield f"{one.pk} {one.sk} is {one.state}, due {one.due}"


def situation(town: Town) -> None:
    """Cash in every state: to be claimed, on its way, paid, gone back, taken back; and an account that is empty."""
    ann, ben, campaign = town.person("ann of the cash"), town.person("ben of the cash"), shop.opened(town, fen=500)
    for n in range(1, 5):
        shop.given(town, campaign, ann, f"cash-{n}")
    rewards.undo(town, ann, "cash-2")
    rewards.fall_due(town, ann, "cash-2")
    shop.confirm(town, shop.tap(town, ann, "cash-3"), ann)
    shop.tap(town, ann, "cash-4")
    shop.given(town, campaign, ben, "cash-5", 1000)
    shop.tap(town, ben, "cash-5")
    books.situation(town)


BREAKS: dict[str, Break] = {
    "cash_is_rebuilt": change(Cash, {"amount": 1}, state=CashState.CLAIMABLE),
    "cash_is_given_once": change(Cash, {"ref": "another"}),
    "cash_owns_its_budget": change(Cash, {"drawn": []}, state=CashState.CLAIMABLE),
    "cash_is_counted": drop(CashTally),
    "cash_is_looked_after": change(Cash, {"gsi2pk": None, "gsi2sk": None}, state=CashState.CLAIMABLE),
    "cash_is_posted": change(Cash, {"ended_at": None}, state=CashState.RETURNED),
    "cash_reviews_are_listed": change(Cash, {"gsi3pk": "somewhere"}, state=CashState.CLAIMABLE),
    "cash_ends": change(Cash, {"gsi2pk": None, "gsi2sk": None}, state=CashState.CLAIMABLE),
    **sending.BREAKS,
}
