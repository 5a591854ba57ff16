"""Stories of codes of any length: who redeems, repeats and guesses, and a merchant who mints, undoes and revokes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis.stateful import initialize

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.voucher import letters
from tests.cash.known import next_day
from tests.proof.story import Chance, happens
from tests.redpacket import spending
from tests.redpacket.worth import FREE, LOCKED, USED
from tests.rewards import shop as rewards
from tests.voucher import owner, shop
from tests.voucher.known import FEW_WITHIN, MOST_KEYS, ROWS, TERMS, Terms
from tests.voucher.model import Model, Place
from tests.voucher.telling import Telling

SECONDS = (1, 60, 60, 60, 300, 700, 3600)
"""What passes at once."""
LIVES = (300, 3600, 5 * 3600, 5 * 3600)
"""For how long codes are good."""
SIZES = (1, 4, 4, 7, 130)


class Story(Telling):
    """Anything that people, time and the merchant may do with codes."""

    happens = happens(
        *("redeem", "redeem", "redeem", "redeem", "redeem_what_is_free", "redeem_what_is_free", "repeat", "repeat"),
        *("undo", "undo", "undo_what_was_redeemed", "undo_what_was_redeemed", "undone_and_redeemed", "mint", "mint"),
        *("revoke_code", "revoke_code", "revoke_range", "revoke_range", "revoke_batch", "an_end_comes_between"),
        *("an_end_comes_between", "pause_or_go_on", "undone_and_redeemed"),
        *("guess", "guess", "guess_and_guess", "mistype", "preview", "retire_key", "rekey", "a_key_is_replaced"),
        *("somebody_spends", "a_coupon_is_taken", "his_books", "its_counts", "work", "work"),
        *("time_passes", "time_passes", "something_is_about_to_change", "something_is_about_to_change"),
    )

    @initialize(terms=TERMS)
    def begin(self, terms: Sequence[Terms]) -> None:
        self.set_out()
        self.model = Model(terms={self.town.campaign(each.document): each for each in terms})
        self.taken = []
        for cid in self.model.terms:
            self.mints(cid, 4, 14, 0, LIVES[2])

    def redeem(self, by: Chance) -> None:
        """Whatever code, by whomever; now and then as it was under the first key."""
        self.redeems(by.n_of(self.people), self.a_place(by), old=by.yes and by.m % 3 == 0, how=by.m)

    def redeem_what_is_free(self, by: Chance) -> None:
        if place := self.free(by):
            self.redeems(by.n_of(self.people), place, how=by.n)

    def free(self, by: Chance) -> Place | None:
        """A code that somebody may redeem, be it that it has to be minted."""
        if not self.all_free():
            self.mint(by)
        return by.m_of(free) if (free := self.all_free()) else None

    def repeat(self, by: Chance) -> None:
        """A request is sent again, whatever has become of its code and of its user."""
        if not self.taken:
            return
        asks, place, key = by.n_of(self.taken)
        self.is_shown(asks().expect(201), place, key)

    def preview(self, by: Chance) -> None:
        person, place, now = by.n_of(self.people), self.a_place(by), clock.now()
        if self.model.is_guess(*place):
            return
        key = self.model.batches[place[0]].key
        reply, refused = (
            shop.previews(person, self.text_of(place, key)),
            self.model.refuses(person.uid, place, key, now),
        )
        if reply.status == 200:
            why = reply.body["why_not"]
            assert reply.body["can_redeem"] == (not refused), refused
            assert (why["code"] in refused) if refused else why is None
        elif refused == {"code_invalid"}:
            assert reply.body["code"] == self.model.guessed(person.uid, now)
        else:
            assert reply.body["code"] in refused, (reply.body, refused)

    def guess(self, by: Chance) -> None:
        self.guesses(by.n_of(self.people), previews=by.yes)

    def guess_and_guess(self, by: Chance) -> None:
        """As often as locks somebody out for a while, now and then for a day; and then he has a good code."""
        person = by.n_of(self.people)
        for _ in range(20 if by.m % 5 == 0 else 4):
            self.guesses(person, previews=by.yes)
        self.redeems(person, self.a_place(by))

    def mistype(self, by: Chance) -> None:
        """One letter is wrong, or two are swapped: that is no guess."""
        text = letters.normal(self.text_of(self.a_place(by), 0))
        at = by.m % (len(text) - 1)
        one, other = text[at], text[at + 1]
        letter = letters.ALPHABET[(letters.ALPHABET.index(one) + 1 + by.n % 28) % 29]
        swapped = text[:at] + other + one + text[at + 2 :]
        wrong = swapped if by.yes and one != other else text[:at] + letter + text[at + 1 :]
        assert shop.redeems(by.n_of(self.people), wrong, key=self.key()).body["code"] == "code_mistyped"

    def undo(self, by: Chance) -> None:
        self.undoes(self.a_place(by))

    def undo_what_was_redeemed(self, by: Chance) -> None:
        if places := [place for place, code in self.model.codes.items() if code.state == "redeemed"]:
            self.undoes(self.a_place(by, among=places))

    def undone_and_redeemed(self, by: Chance) -> None:
        """A code is redeemed, undone and redeemed again; and whoever asked first asks again."""
        place = self.free(by)
        if place is not None and self.redeems(by.n_of(self.people), place):
            asks, _, key = self.taken[-1]
            if self.undoes(place):
                self.is_shown(asks().expect(201), place, key)
                self.redeems(by.m_of(self.people), place)
            self.is_shown(asks().expect(201), place, key)

    def an_end_comes_between(self, by: Chance) -> None:
        """A code is redeemed, its range or its batch ends, and only then it is undone."""
        place = self.free(by)
        if place is not None and self.redeems(by.n_of(self.people), place):
            if by.m % 3:
                self.revokes_range(place[0], max(0, place[1] - 1), place[1])
            else:
                self.revokes(place[0])
            if by.yes:
                self.works(by)
            self.undoes(place)

    def mint(self, by: Chance) -> None:
        cid, starts = by.n_of(list(self.model.terms)), (0, 0, 120)[by.m % 3]
        size = ROWS + 1 if by.m % 11 == 0 else by.m_of(SIZES)
        short = size <= ROWS + 1 and by.yes
        self.mints(cid, size, 8 + by.n % 3 if short else 14, starts, by.n_of(LIVES))

    def revoke_code(self, by: Chance) -> None:
        place, key = self.a_place(by), self.key()
        if self.said(owner.revoke_code(self.town, *place, key), self.model.refuses_code(place)):
            self.model.code_revoked(place)
            assert owner.revoke_code(self.town, *place, key).status == 200

    def revoke_range(self, by: Chance) -> None:
        bid, first = self.a_place(by)
        self.revokes_range(bid, first, min(self.model.batches[bid].size - 1, first + by.n % 3))

    def revoke_batch(self, by: Chance) -> None:
        self.revokes(self.a_place(by)[0])

    def retire_key(self, by: Chance) -> None:
        key = self.key()
        if self.model.key == MOST_KEYS - 1:
            return
        self.model.key += 1
        assert owner.retire_key(self.town, key).result == owner.retire_key(self.town, key).result == self.model.key

    def a_key_is_replaced(self, by: Chance) -> None:
        """The key is retired, and a batch gets the new one: its codes of before are good no more."""
        if place := self.free(by):
            if by.yes:
                self.retire_key(by)
            self.rekeys(place[0])
            self.redeems(by.n_of(self.people), place, old=by.m % 2 == 0)

    def rekey(self, by: Chance) -> None:
        self.rekeys(self.a_place(by)[0])

    def pause_or_go_on(self, by: Chance) -> None:
        """The merchant pauses a campaign, or goes on with it."""
        cid = by.n_of(list(self.model.terms))
        does = "resume" if cid in self.model.paused else "pause"
        self.town.admin.post(f"/v1/admin/campaigns/{cid}/{does}")
        self.model.paused ^= {cid}

    def somebody_spends(self, by: Chance) -> None:
        """Some of what codes have brought, or all of it."""
        if rich := [k for k, account in self.model.accounts.items() if account.balance]:
            uid, currency = by.n_of(rich)
            has = self.model.account(uid, currency).balance
            amount = has if by.yes else by.m % has + 1
            person = next(person for person in self.people if person.uid == uid)
            spending.spends(self.town, person, Currency(currency), amount, self.key())
            self.model.spent(uid, currency, amount, spending.ORDER)

    def a_coupon_is_taken(self, by: Chance) -> None:
        """An order takes a coupon and may still be paid; or it is paid, or is not."""
        open_ = [k for k, state in self.model.coupons.items() if state in (FREE, LOCKED)]
        if open_:
            uid, given = by.n_of(open_)
            does, becomes = (spending.uses, USED) if by.yes else (spending.frees, FREE)
            if self.model.coupons[uid, given] == FREE:
                does, becomes = spending.locks, LOCKED
            does(self.town, uid, given)
            self.model.coupons[uid, given] = becomes

    def his_books(self, by: Chance) -> None:
        assert rewards.rebuilt(self.town, by.n_of(self.people))["agree"]

    def its_counts(self, by: Chance) -> None:
        """What its merchant is shown of a batch."""
        bid = self.a_place(by)[0]
        assert +self.model.counts(bid) == {name: n for name, n in shop.counts(self.town, bid).items() if n}

    def work(self, by: Chance) -> None:
        self.works(by)

    def time_passes(self, by: Chance) -> None:
        self.passes(by.n_of(SECONDS))
        self.works(by)

    def something_is_about_to_change(self, by: Chance) -> None:
        """The clock stands at, or just beside, an instant from which on something is allowed, no more, or falls due."""
        ahead: list[datetime] = [next_day(clock.now())]
        for batch in self.model.batches.values():
            ahead += [batch.since, batch.until] if batch.state == "live" else []
        for place, code in self.model.codes.items():
            minutes = self.model.of(place[0]).undo_minutes
            ahead += [code.last.at + timedelta(minutes=minutes)] if code.state == "redeemed" else []
        ahead += [at + FEW_WITHIN for guesses in self.model.guesses.values() for at in guesses[-5:]]
        waits = sorted({(at - clock.now()).total_seconds() + by.m_of((-1, 0, 1)) for at in ahead})
        if later := [seconds for seconds in waits if seconds > 0]:
            self.passes(by.n_of(later))
