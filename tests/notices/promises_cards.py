"""What live cards promise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from chalicelib.core import clock
from chalicelib.groupbuy.items import LIVE_STATES, Group, group_key
from chalicelib.groupbuy.states import GroupState
from chalicelib.notices.card_items import Card
from chalicelib.notices.card_rules import PACE, Activity
from infra.local.wechat_sim.activities import Activity as Told
from infra.local.wechat_sim.activities import Update
from tests.breaking import Break
from tests.invariants import Books, invariant, settled
from tests.town import Town


def _told(books: Books) -> list[tuple[Group, Activity, Told]]:
    """Every live card that we know of: its group, and what WeChat was told of it."""
    activities, groups = (
        books.wechat.activities if books.wechat else {},
        {group.key: group for group in books.of(Group)},
    )
    return [
        (groups[group_key(card.mid, card.ident)], activity, activities[activity.id])
        for card in books.of(Card)
        for activity in card.activities
        if activity.id in activities
    ]


@invariant("A live card never goes back: its count grows, and once it has started nothing changes it.")
def cards_never_go_back(books: Books) -> Iterator[str]:
    for group, activity, there in books.seen(_told):
        for before, after in pairwise(there.updates):
            if before.state == 1 or (after.state == 0 and _count(after) < _count(before)):
                yield f"{activity.id} of {group.gid}: {after} after {before}"


@invariant("A live card counts nobody who has not paid, and says that it has started of a group that succeeded only.")
def cards_say_what_is(books: Books) -> Iterator[str]:
    for group, activity, there in books.seen(_told):
        for update in there.updates:
            if update.state == 1:
                right = group.status is GroupState.SUCCEEDED and update.parameters["path"].endswith(f"g={group.gid}")
            else:
                right = _count(update) <= group.paid and update.parameters["room_limit"] == str(group.need)
            if not right:
                yield f"{activity.id} of {group.gid}, {group.status} with {group.paid}: {update}"


@invariant("A live card is changed once in three seconds at most.")
def cards_are_changed_seldom(books: Books) -> Iterator[str]:
    for group, activity, there in books.seen(_told):
        for before, after in pairwise(there.updates):
            if after.at - before.at < PACE:
                yield f"{activity.id} of {group.gid}: {after} after {before}"


@invariant("A live card of a group that is not decided has a time at which somebody compares them, and is told of.")
def cards_are_looked_after(books: Books) -> Iterator[str]:
    groups = {group.key: group for group in books.of(Group)}
    for card in books.of(Card):
        group = groups[group_key(card.mid, card.ident)]
        living = [one for one in card.activities if one.ended is None and clock.now() < one.until]
        if group.live_card is None or (group.status in LIVE_STATES and living and card.due is None):
            yield f"{card.pk}: {group.status}, due {card.due}"


@settled("What lives of a group's cards says how the group ended.")
def cards_show_the_end(books: Books) -> Iterator[str]:
    quiet = books.quiet or clock.now()
    for group, activity, there in books.seen(_told):
        if there.expires_at <= quiet or activity.ended not in (None, "started"):
            continue
        if group.status is GroupState.SUCCEEDED:
            right = there.started
        else:
            right = activity.have == group.paid and all(_count(update) == group.paid for update in there.updates[-1:])
        if not right:
            yield f"{activity} of {group.gid}, {group.status} with {group.paid}: {there.updates}"


def _count(update: Update) -> int:
    return int(update.parameters["member_count"])


def situation(town: Town) -> None:
    """A group whose card has started, and one whose card has been changed twice."""
    for size in (4, 3):
        leader, seat = town.opened(town.campaign(size=size, group_seconds=3600))
        leader.group(seat["group_id"])
        for _ in range(2):
            clock.advance(PACE.total_seconds())
            town.joined(seat["group_id"])
            town.stream()


def _says(count: int) -> Break:
    """Let a card that changed twice have said something else at last."""

    def act(books: Books) -> None:
        there = next(t for _, _, t in _told(books) if len(t.updates) == 2 and not t.started)
        last = there.updates[1]
        there.updates[1] = Update(last.at, 0, {**last.parameters, "member_count": str(count)})

    return act


def _unstarted(books: Books) -> None:
    next(t for _, _, t in _told(books) if t.started).updates.pop()


def _too_soon(books: Books) -> None:
    there = next(t for _, _, t in _told(books) if len(t.updates) == 2)
    there.updates[1] = Update(there.updates[0].at, there.updates[1].state, there.updates[1].parameters)


def _unwatched(books: Books) -> None:
    card = next(card for card in books.of(Card) if card.due is not None)
    card.gsi2pk = card.gsi2sk = None


BREAKS: dict[str, Break] = {
    "cards_never_go_back": _says(1),
    "cards_say_what_is": _says(4),
    "cards_are_changed_seldom": _too_soon,
    "cards_are_looked_after": _unwatched,
    "cards_show_the_end": _unstarted,
}
