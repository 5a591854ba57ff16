"""How the stories of codes go on: what one act does, what its answer must be, and what is stored then.

Each entry is handled alone, in any order, now or later, so that the model predicts all of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from chalicelib.core import clock, due
from chalicelib.core.table import Key
from chalicelib.voucher import codes, letters
from infra.local.client import Person, Reply
from tests.proof import story
from tests.proof.story import Chance
from tests.redpacket import spending
from tests.redpacket.worth import LOCKED
from tests.voucher import owner, shop
from tests.voucher.model import Model, Place
from tests.voucher.observed import Observed, told
from tests.voucher.owner import Said


class Telling(story.Story):
    """Codes, and whoever redeems, ends and looks after them."""

    play = "codes"
    model: Model
    taken: list[tuple[Callable[[], Reply], Place, str]]
    """Requests that redeemed a code, to be sent again, and their keys."""

    def heard(self, orders: Sequence[str]) -> None:
        """Nothing is ordered here."""

    def agrees(self) -> Observed:
        seen = Observed(self.town)
        stored, wanted = seen.told(), told(self.model)
        differ = {part: (stored[part], wanted[part]) for part in wanted if stored[part] != wanted[part]}
        assert not differ, differ
        return seen

    def teardown(self) -> None:
        """No order holds a coupon for ever."""
        given = self.model.coupons.items() if hasattr(self, "model") else ()
        for uid, what in [k for k, state in given if state == LOCKED]:
            spending.frees(self.town, uid, what)
        super().teardown()

    def said(self, answer: Said, code: str | None) -> bool:
        """The merchant is answered as the model says; whether it is a success."""
        assert answer.code == code, (answer, code)
        return code is None

    def mints(self, cid: str, size: int, length: int, starts: float, lives: float) -> None:
        now = clock.now()
        since, until = now + timedelta(seconds=starts), now + timedelta(seconds=starts + lives)
        more = {"since": since.isoformat(), "until": until.isoformat()}
        asks = partial(shop.mints, self.town, cid, size, key=self.key(), **more)
        again = partial(asks, letters=length) if length < 14 else asks
        reply = again()
        if self.insist(reply, self.model.refuses_mint(cid, size), 201):
            self.model.minted(reply.body["batch_id"], cid, size, length, since, until, now)
            assert again().expect(201)["batch_id"] == reply.body["batch_id"]

    def text_of(self, place: Place, key: int) -> str:
        """A code as somebody types it who holds it since the batch had that key."""
        batch = self.model.batches[place[0]]
        if batch.stored:
            return shop.code(self.town, *place)
        size = codes.Size(batch.letters)
        return letters.grouped(codes.code_of(owner.mid(self.town), key, size, *place))

    def a_place(self, by: Chance, *, among: Sequence[Place] = ()) -> Place:
        """One of those, or any code: mostly of the first few, so that something has happened to it."""
        if among:
            return by.n_of(among)
        bid = by.n_of(list(self.model.batches))
        size = self.model.batches[bid].size
        return bid, (size - 1 if by.m % 7 == 0 else by.m % min(size, 4))

    def all_free(self) -> list[Place]:
        there = self.model.batches.items()
        few = [((bid, serial), batch.key) for bid, batch in there for serial in range(min(batch.size, 4))]
        return [place for place, key in few if not self.model.refuses("", place, key, clock.now())]

    def redeems(self, person: Person, place: Place, *, old: bool = False, how: int = 0) -> bool:
        batch, now, key = self.model.batches[place[0]], clock.now(), self.key()
        version = 0 if old else batch.key
        text = self.text_of(place, version)
        typed = (text, text.lower(), text.replace("-", " "), f" {text.replace('-', '')}")[how % 4]
        asks = partial(shop.redeems, person, typed, key=key)
        if self.model.is_guess(*place):
            assert asks().body["code"] == self.model.guessed(person.uid, now)
            return False
        refused = self.model.refuses(person.uid, place, version, now)
        reply = asks()
        if refused == {"code_invalid"}:
            refused = {self.model.guessed(person.uid, now)}
        if reply.status != 201:
            assert reply.body["code"] in refused, (reply.body, refused)
            return False
        assert not refused, refused
        self.model.redeems(person.uid, place, key, now)
        self.taken.append((asks, place, key))
        self.is_shown(reply.body, place, key)
        return True

    def is_shown(self, body: dict[str, object], place: Place, key: str) -> None:
        """What its user is told of a redemption, the first time and whenever he asks again."""
        one, batch = self.model.codes[place].asked[key], self.model.batches[place[0]]
        is_coupon = self.model.of(place[0]).form in ("coupon", "terms")
        assert body["campaign_id"] == batch.cid
        assert body["undone"] == (one.undone is not None)
        assert clock.parse(str(body["redeemed_at"])) == one.at
        assert (body["coupon_id"] is not None) == (is_coupon and one.undone is None)

    def guesses(self, person: Person, *, previews: bool) -> None:
        now, text = clock.now(), shop.FORGED
        reply = shop.previews(person, text) if previews else shop.redeems(person, text, key=self.key())
        assert reply.body["code"] == self.model.guessed(person.uid, now)

    def undoes(self, place: Place) -> bool:

        done = self.said(owner.undo(self.town, *place, self.key()), self.model.refuses_undo(place, clock.now()))
        if done:
            self.model.undone(place, clock.now())
        return done

    def revokes_range(self, bid: str, first: int, last: int) -> None:
        key, refused = self.key(), self.model.refuses_range(bid, first, last)
        if self.said(owner.revoke_range(self.town, bid, first, last, key), refused):
            self.model.range_revoked(bid, first, last, clock.now())
            assert owner.revoke_range(self.town, bid, first, last, key).status == 200

    def revokes(self, bid: str) -> None:
        key = self.key()
        if self.said(owner.revoke(self.town, bid, key), self.model.refuses_end(bid)):
            self.model.ends(bid, "revoked", clock.now())
            assert owner.revoke(self.town, bid, key).status == 200

    def rekeys(self, bid: str) -> None:
        if self.said(owner.rekey(self.town, bid, self.key()), self.model.refuses_rekey(bid)):
            self.model.batches[bid].key = self.model.key

    def works(self, by: Chance) -> None:
        """Workers take batches, or leave some for later."""
        mine = [entry for entry in self.entries(by) if "|VB#" in entry[0].pk]
        random.Random(by.n).shuffle(mine)
        for key, seen in mine[by.m % 2 :] if by.yes else mine:
            self.handles(key, seen)

    def handles(self, key: Key, seen: str) -> None:
        if due.handle(key, seen):
            self.model.batch_due(key.pk.split("#")[1], clock.now())
