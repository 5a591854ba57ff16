"""What sharing promises."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core.ids import UserId
from chalicelib.sharing.items import Entry, Sharing, share_id
from chalicelib.sharing.rules import TIMELINE
from tests.breaking import Break, change
from tests.invariants import Books, invariant
from tests.sharing.friends import comes_by, shared
from tests.town import Town


@invariant("A share is of who shares and of what he shares, and its id follows from both.")
def shares_are_whose_they_say(books: Books) -> Iterator[str]:
    for row in books.of(Sharing):
        if row.share_id != share_id(row.mid, UserId(row.uid), row.kind, row.object):
            yield f"{row.share_id} of {row.uid}: {row.kind} {row.object}"


@invariant(
    "Who came to something by another's share is noted once, with that share; nobody comes by his own or Moments."
)
def entries_are_by_others(books: Books) -> Iterator[str]:
    for entry in books.of(Entry):
        uid, (_, kind, ident) = entry.pk.split("#")[1], entry.sk.split("#")
        ours = share_id(entry.mid, UserId(entry.sharer), kind, ident)
        if uid == entry.sharer or entry.share != ours or entry.scene_value in TIMELINE:
            yield f"{uid} came to {kind} {ident} by {entry.share} of {entry.sharer}, {entry.scene_value}"
        if not entry.first_at <= entry.opened_at < entry.until:
            yield f"{uid} came to {kind} {ident} at {entry.opened_at}, until {entry.until}"


def situation(town: Town) -> None:
    """Somebody came by another's card."""
    ann, ben = town.person("ann-who-shares"), town.person("ben-who-opens")
    comes_by(ben, shared(ann, town.campaign()))


BREAKS: dict[str, Break] = {
    "shares_are_whose_they_say": change(Sharing, {"uid": "SOMEBODY"}),
    "entries_are_by_others": change(Entry, {"scene_value": 1155}),
}
