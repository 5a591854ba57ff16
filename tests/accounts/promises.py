"""What is promised of the names that strangers see."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.accounts.items import AvatarState, NameState, User, name_index
from chalicelib.accounts.visits import APART
from chalicelib.groupbuy.items import Seat
from tests.accounts.texts import DOUBTFUL, RISKY
from tests.breaking import Break, change
from tests.invariants import Books, invariant
from tests.town import Town


@invariant("A seat bears no name that its owner had when he took it and that was not cleared.")
def hidden_names_are_hidden(books: Books) -> Iterator[str]:
    hidden = {u.uid: u for u in books.of(User) if u.nickname and u.name_state is not NameState.SHOWN and u.named_at}
    for seat in books.of(Seat):
        user = hidden.get(seat.uid)
        if user and user.named_at and seat.created_at >= user.named_at and seat.nickname == user.nickname:
            yield f"{seat.pk} {seat.sk}"


@invariant("A seat bears no picture that its owner had when he took it and that WeChat had not looked at, or refuses.")
def hidden_pictures_are_hidden(books: Books) -> Iterator[str]:
    hidden = {u.uid: u for u in books.of(User) if u.avatar_state in (AvatarState.UNCHECKED, AvatarState.REFUSED)}
    for seat in books.of(Seat):
        user = hidden.get(seat.uid)
        if user and user.pictured_at and seat.created_at >= user.pictured_at and seat.avatar_url == user.avatar_url:
            yield f"{seat.pk} {seat.sk}"


@invariant("No picture passes for one that WeChat has looked at, and in which it sees what it refuses.")
def refused_pictures_are_refused(books: Books) -> Iterator[str]:
    looks = books.wechat.looks if books.wechat else {}
    risky = [part for part, look in looks.items() if look.suggest == "risky"]
    for user in books.of(User):
        if user.avatar_state is AvatarState.SHOWN and any(part in (user.avatar_url or "") for part in risky):
            yield user.pk


@invariant("The merchant's list has the names that wait for a decision, and no others.")
def waiting_names_are_listed(books: Books) -> Iterator[str]:
    for user in books.of(User):
        waits = user.name_state in (NameState.REVIEW, NameState.UNCHECKED)
        if (user.gsi1pk == name_index(user.mid)) != waits:
            yield user.pk


@invariant("Whoever came back did so three hours or more after he registered.")
def returns_are_later(books: Books) -> Iterator[str]:
    for user in books.of(User):
        if user.came_back_at is not None and user.came_back_at < user.created_at + APART:
            yield user.pk


def situation(town: Town) -> None:
    """Somebody whose name is in doubt has taken a seat, with a picture that WeChat has not looked at yet."""
    town.act("/_sim/looks", url="/risky/", suggest="risky")
    ann = town.person()
    ann.api.call("PATCH", "/v1/me", {"nickname": DOUBTFUL, "avatar_url": RISKY}).expect(200)
    ann.open(town.campaign(size=4)).expect(201)


def _shown(books: Books) -> None:
    """Everybody has the doubtful name on his seat."""
    for seat in books.of(Seat):
        seat.nickname = DOUBTFUL


def _pictured(books: Books) -> None:
    """Everybody has the bad picture on his seat."""
    for seat in books.of(Seat):
        seat.avatar_url = RISKY


def _returned_at_once(books: Books) -> None:
    """Everybody came back when he registered."""
    for user in books.of(User):
        user.came_back_at = user.created_at


BREAKS: dict[str, Break] = {
    "returns_are_later": _returned_at_once,
    "hidden_names_are_hidden": _shown,
    "hidden_pictures_are_hidden": _pictured,
    "refused_pictures_are_refused": change(User, {"avatar_state": AvatarState.SHOWN}, avatar_url=RISKY),
    "waiting_names_are_listed": change(User, {"gsi1pk": None}, name_state=NameState.REVIEW),
}
