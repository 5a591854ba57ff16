"""What holds of what the merchant puts right in wallets, and of what minors are not given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.ids import UserId
from chalicelib.family.adjustments import Adjustment
from chalicelib.family.admin_rules import ALONE_FEN
from chalicelib.family.rows import Move
from chalicelib.family.states import AdjustmentState, Kind, Why
from chalicelib.merchants.items import ApiKey, Audit
from chalicelib.merchants.persons import person
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import Grant
from chalicelib.rewards.minors import OF_INVITING
from tests.breaking import Break, change, nothing, the
from tests.cash import shop as cash
from tests.family import desk, shop
from tests.family.desk import adjusts, approves, asked, refuses
from tests.family.shop import household
from tests.invariants import Books, invariant, settled
from tests.rewards import shop as rewards
from tests.town import Town
from tests.voucher.files import colleague


def asked_for(books: Books) -> dict[tuple[str, str], Adjustment]:
    """Adjustments by their family and id."""
    return {(one.pk, one.adjustment_id): one for one in books.of(Adjustment)}


def noted(books: Books) -> dict[tuple[str, str, str], list[str]]:
    """Which keys did what to what, by the merchant's log."""
    found = defaultdict[tuple[str, str, str], list[str]](list)
    for entry in books.of(Audit):
        found[entry.mid, entry.action, entry.subject].append(entry.actor)
    return found


def names(books: Books) -> dict[str, str]:
    """Whose each key is."""
    return {key.key_id: person(key.name) for key in books.of(ApiKey)}


@invariant("What is put right in a wallet on a day above what keys may do alone has two people's keys in the log.")
def adjustments_take_two(books: Books) -> Iterator[str]:
    alone = Counter[tuple[str, str]]()
    for move in books.of(Move):
        if move.why is not Why.ADJUSTED or move.by == shop.BEFORE:
            continue
        made, subject = books.seen(asked_for)[move.pk, move.subject], f"{move.fid}/{move.subject}"
        asking = books.seen(noted).get((move.mid, "family.adjust.ask", subject), [])
        agreed = books.seen(noted).get((move.mid, "family.adjust.approve", subject), [])
        if books.seen(noted).get((move.mid, "family.adjust", subject)) == [made.by]:
            alone[move.pk, clock.day_of(move.at).isoformat()] += abs(move.granted) + abs(move.paid)
        elif (asking, agreed) != ([made.by], [made.decided_by]):
            yield f"{subject} was asked for by {asking} and approved by {agreed}"
        elif len({books.seen(names).get(key) for key in (*asking, *agreed)}) != 2:
            yield f"{subject} was asked for and approved by one person"
    yield from (f"{fen} fen of {pk} on {day}" for (pk, day), fen in alone.items() if fen > ALONE_FEN)


@invariant("An adjustment that is done moved what it says, once, and no other moved anything.")
def adjustments_move_once(books: Books) -> Iterator[str]:
    moved = defaultdict[tuple[str, str], list[tuple[int, int]]](list)
    for move in books.of(Move):
        if move.why is Why.ADJUSTED:
            moved[move.pk, move.subject].append((move.granted, move.paid))
    for place, one in books.seen(asked_for).items():
        done = one.state is AdjustmentState.DONE
        if moved[place] != ([(one.of(Kind.GRANTED), one.of(Kind.PAID))] if done else []):
            yield f"{one.fid}/{one.adjustment_id} is {one.state.value} and moved {moved[place]}"


@invariant("An adjustment that waits is listed and has a time at which somebody will look after it; no other has.")
def adjustments_are_looked_after(books: Books) -> Iterator[str]:
    for one in books.of(Adjustment):
        waits = one.state is AdjustmentState.WAITING
        if waits != (one.due is not None) or waits != (one.gsi1pk is not None):
            yield f"{one.fid}/{one.adjustment_id} is {one.state.value}, due {one.due}"


@invariant("Whoever is a minor was given no cash since, nor anything for inviting or for having been invited.")
def minors_are_given_nothing(books: Books) -> Iterator[str]:
    since = {user.uid: user.minor_since for user in books.of(User) if user.minor_since is not None}

    def late(uid: UserId, at: datetime | None) -> bool:
        return at is not None and uid in since and at > since[uid]

    for grant in books.of(Grant):
        if grant.why in OF_INVITING and late(grant.uid, grant.posted_at):
            yield f"{grant.ref} of {grant.uid}"
    for one in books.of(Cash):
        if late(one.uid, one.created_at) or late(one.uid, one.tapped_at):
            yield f"cash {one.cash_id} of {one.uid}"


@settled("No adjustment waits for ever.")
def adjustments_end(books: Books) -> Iterator[str]:
    for one in books.of(Adjustment):
        if one.state is AdjustmentState.WAITING:
            yield f"{one.fid}/{one.adjustment_id}"


def situation(town: Town) -> None:
    """Adjustments in every state but lapsed, and somebody with cash who has become a minor since."""
    fang = colleague(town, "who agrees to adjustments")
    fid = household(town, town.person("who-is-adjusted"))
    adjusts(town.admin, fid, 6_000).expect(201)
    approves(fang, fid, asked(town.admin, fid)).expect(200)
    refuses(fang, fid, asked(town.admin, fid)).expect(200)
    asked(fang, fid, -12_000)
    kid, campaign = town.person("who-becomes-a-minor"), cash.opened(town)
    cash.given(town, campaign, kid, "before")
    clock.advance(1)
    desk.minor(town, kid)
    rewards.promise(town, campaign, kid, "after", 100, cash.AT_ONCE, seconds=0)
    rewards.fall_due(town, kid, "after")
    clock.advance(1)


def agreed_with_himself(books: Books) -> None:
    """Who asked for an adjustment has approved it."""
    one = next(one for one in books.of(Adjustment) if one.decided_by and one.state is AdjustmentState.DONE)
    the(books, Audit, action="family.adjust.approve").actor = one.by
    one.decided_by = one.by


def given_to_a_minor(books: Books) -> None:
    """Cash is given to somebody who was a minor then."""
    minors = {user.uid for user in books.of(User) if user.minor_since is not None}
    next(cash for cash in books.of(Cash) if cash.uid in minors).created_at = clock.now()


def moved_more(books: Books) -> None:
    """An adjustment moved a fen more than it says."""
    next(m for m in books.of(Move) if m.why is Why.ADJUSTED and m.by != shop.BEFORE).granted += 1


BREAKS: dict[str, Break] = {
    "adjustments_take_two": agreed_with_himself,
    "adjustments_move_once": moved_more,
    "adjustments_are_looked_after": change(Adjustment, {"gsi1pk": None, "gsi1sk": None}, state=AdjustmentState.WAITING),
    "minors_are_given_nothing": given_to_a_minor,
    "adjustments_end": nothing,
}
