"""What sharing promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chalicelib.core.ids import UserId
from chalicelib.merchants.items import Merchant
from chalicelib.sharing.items import Entry, MiniCode, Sharing, mini_code_key, share_id
from chalicelib.sharing.rules import TIMELINE
from tests.breaking import Break, change
from tests.emulator import EMULATOR
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


@invariant("A mini-program code that is there has its picture, under a name that follows from its page and scene.")
def codes_have_their_pictures(books: Books) -> Iterator[str]:
    for row in books.of(MiniCode):
        if row.key != mini_code_key(row.mid, row.page, row.scene):
            yield f"{row.pk}: {row.page} {row.scene}"
        if row.file is not None and row.file not in EMULATOR.pictures():
            yield f"{row.page} {row.scene}: no {row.file}"


@invariant("WeChat is asked for a mini-program code only by whoever leased it: never more often than it was leased.")
def codes_are_leased(books: Books) -> Iterator[str]:
    apps = {merchant.mid: merchant.appid for merchant in books.of(Merchant)}
    leased = {(apps[row.mid], row.page, row.scene): row.asked for row in books.of(MiniCode)}
    made = Counter((c.appid, c.page, c.scene) for c in books.wechat.pages.codes.values()) if books.wechat else {}
    for code, times in made.items():
        if times > leased.get(code, 0):
            yield f"{code} was made {times} times, and leased {leased.get(code, 0)}"


def situation(town: Town) -> None:
    """Somebody came by another's card, and another has the code of his."""
    ann, ben = town.person("ann-who-shares"), town.person("ben-who-opens")
    share = shared(ann, town.campaign())
    comes_by(ben, share)
    ann.api.post(f"/v1/shares/{share['share_id']}/code")


BREAKS: dict[str, Break] = {
    "shares_are_whose_they_say": change(Sharing, {"uid": "SOMEBODY"}),
    "entries_are_by_others": change(Entry, {"scene_value": 1155}),
    "codes_have_their_pictures": change(MiniCode, {"file": "codes/none"}),
    "codes_are_leased": change(MiniCode, {"asked": 0}),
}
