"""What holds of wallets: what came in and what orders took, what is held, what counts in caps, what was approved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.family import filling
from chalicelib.family.items import Ask, Family, Invitation, Member
from chalicelib.family.rows import Move, Spend
from chalicelib.family.spends import family_of
from chalicelib.family.states import AskState, FamilyState, SpendState, Why
from chalicelib.family.tender import NAME
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from tests.breaking import Break, change, drop, nothing, the
from tests.family import acts
from tests.family.shop import FIRST_CAPS
from tests.invariants import Books, invariant, settled
from tests.orders.promises import paid
from tests.rewards.promises import legs
from tests.town import Town

PAYABLE = (OrderState.HELD, OrderState.CLOSING)

Month = tuple[str, str, str]
"""Of which partition, whose, which month."""


def spent(books: Books) -> dict[str, list[Spend]]:
    """The spends of each family."""
    found = defaultdict[str, list[Spend]](list)
    for spend in books.of(Spend):
        found[spend.pk].append(spend)
    return found


def counted(books: Books) -> Counter[Month]:
    """What counts in each member's months without the owner's approval."""
    return _counted(books.of(Spend))


def capped(books: Books) -> Counter[Month]:
    """Of it, what was not taken of his own wallet by its owner, who has no cap."""
    return _counted([spend for spend in books.of(Spend) if spend.payer != spend.uid])


def _counted(rows: list[Spend]) -> Counter[Month]:
    total = Counter[Month]()
    for spend in rows:
        if spend.state is not SpendState.RELEASED and spend.ask is None:
            total[spend.pk, spend.uid, spend.month] += spend.total - (spend.restored or 0)
    return total


@invariant("A wallet has what came into it less what orders took and did not give back, of each kind, and never less.")
def wallets_add_up(books: Books) -> Iterator[str]:
    came = defaultdict[str, tuple[int, int]](lambda: (0, 0))
    for move in books.of(Move):
        granted, bought = came[move.pk]
        came[move.pk] = granted + move.granted, bought + move.paid
    for family in books.of(Family):
        granted, bought = came[family.pk]
        live = [spend for spend in books.seen(spent)[family.pk] if spend.state is not SpendState.RELEASED]
        granted -= sum(spend.granted - spend.back_granted for spend in live)
        bought -= sum(spend.paid - spend.back_paid for spend in live)
        if (family.granted, family.paid) != (granted, bought) or min(granted, bought) < 0:
            yield f"{family.pk} has {family.granted} and {family.paid}, {granted} and {bought} are left"


@invariant("A wallet counts the orders that hold something of it.")
def wallets_count_holds(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        held = sum(spend.state is SpendState.HELD for spend in books.seen(spent)[family.pk])
        if family.held != held:
            yield f"{family.pk} counts {family.held}, {held} hold something"


@invariant("A member's month, and a family's, counts what was taken in it, less what came back and may be spent again.")
def months_are_counted(books: Books) -> Iterator[str]:
    for member in books.of(Member):
        wanted = books.seen(counted)[member.pk, member.uid, member.month or ""]
        his = [
            spend for spend in books.seen(spent)[member.pk] if (spend.uid, spend.month) == (member.uid, member.month)
        ]
        approved = sum(spend.total for spend in his if spend.ask and spend.state is not SpendState.RELEASED)
        if (member.spent, member.approved) != (wanted, approved):
            yield f"{member.pk} {member.sk} counts {member.spent} and {member.approved}, not {wanted} and {approved}"
        if any((spend.month > (member.month or "")) for spend in his):
            yield f"{member.pk} {member.sk} counts {member.month}, and has spent later"
    for family in books.of(Family):
        there = [spend for spend in books.seen(spent)[family.pk] if spend.month == family.month]
        taken = sum(s.total - (s.restored or 0) for s in there if s.state is not SpendState.RELEASED)
        if (family.spent or 0) != taken:
            yield f"{family.pk} counts {family.spent}, {taken} were taken"


@invariant(
    "By himself nobody takes more than his cap in a month, held or captured; a cap that was lowered since aside."
)
def caps_hold(books: Books) -> Iterator[str]:
    first = defaultdict[tuple[str, str], list[int]](list)
    for invitation in books.of(Invitation):
        first[invitation.fid, invitation.used_by or ""].append(invitation.cap)
    for member in books.of(Member):
        if member.cap is None:
            continue
        most = max(member.cap, FIRST_CAPS.get((member.fid, member.uid)) or 0, *first[member.fid, member.uid])
        for (pk, uid, month), n in books.seen(capped).items():
            if (pk, uid) == (member.pk, member.uid) and n > most:
                yield f"{member.pk} {uid} took {n} in {month}, he may {most}"


@invariant("What an order takes of a wallet stands there once, as much and in the state that the order says.")
def spends_and_orders_agree(books: Books) -> Iterator[str]:
    rows = {(spend.mid, str(spend.fid), spend.oid): spend for spend in books.of(Spend)}
    for order in books.of(Order):
        for part in order.paid_with:
            if part.tender != NAME:
                continue
            spend = rows.pop((order.mid, family_of(part), str(order.oid)), None)
            wanted = SpendState.HELD if order.state in PAYABLE else SpendState.RELEASED
            wanted = SpendState.CAPTURED if paid(order) else wanted
            back = (spend.back_granted + spend.back_paid) if spend else 0
            said = (spend.state, spend.uid, spend.total, back) if spend else None
            if said != (wanted, order.uid, part.fen, part.back_fen):
                yield f"{order.oid} is {order.state} with {part}, its row says {said}"
    yield from (f"{spend.pk} {spend.sk} is of no order" for spend in rows.values())


@invariant("No more of either kind comes back of a spend than it took, what was bought before what was given.")
def backs_are_bounded(books: Books) -> Iterator[str]:
    for spend in books.of(Spend):
        fits = 0 <= spend.back_granted <= spend.granted and 0 <= spend.back_paid <= spend.paid
        if not fits or (spend.back_granted and spend.back_paid < spend.paid):
            yield f"{spend.pk} {spend.sk}: {spend.back_granted} of {spend.granted}, {spend.back_paid} of {spend.paid}"


@invariant("A request that was approved has one order, which the wallet pays whole; no other has any.")
def approvals_execute_once(books: Books) -> Iterator[str]:
    rows = defaultdict[tuple[str, str | None], list[Spend]](list)
    for spend in books.of(Spend):
        rows[spend.pk, spend.ask].append(spend)
    for ask in books.of(Ask):
        said = [(spend.oid, spend.total) for spend in rows[ask.pk, ask.ask_id]]
        if said != ([(ask.oid, ask.total_fen)] if ask.state is AskState.APPROVED else []):
            yield f"{ask.pk} {ask.sk} is {ask.state} with {ask.oid}, and paid {said}"


@invariant("What members put into a wallet left their balance, each time once.")
def fills_are_posted(books: Books) -> Iterator[str]:
    put = Counter[tuple[str, str]]()
    for move in books.of(Move):
        if move.why is Why.FILLED:
            put[move.mid, filling.account(move.fid)] += move.granted
    moved = {(mid, account): n for (mid, account, _), n in books.seen(legs).items() if account.startswith("family:")}
    for key in {*put, *moved}:
        if put[key] != moved.get(key, 0):
            yield f"{key[1]} was given {moved.get(key, 0)}, its wallet says {put[key]}"


@invariant("While a family or a member is frozen, and after somebody has left, no order takes anything of its wallet.")
def ends_end_spending(books: Books) -> Iterator[str]:
    people = {(member.pk, str(member.uid)): member for member in books.of(Member)}
    for family in books.of(Family):
        yield from _since(family)
        for spend in books.seen(spent)[family.pk]:
            member = people[family.pk, spend.uid]
            owned = family.status is FamilyState.CLOSED and family.owner == spend.uid
            ends = (family.frozen_at, member.frozen_at, None if owned else member.left_at)
            if any(end is not None and end < spend.at for end in ends):
                yield f"{spend.pk} {spend.sk} of {spend.uid} took {spend.total}, which ended at {ends}"
    for member in people.values():
        yield from _since(member)


def _since(item: Family | Member) -> Iterator[str]:
    """Whoever is frozen has since when, and nobody else."""
    if (item.frozen_by is None) != (item.frozen_at is None):
        yield f"{item.pk} {item.sk} was frozen by {item.frozen_by} at {item.frozen_at}"


@settled("No order holds anything of a wallet.")
def holds_end(books: Books) -> Iterator[str]:
    yield from (f"{s.pk} {s.sk}" for s in books.of(Spend) if s.state is SpendState.HELD)


def situation(town: Town) -> None:
    """A wallet that somebody filled, that an order holds, that another was paid with, and one that was approved."""
    acts.lived(town)


def _left_before(books: Books) -> None:
    """Who has spent had left a moment earlier."""
    spend = books.of(Spend)[0]
    the(books, Member, pk=spend.pk, uid=spend.uid).left_at = spend.at - timedelta(seconds=1)


BREAKS: dict[str, Break] = {
    "wallets_add_up": change(Family, {"granted": 7}),
    "wallets_count_holds": change(Family, {"held": 7}),
    "months_are_counted": change(Member, {"spent": 7}),
    "caps_hold": change(Spend, {"granted": 1_000_000}, state=SpendState.HELD),
    "spends_and_orders_agree": drop(Spend),
    "backs_are_bounded": change(Spend, {"back_granted": 1_000_000}),
    "approvals_execute_once": change(Ask, {"total_fen": 1}, state=AskState.APPROVED),
    "fills_are_posted": change(Move, {"granted": 1}, why=Why.FILLED),
    "ends_end_spending": _left_before,
    "holds_end": nothing,
}
