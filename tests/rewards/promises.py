"""What holds of value: it balances, it is reserved before it is given, and it is given once its hold is over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import Campaign, StockShard
from chalicelib.campaigns.kinds.codes import CODES
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.rewards import balance_tender, books, give
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import Account, Coupon, Grant, Leg, Lot, Posted, Watch
from chalicelib.rewards.posting import unbalanced
from chalicelib.rewards.states import ENDED, WAITING, CashState, GrantState, Why
from tests.breaking import Break, change, drop, nothing
from tests.invariants import Books, invariant, settled
from tests.orders.promises import paid
from tests.rewards import shop
from tests.town import Town

Holder = tuple[str, str, Sequence[Drawn]]
"""A campaign, one of its escrows, and what somebody holds or has used of that."""

HOLDERS: list[Callable[[Books], Iterator[Holder]]] = []
"""Whoever draws on budgets: a room that does adds a view of its own here."""

OWNED = (*ESCROWS.values(), CODES)
"""Escrows of which somebody owns every unit that was drawn."""

NOTED = (GrantState.REVIEW, GrantState.CLAWING)
"""Where a grant says why."""

HALF_A_DAY = timedelta(hours=12)
"""What is due later than this waits for days, and is left where it is when nothing else is due any more."""

GIVEN = (GrantState.GRANTED, GrantState.CLAWING, GrantState.CLAWED)
"""A grant that became value, whatever became of that."""


def of_grants(books: Books) -> Iterator[Holder]:
    """What grants hold and have used."""
    for grant in books.of(Grant):
        if grant.escrow is None:
            yield grant.cid, ESCROWS[grant.gift.currency], grant.drawn


HOLDERS.append(of_grants)


def posted(books: Books) -> list[Posted]:
    """Everything that moves value, of every room."""
    return [item for item in books.items if isinstance(item, Posted)]


def legs(books: Books) -> Counter[tuple[str, str, Currency]]:
    """What everything that was moved comes to, by merchant, account and currency."""
    total = Counter[tuple[str, str, Currency]]()
    for item in books.seen(posted):
        for leg in item.all_legs:
            total[item.mid, leg.account, leg.currency] += leg.amount
    return total


@invariant(
    "Whatever moves value is a posting whose legs sum to nothing in each currency, and so do those of its reversal."
)
def legs_sum_to_nothing(books: Books) -> Iterator[str]:
    for item in books.seen(posted):
        for sides in (item.legs or [], item.back or []):
            if unbalanced(sides):
                yield f"{item.pk} {item.sk}: {sides}"


@invariant("A user's account, with what orders hold of it, is what all postings have moved there.")
def accounts_are_rebuilt(books: Books) -> Iterator[str]:
    moved = {key: n for key, n in books.seen(legs).items() if key[1].startswith("user:")}
    for account in books.of(Account):
        wanted = moved.pop((account.mid, give.user(account.uid), account.currency), 0)
        there = account.balance + (account.held or 0)
        if there != wanted or account.balance < 0 or (account.held or 0) < 0:
            yield f"{account.pk} {account.sk} has {there}, {wanted} were moved there"
    yield from (f"{key}: {n} were moved to no account" for key, n in moved.items() if n)


@invariant(
    "What was moved to somebody's coupons is what those that were given to him take off, but for those taken back."
)
def coupons_are_rebuilt(all_books: Books) -> Iterator[str]:
    there = Counter[tuple[str, str]]()
    for coupon in all_books.of(Coupon):
        there[coupon.mid, give.coupons(coupon.uid)] += books.worth(coupon)
    for (mid, account, _), n in all_books.seen(legs).items():
        if account.startswith("coupons:") and there.pop((mid, account), 0) != n:
            yield f"{account}: {n} were moved there"
    yield from (f"{key}: nobody gave {n}" for key, n in there.items() if n)


@invariant("Points lie in lots that add up to them, the earliest first, and are due when the first of those expires.")
def lots_add_up(books: Books) -> Iterator[str]:
    for account in books.of(Account):
        if account.currency is not Currency.POINTS:
            continue
        lots = account.lots or []
        in_order = sorted({lot.until for lot in lots}) == [lot.until for lot in lots]
        if sum(lot.amount for lot in lots) != account.balance or not in_order or any(lot.amount <= 0 for lot in lots):
            yield f"{account.pk} has {account.balance} in {lots}"
        if (account.due is not None) != bool(lots):
            yield f"{account.pk} is due {account.due} with {lots}"


@invariant(
    "What is held of a balance is what orders that may be paid hold, and orders have of it what postings gave them."
)
def balance_is_ordered(books: Books) -> Iterator[str]:
    held, used = Counter[str](), Counter[tuple[str, str, Currency]]()
    for order in books.of(Order):
        for part in order.paid_with:
            if part.tender != balance_tender.NAME:
                continue
            if order.state in (OrderState.HELD, OrderState.CLOSING):
                held[f"{order.mid}|U#{order.uid}"] += part.fen
            used[order.mid, balance_tender.order_account(order.oid), Currency.FEN] += (
                part.live_fen if paid(order) else 0
            )
    for account in books.of(Account):
        wanted = held[account.pk] if account.currency is Currency.FEN else 0
        if (account.held or 0) != wanted:
            yield f"{account.pk} {account.sk} says {account.held} is held, orders hold {wanted}"
    moved = {key: n for key, n in books.seen(legs).items() if key[1].startswith("order:")}
    for key in {*moved, *used}:
        if moved.get(key, 0) != used.get(key, 0):
            yield f"{key[1]} was given {moved.get(key, 0)} and uses {used.get(key, 0)}"


@invariant("What was drawn of a budget is exactly what promises hold of it and what was spent, shard by shard.")
def budgets_are_owned(books: Books) -> Iterator[str]:
    owned = Counter[tuple[str, str, int]]()
    for holder in HOLDERS:
        for cid, name, drawn in holder(books):
            for part in drawn:
                owned[cid, name, part.shard] += part.units
    for shard in books.of(StockShard):
        if shard.budget in OWNED:
            wanted = owned.pop((shard.cid, str(shard.budget), shard.shard), 0)
            if shard.taken != wanted:
                yield f"{shard.pk}: {shard.taken} taken, {wanted} owned"
    yield from (f"{key}: {n} owned of no shard" for key, n in owned.items() if n)


@invariant(
    "A grant holds what it may come to, one that is given what it is unless that is cash, one taken back its debt."
)
def grants_hold_what_they_are(books: Books) -> Iterator[str]:
    for grant in books.of(Grant):
        wanted = {GrantState.CLAWED: grant.debt or 0, **dict.fromkeys(ENDED, 0)}.get(grant.state, grant.gift.amount)
        if give.owns_budget(grant.gift) and grant.state in GIVEN:
            wanted = 0
        if grant.escrow is None and sum(part.units for part in grant.drawn) != wanted:
            yield f"{grant.pk} {grant.sk} is {grant.state} and holds {grant.drawn}, not {wanted}"


@invariant("Nothing is granted before its hold ends.")
def holds_are_kept(books: Books) -> Iterator[str]:
    for grant in books.of(Grant):
        if grant.posted_at is not None and (grant.hold_until is None or grant.posted_at < grant.hold_until):
            yield f"{grant.pk} {grant.sk} was granted {grant.posted_at}, its hold ends {grant.hold_until}"


@invariant(
    "A grant that may still become value, or is being taken back, has a time at which somebody looks; no other has."
)
def grants_are_looked_after(books: Books) -> Iterator[str]:
    for grant in books.of(Grant):
        if (grant.state in (*WAITING, GrantState.CLAWING)) != (grant.due is not None):
            yield f"{grant.pk} {grant.sk} is {grant.state}, due {grant.due}"


@invariant(
    "A grant is what its state says: given with its legs, taken back with theirs, ended with nothing of a budget."
)
def grants_are_whole(books: Books) -> Iterator[str]:
    for grant in books.of(Grant):
        state, ended, clawed = grant.state, grant.state in ENDED, grant.state is GrantState.CLAWED
        back = -sum(leg.amount for leg in grant.back or [] if leg.amount < 0)
        fits = (
            bool(grant.legs) == (state in GIVEN),
            sum(leg.amount for leg in grant.legs or [] if leg.amount > 0) == (grant.gift.amount if grant.legs else 0),
            (grant.back is not None) == clawed,
            (back + (grant.debt or 0) == grant.gift.amount) == (clawed and not _went_back(books, grant)),
            (grant.ended_at is not None) == (ended or state in GIVEN),
            not (ended and grant.drawn),
            _doubted(grant) or bool(grant.note) == (ended or clawed or state in NOTED),
            (grant.gsi3pk is not None) == (state is GrantState.REVIEW),
        )
        # What a merchant approved keeps what was said against it.
        if not all(fits) and not (state is GrantState.GRANTED and grant.note and all(fits[:6]) and fits[7]):
            yield f"{grant.pk} {grant.sk} is {state}: {fits}"


def _went_back(books: Books, grant: Grant) -> bool:
    """Whether it was cash that had gone back by itself: then nothing is left to be taken back, and nothing is owed."""
    return (grant.pk, grant.ref) in books.seen(own_returns)


def own_returns(books: Books) -> set[tuple[str, str]]:
    """The cash that went back to its campaign before anybody took it back, by its user and what gave it."""
    return {(one.pk, one.ref) for one in books.of(Cash) if one.state is CashState.RETURNED and one.legs is not None}


def _doubted(grant: Grant) -> bool:
    """Whether it is held with what speaks against it already written down."""
    return grant.state is GrantState.HELD and grant.note is not None


@settled("Every grant is given, taken back or at its end, or waits for days.")
def grants_end(books: Books) -> Iterator[str]:
    for grant in books.of(Grant):
        waits = grant.due is not None and grant.due > clock.now() + HALF_A_DAY
        if grant.state in (*WAITING, GrantState.CLAWING) and not waits:
            yield f"{grant.pk} {grant.sk} is {grant.state}"


@settled("Whoever watches a budget has seen all that was drawn of it.")
def budgets_are_watched(books: Books) -> Iterator[str]:
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for shard in books.of(StockShard):
        if shard.budget is not None:
            taken[shard.pk.split("#STK")[0]][shard.budget] += shard.taken
    watches = {watch.pk: watch for watch in books.of(Watch)}
    for campaign in books.of(Campaign):
        watch = watches.get(campaign.pk)
        if watch is not None and watch.due is not None:
            continue  # somebody is about to look
        paces = (watch.paces if watch else None) or {}
        for name, n in taken[campaign.pk].items():
            if (paces[name].taken if name in paces else 0) != n:
                yield f"{campaign.cid} {name}: {n} taken, {paces} seen"


@settled("No points are on an account whose time is over.")
def points_expire(books: Books) -> Iterator[str]:
    for account in books.of(Account):
        if any(lot.until <= clock.now() for lot in account.lots or []):
            yield f"{account.pk}: {account.lots}"


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def situation(town: Town) -> None:
    """Somebody who was given balance, points and a coupon, promised more, and who pays with balance."""
    ann = town.person("ann of the rewards")
    campaign = town.campaign(shop.offer())
    shop.give(town, campaign, ann, "balance", 10_000)
    shop.give(town, campaign, ann, "points", 500, shop.POINTS)
    shop.give(town, campaign, ann, "coupon", 500, shop.COUPON)
    shop.promise(town, campaign, ann, "doubtful", subject="doubtful", seconds=0)
    shop.fall_due(town, ann, "doubtful")
    shop.promise(town, campaign, ann, "promised", state=GrantState.PROMISED)
    shop.give(town, campaign, ann, "undone")
    shop.undo(town, ann, "undone")
    shop.promise(town, campaign, ann, "void", subject="undone", seconds=0)
    shop.fall_due(town, ann, "void")
    path = f"/v1/campaigns/{town.campaign()}"
    ann.api.call("POST", f"{path}/orders", {"pay_with": [shop.with_balance()]}).expect(201)
    ann.api.call("POST", f"{path}/groups", {"pay_with": [shop.with_balance(100)]}).expect(201)
    town.stream()


BREAKS: dict[str, Break] = {
    "legs_sum_to_nothing": change(Grant, {"legs": [Leg("user:x", Currency.FEN, 1)]}, state=GrantState.GRANTED),
    "accounts_are_rebuilt": change(Account, {"balance": 1}, currency=Currency.FEN),
    "coupons_are_rebuilt": change(Coupon, {"invalid_why": "taken_back"}, why=Why.AFTER_ORDER),
    "lots_add_up": change(Account, {"lots": []}, currency=Currency.POINTS),
    "balance_is_ordered": change(Account, {"held": 7, "balance": 93}, currency=Currency.FEN),
    "budgets_are_owned": change(Grant, {"drawn": []}, state=GrantState.GRANTED),
    "grants_hold_what_they_are": change(Grant, {"drawn": []}, state=GrantState.GRANTED, escrow=None),
    "holds_are_kept": change(Grant, {"hold_until": None}, state=GrantState.GRANTED),
    "grants_are_looked_after": change(Grant, {"gsi2pk": None, "gsi2sk": None}, state=GrantState.PROMISED),
    "grants_are_whole": change(Grant, {"drawn": [Drawn(0, 1)]}, state=GrantState.VOID),
    "grants_end": nothing,
    "budgets_are_watched": drop(Watch),
    "points_expire": change(Account, {"lots": [Lot(LONG_AGO, 500)]}, currency=Currency.POINTS),
}
