"""What holds of codes: each is redeemed once, counted where it is, and nothing that it held is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.gifts import ESCROWS, AsCash, AsCoupon, Currency
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.brings import BringsCoupon
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.campaigns.stock import Drawn, split
from chalicelib.orders.stuck import Reason, StuckMoney
from chalicelib.rewards import cash, give
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.items import Coupon, Leg, Posting
from chalicelib.rewards.states import TAKEN_BACK, Why
from chalicelib.voucher.items import (
    Asked,
    Batch,
    Guesses,
    Part,
    Redeemed,
    Used,
)
from chalicelib.voucher.states import ENDED, FREE, CodeState
from tests.breaking import Break, change, drop
from tests.cash import shop as payers
from tests.invariants import Books, invariant
from tests.rewards.promises import HOLDERS, Holder
from tests.town import Town
from tests.voucher import owner, shop
from tests.voucher import promises_batches as lots
from tests.voucher.promises_batches import batches, documents, parts, rows
from tests.voucher.promises_goods import is_over, ordered, owns_its_unit

MOST_GUESSES = 20
MOST_ASKED = 2
OF_A_CODE = re.compile(r"\d{5}-\d+")
"""What a gift names as its subject that a code brought."""


def held(books: Books) -> Counter[tuple[str, str]]:
    """What codes hold of each campaign's escrow, those that are left and, but for cash, those that were redeemed.

    What those for goods hold of a stock is told beside their orders (`promises_goods`).
    """
    found = Counter[tuple[str, str]]()
    for place, batch in books.seen(batches).items():
        offer = books.seen(documents)[batch.cid]
        for part in books.seen(parts)[place] if not offer.goods else ():
            spent = 0 if offer.gives_cash else part.redeemed
            kept = part.revoked + part.expired if offer.funding is Funding.SOLD else 0
            found[batch.cid, batch.escrow] += (part.left + spent + kept) * batch.units
    return found


def of_codes(books: Books) -> Iterator[Holder]:
    """What codes hold of escrows; each has one shard."""
    for (cid, escrow), units in books.seen(held).items():
        yield cid, escrow, [Drawn(0, units)]


HOLDERS.append(of_codes)

Gift = tuple[str, str, str, int | str]
"""What a code brought: as what, whose, which one, and how much, or what became of it."""


def brought(offer: CodesOffer, code: Used, turn: int, uid: str, *, undone: bool) -> Iterator[Gift]:
    """What a redemption must have left: what it gave or, ``undone``, what took that back."""
    ref, gift = f"code-{code.bid}-{code.serial}-{turn}", offer.gift
    if isinstance(offer.brings, BringsCoupon) or (gift is not None and isinstance(gift.form, AsCoupon)):
        yield "coupon", uid, give.coupon_of(ref), "taken" if undone else "good"
    if gift is not None:
        yield "reversal" if undone else "code", uid, ref, gift.amount
    if gift is not None and isinstance(gift.form, AsCash):
        yield "cash", uid, cash.cash_of(ref), gift.amount


def receipts(books: Books) -> Iterator[Gift]:
    """Everything that codes brought, and what of it was taken back."""
    for coupon in books.of(Coupon):
        if coupon.why in (Why.CODE, Why.CODE_COUPON) and OF_A_CODE.fullmatch(coupon.subject or ""):
            yield "coupon", coupon.uid, coupon.coupon_id, "taken" if coupon.invalid_why == TAKEN_BACK else "good"
    for one in books.of(Cash):
        if one.why is Why.CODE:
            yield "cash", one.uid, one.cash_id, one.amount
    for posting in books.of(Posting):
        if posting.why is Why.CODE_UNDONE:
            legs = [Leg(leg.account, leg.currency, -leg.amount) for leg in posting.legs or []]
            same = sorted(legs, key=str) == sorted(posting.back or [], key=str)
            yield "reversal", posting.uid, posting.ref, _amount(posting.legs) if same else f"{posting.back}"
    for code in books.of(Used):
        if code.legs:
            yield "code", _gainer(code.legs), code.ref, _amount(code.legs)


@invariant("What a code has brought is its user's once; what was undone is taken back, and no other code brought any.")
def codes_bring_once(books: Books) -> Iterator[str]:
    wanted = Counter[Gift]()
    for code in books.of(Used):
        offer = books.seen(documents)[code.cid]
        for one in code.asked or []:
            if one.undone_at is not None and one.uid is not None:
                wanted.update(brought(offer, code, 0, one.uid, undone=True))
        if code.state is CodeState.REDEEMED and code.uid is not None:
            wanted.update(brought(offer, code, code.undone or 0, code.uid, undone=False))
    there = Counter(receipts(books))
    yield from (f"{gift} is missing" for gift in wanted - there)
    yield from (f"{gift} is for no code" for gift in there - wanted)


@invariant("Each part counts its codes by what became of them: redeemed, revoked, expired and left are its size.")
def codes_are_counted(books: Books) -> Iterator[str]:
    for place, batch in books.seen(batches).items():
        sizes = dict(enumerate(split(batch.size, batch.parts)))
        there = {part.number: part for part in books.seen(parts)[place]}
        if there.keys() != sizes.keys():
            yield f"{place} has parts {sorted(there)}, not {batch.parts}"
        for number, part in there.items():
            counted = Counter(_where(batch, number, sizes.get(number, 0), books.seen(rows)[place]))
            told = {"redeemed": part.redeemed, "revoked": part.revoked, "expired": part.expired, "left": part.left}
            if +Counter(told) != +counted or min(told.values()) < 0:
                yield f"{place} {number} counts {told}, there are {dict(counted)}"


def _where(batch: Batch, number: int, size: int, codes_there: list[Used]) -> dict[str, int]:
    """How many codes of a part are where, by the rows of some and by what has become of all others."""
    mine = {code.serial: code.state.value for code in codes_there if batch.part_of(code.serial) == number}
    taken = {serial: state for serial, state in mine.items() if CodeState(state) not in FREE}
    counted = Counter(taken.values())
    free = size - len(taken)
    for one in batch.ranges:
        if one.closed:
            first = one.first + (number - one.first) % batch.parts
            closed = len(range(first, one.last + 1, batch.parts))
            closed -= sum(one.first <= serial <= one.last for serial in taken)
            counted["revoked"] += closed
            free -= closed
    counted["left" if batch.status not in ENDED or batch.due is not None else batch.status.value] += free
    return counted


@invariant("Of a campaign's escrow just so much is taken as its codes hold that are left, and as redeemed ones used.")
def codes_own_their_escrow(books: Books) -> Iterator[str]:
    taken = Counter[tuple[str, str]]()
    for shard in books.of(StockShard):
        if shard.cid in books.seen(documents) and not books.seen(documents)[shard.cid].goods:
            taken[shard.cid, shard.pk.split("#")[3]] += shard.taken
    owned = Counter(books.seen(held))
    for one in books.of(Cash):
        if one.cid in books.seen(documents):
            owned[one.cid, ESCROWS[Currency.CASH]] += sum(part.units for part in one.drawn)
    for key in {*taken, *owned}:
        if taken[key] != owned[key]:
            yield f"{key}: {taken[key]} taken, {owned[key]} owned"


@invariant("Nothing was redeemed before its batch's time, after it, or when the batch had ended.")
def codes_are_redeemed_in_time(books: Books) -> Iterator[str]:
    for place, batch in books.seen(batches).items():
        for code in books.seen(rows)[place]:
            for at in [one.at for one in code.asked or []] + [code.at] * (code.at is not None):
                late = batch.until is not None and at >= batch.until
                if at < batch.since or late or (batch.ended_at is not None and at > batch.ended_at):
                    yield f"{place} {code.serial} was redeemed {at}"
            if code.serial >= batch.size:
                yield f"{place} has no code {code.serial}"


@invariant("A code names who has redeemed it, when and by which request, and nobody while it is not redeemed.")
def codes_know_their_users(books: Books) -> Iterator[str]:
    for code in books.of(Used):
        whole = code.state is CodeState.REDEEMED
        last = code.asked[-1] if code.asked else None
        his = last is not None and (last.uid, last.by, last.at, last.undone_at) == (code.uid, code.by, code.at, None)
        if whole and not (his or code.order is not None):
            yield f"{code.pk} {code.serial} is {code.uid}'s by {last}"
        of_somebody = (code.uid, code.by, code.at, code.order, code.legs, code.posted_at, code.gsi1pk)
        if not whole and any(part is not None for part in of_somebody):
            yield f"{code.pk} {code.serial} is {code.state} and has {of_somebody}"
        listed = user_index(code.mid, code.uid) if code.legs and code.uid is not None else None
        if code.gsi1pk != listed or bool(code.legs) != (code.posted_at is not None):
            yield f"{code.pk} {code.serial} is in the statement {code.gsi1pk}"


@invariant("A code is redeemed by two requests at most, of which one may be undone; it remembers both.")
def codes_remember_their_requests(books: Books) -> Iterator[str]:
    for code in books.of(Used):
        asked: list[Asked] = code.asked or []
        undone = sum(one.undone_at is not None for one in asked)
        stands = 1 if code.state is CodeState.REDEEMED and code.order is None else 0
        if len(asked) > MOST_ASKED or undone != (code.undone or 0) or len(asked) != undone + stands:
            yield f"{code.pk} {code.serial} is {code.state}, undone {code.undone}: {asked}"
        if code.turn < len(asked) + undone or len({one.ident for one in asked}) != len(asked):
            yield f"{code.pk} {code.serial} was written {code.turn} times for {asked}"


@invariant("A user's limit counts the codes of a campaign that he has redeemed, and no more than that allows.")
def code_limits_are_counted(books: Books) -> Iterator[str]:
    has = Counter[tuple[str, str]]()
    for code in books.of(Used):
        if code.state is CodeState.REDEEMED and code.uid is not None:
            has[f"{code.mid}|U#{code.uid}", code.cid] += 1
    most = {cid: offer.per_user for cid, offer in books.seen(documents).items()}
    counted = {(limit.pk, limit.sk.split("#", 1)[1]): limit.n for limit in books.of(Redeemed)}
    for key in {*has, *counted}:
        limit = most[key[1]]
        if counted.get(key, 0) != (has[key] if limit is not None else 0):
            yield f"{key} counts {counted.get(key)}, has {has[key]}"
        if limit is not None and has[key] > limit:
            yield f"{key} has {has[key]} of {limit}"


@invariant("Of wrong guesses twenty are kept at most, in the order in which they were made.")
def guesses_are_few(books: Books) -> Iterator[str]:
    for guesses in books.of(Guesses):
        if len(guesses.at) > MOST_GUESSES or sorted(guesses.at) != list(guesses.at):
            yield f"{guesses.pk}: {guesses.at}"


@invariant(
    "Whoever bought a code that is revoked, or whose order came to nothing, is owed for it, and it is said once."
)
def sold_codes_are_owed(books: Books) -> Iterator[str]:
    owed = Counter(one.number for one in books.of(StuckMoney) if one.reason == Reason.CODE_REFUND_OWED)
    gone = Counter[str]()
    back = {order.oid for order in books.seen(ordered) if is_over(order) and not owns_its_unit(order)}
    for code in books.of(Used):
        sold = books.seen(documents)[code.cid].funding is Funding.SOLD
        gone[f"{code.bid}-{code.serial}"] += sold and (code.state is CodeState.REVOKED or code.order in back)
    if owed != +gone:
        yield f"owed are {owed}, revoked {+gone}"


def _amount(legs: list[Leg] | None) -> int:
    return sum(leg.amount for leg in legs or [] if leg.amount > 0)


def _gainer(legs: list[Leg]) -> str:
    return next(leg.account.split(":", 1)[1] for leg in legs if leg.amount > 0)


def situation(town: Town) -> None:
    """Codes in every state, of balance, coupons, cash and what is handed over; batches made, live, ending; a guess."""
    payers.set_up(town)
    ann, ben = town.person("ann of the codes"), town.person("ben of the codes")
    for brings in (shop.FIVE_YUAN, shop.COUPON, shop.AMOUNT_COUPON):
        bid = shop.batch(town, brings, size=130, per_user=3)
        key = f"the-key-for-{bid}"
        for person, serial in ((ann, 0), (ann, 65), (ben, 66), (ben, 129)):
            shop.redeems(person, shop.code(town, bid, serial)).expect(201)
        assert owner.undo(town, bid, 65).status == owner.undo(town, bid, 66).status == 200
        shop.redeems(ben, shop.code(town, bid, 65)).expect(201)
        assert owner.revoke_code(town, bid, 3, key).status == owner.revoke_range(town, bid, 100, 129, key).status == 200
    assert owner.undo(town, bid, 129).status == 200
    bid = shop.batch(town, shop.CASH, size=4)
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    assert owner.revoke(town, bid).status == 200
    owner.look_after(town, bid)
    bid = shop.batch(town, shop.COUNTER, size=4, funding="sold")
    assert owner.handed_over(town, shop.code(town, bid)).status == owner.revoke_code(town, bid, 1).status == 200
    short = shop.minted(town, shop.campaign(town), 4, letters=8)
    owner.look_after(town, short)
    shop.redeems(ann, shop.code(town, short)).expect(201)
    shop.minted(town, shop.campaign(town), 4, letters=8)
    shop.redeems(ben, shop.FORGED).expect(409)


BREAKS: dict[str, Break] = {
    **lots.BREAKS,
    "codes_bring_once": drop(Posting),
    "codes_are_counted": change(Part, {"left": 1}),
    "codes_own_their_escrow": change(Batch, {"units": 7}),
    "codes_are_redeemed_in_time": change(Used, {"asked": None, "at": shop.LONG_AGO}, state=CodeState.REDEEMED),
    "codes_know_their_users": change(Used, {"gsi1pk": None}, state=CodeState.REDEEMED),
    "codes_remember_their_requests": change(Used, {"asked": None}, state=CodeState.REDEEMED),
    "code_limits_are_counted": change(Redeemed, {"n": 7}),
    "guesses_are_few": change(Guesses, {"at": [2, 1]}),
    "sold_codes_are_owed": drop(StuckMoney),
}
