"""What is promised of held acts, whatever the play: here of the one of the tests."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.accounts.items import User
from chalicelib.core.ids import UserId
from chalicelib.sharing import tickets
from chalicelib.sharing.plugged import HELD
from chalicelib.sharing.tickets import Seen
from tests.breaking import Break, change
from tests.invariants import Books, invariant
from tests.risk.play import Marble, MarbleState, hold, jar
from tests.sharing.friends import known_of
from tests.town import Town


@invariant("What is held is in its merchant's list and has a time at which it decides itself, and nothing else is.")
def held_acts_are_listed(books: Books) -> Iterator[str]:
    for kind, holding in HELD.items():
        for item in books.of(kind):
            listed = (item.gsi3pk or "").startswith(f"{item.mid}|HOLD#")
            if holding.waits(item) != listed or (listed and item.due is None):
                yield f"{item.pk} {item.sk}"


def situation(town: Town) -> None:
    """A marble that waits, and somebody who has looked at a page."""
    ann = town.person()
    jar(town, "known")
    hold(town, "known", ann.uid)
    user = next(item for item in town.items() if isinstance(item, User) and item.uid == UserId(ann.uid))
    tickets.issue(user, "jar:known", Seen(address="203.0.113.9", device="device-0001"), known_of(user))


BREAKS: dict[str, Break] = {"held_acts_are_listed": change(Marble, {"gsi3pk": None}, state=MarbleState.HELD)}
