"""One person of a recall: his coupon, his message and that he was told, in one transaction or not at all."""

from __future__ import annotations

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.coupon import COUPONS, CouponOffer
from chalicelib.campaigns.live import Live
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.ids import UserId, derived
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.coupons.service import LETTERS, new_coupon
from chalicelib.merchants.segments import SegmentTerms
from chalicelib.merchants.service import merchant
from chalicelib.notices.items import Consent, Habit, consent_key, habit_key
from chalicelib.notices.moments import Facts, Moment
from chalicelib.notices.setup import Voice
from chalicelib.notices.telling import owe_message
from chalicelib.notices.templates import local_day
from chalicelib.recall import people, rules
from chalicelib.recall.items import Called, Recall, called_key
from chalicelib.recall.people import Person
from chalicelib.recall.states import Call
from chalicelib.rewards.items import Coupon, coupon_key
from chalicelib.rewards.states import Why


class Round(msgspec.Struct, frozen=True):
    """What a leased recall tells with, as it was read for a page of people."""

    recall: Recall
    campaign: Live[CouponOffer]
    terms: SegmentTerms
    voice: Voice

    def coupon_key(self, uid: UserId) -> Key:
        """Where the coupon stands that somebody has of the recall: there is one at most."""
        recall = self.recall
        return coupon_key(recall.mid, uid, derived(recall.mid, "recall", recall.rid, uid, length=LETTERS))


def call(turn: Round, uid: UserId) -> Call:
    """Tell somebody something, if he may be told. Raises `Lost` where the world moved."""
    recall, mid, now = turn.recall, turn.recall.mid, clock.now()
    mine, before, habit = turn.coupon_key(uid), called_key(mid, uid), habit_key(mid, uid)
    consents = {t.template_id: consent_key(mid, uid, t.template_id) for t in turn.voice.usable(recall.moment)}
    shelf = Shelf(turn.campaign, COUPONS, 1, read)
    whose = people.keys_of(mid, uid, turn.terms)
    found = read(recall.key, mine, before, habit, *whose, *consents.values(), *shelf.keys)
    if found[mine] is not None:
        return Call.HIS
    stands = found.item(Recall, recall.key)
    if stands is None or stands.gsi2sk != recall.gsi2sk:
        return Call.ENDED
    person, called = people.seen(found, mid, uid, turn.terms), found.item(Called, before)
    outcome = rules.call(
        person,
        recall.moment,
        turn.voice,
        local_day(now, merchant(mid).time_zone),
        is_in=people.belongs(person, recall.segment, turn.terms, recall.created_at),
        habit=found.item(Habit, habit),
        consents={name: row for name, key in consents.items() if (row := found.item(Consent, key)) is not None},
        called=called,
        now=now,
    )
    if outcome is Call.TOLD:
        return _tell(turn, person, mine, shelf, found)
    return outcome


def _tell(turn: Round, person: Person, mine: Key, shelf: Shelf, found: Found) -> Call:
    recall, mid, now, uid = turn.recall, turn.recall.mid, clock.now(), person.uid
    left = shelf.seen(found)
    drawn = stock.draw(left, 1)
    if not drawn:
        return Call.NONE_LEFT
    coupon = new_coupon(mine, turn.campaign, Why.GIVEN, now)
    coupon.subject = recall.rid
    tx = Transaction()
    tx.update("recall", recall, [Recall.told.add(1)], when={"leased": Recall.gsi2sk == recall.gsi2sk})
    long_ago = Called.at.does_not_exist() | (Called.at <= now - rules.APART)
    told = [Called.rid.set(recall.rid), Called.at.set(now)]
    tx.upsert("called", called_key(mid, uid), told, when={"long_ago": long_ago})
    tx.put("coupon", coupon)
    stock.add_draw(tx, left, drawn)
    if recall.moment is Moment.THANKS:
        tx.check("receiver", user_key(mid, uid), when={"no_minor": User.minor_since.does_not_exist()})
    owe_message(tx, "message", mid, uid, recall.moment, recall.rid, _facts(turn, person, coupon), about=_about(coupon))
    tx.commit()
    return Call.TOLD


def _facts(turn: Round, person: Person, coupon: Coupon) -> Facts:
    """What his message may say."""
    until = clock.iso(max(window.until for window in coupon.windows))
    said: Facts = {"title": turn.campaign.offer.title, "reward": coupon.terms.title, "until": until}
    return {**said, "friends": person.friends} if turn.recall.moment is Moment.THANKS else said


def _about(coupon: Coupon) -> tuple[str, str]:
    """What it opens."""
    return "coupon", coupon.coupon_id
