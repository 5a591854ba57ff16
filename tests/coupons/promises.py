"""What holds of coupons: how many there are, where each piece is, and what orders pay with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.items import Campaign, StockShard
from chalicelib.campaigns.kinds.coupon import COUPONS, CouponOffer, off_fen
from chalicelib.core import clock
from chalicelib.coupons.items import ClaimLimit, called
from chalicelib.coupons.tender import NAME
from chalicelib.orders.items import Order, Part
from chalicelib.orders.states import OrderState
from chalicelib.rewards.items import LOCKED, MOST_PIECES, USED, Coupon, Posting
from chalicelib.rewards.states import Why
from tests.breaking import Break, change, drop, nothing
from tests.coupons.shop import STACKED, TENTH_OFF, buys, claimed, gift_of_points, gives, template
from tests.invariants import Books, invariant, settled
from tests.orders.promises import orders, paid
from tests.town import Town

NO_COUPON = "a coupon"
"""What the ledger's own tests spend points for."""

ELSEWHERE = "elsewhere"
"""What a coupon pays for in stories that know of no order for it."""

PAYABLE = (OrderState.HELD, OrderState.CLOSING)

Piece = tuple[str, str, int]
"""Whose, which coupon, which piece."""


def templates(books: Books) -> dict[str, CouponOffer]:
    """The coupon templates' documents, by campaign."""
    found = [(str(campaign.cid), campaign.draft) for campaign in books.of(Campaign) if campaign.version]
    return {cid: document for cid, document in found if isinstance(document, CouponOffer)}


def issued(books: Books) -> list[Coupon]:
    """The coupons of templates."""
    return [coupon for coupon in books.of(Coupon) if coupon.cid in books.seen(templates)]


def coupons(books: Books) -> dict[tuple[str, str], Coupon]:
    """Every coupon by its user's partition and its id."""
    return {(coupon.pk, coupon.coupon_id): coupon for coupon in books.of(Coupon)}


def named(order: Order) -> list[tuple[Piece, Part]]:
    """The pieces that an order names, also those of others that its buyer's family shares."""
    parts = [(part, called(part.ref, order.uid)) for part in order.paid_with if part.tender == NAME]
    return [((f"{order.mid}|U#{one.uid}", one.coupon_id, one.piece), part) for part, one in parts if one is not None]


def said(books: Books, word: str) -> dict[Piece, str]:
    """The pieces of which their coupon says so, and of which order."""
    found = dict[Piece, str]()
    for coupon in books.of(Coupon):
        for n in range(len(coupon.windows)):
            if (taken := coupon.taken(n)) is not None and taken.startswith(word) and not taken.endswith(ELSEWHERE):
                found[coupon.pk, coupon.coupon_id, n] = taken.removeprefix(word)
    return found


@invariant("A piece of a coupon is free, locked by one order or used by one; beyond its pieces a coupon has nothing.")
def pieces_are_somewhere(books: Books) -> Iterator[str]:
    for coupon in books.of(Coupon):
        for n in range(MOST_PIECES):
            taken = coupon.taken(n)
            word, _, order = (taken or "").partition(" ")
            known = word in (LOCKED.strip(), USED.strip()) and (order in books.seen(orders) or order == ELSEWHERE)
            if taken is not None and (not known or n >= len(coupon.windows)):
                yield f"{coupon.pk} {coupon.coupon_id}.{n}: {taken}"
        if any(window.since >= window.until for window in coupon.windows) or not coupon.windows:
            yield f"{coupon.pk} {coupon.coupon_id}: {coupon.windows}"


@invariant(
    "Units taken of a template are exactly the coupons of it that users have or had, and never more than its total."
)
def coupons_are_drawn(books: Books) -> Iterator[str]:
    there = Counter(coupon.cid for coupon in books.seen(issued))
    taken, left = Counter[str](), Counter[str]()
    for shard in books.of(StockShard):
        if shard.pk.split("#")[3] == COUPONS:
            taken[shard.cid] += shard.taken
            left[shard.cid] += shard.left
    for cid, document in books.seen(templates).items():
        if taken[cid] != there[cid] or taken[cid] + left[cid] != document.total:
            yield f"{cid}: {there[cid]} coupons, {taken[cid]} taken and {left[cid]} left of {document.total}"


@invariant(
    "A user's limit in a template counts what he has claimed of it, and what of that on the day he claimed last."
)
def claims_are_counted(books: Books) -> Iterator[str]:
    mine: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for coupon in books.seen(issued):
        if coupon.why is Why.CLAIMED:
            mine[coupon.pk, coupon.cid].update(["all", clock.day_of(coupon.created_at).isoformat()])
    for limit in books.of(ClaimLimit):
        has = mine.pop((limit.pk, limit.sk.split("#", 1)[1]), Counter())
        if (limit.n, limit.today) != (has["all"], has[limit.day]):
            yield f"{limit.pk} {limit.sk} counts {limit.n} and {limit.today}, there is {dict(has)}"
    yield from (f"nobody counts {pk} in {cid}" for pk, cid in mine)


@invariant("Nobody has claimed more coupons than their template allows, altogether or on a day.")
def claims_hold(books: Books) -> Iterator[str]:
    for limit in books.of(ClaimLimit):
        document = books.seen(templates)[limit.sk.split("#", 1)[1]]
        a_day = document.per_user_a_day
        if limit.n > document.per_user or (a_day is not None and limit.today > a_day):
            yield f"{limit.pk} {limit.sk}: {limit.n}, {limit.today} on {limit.day}"


@invariant("A claimed coupon that costs points was paid for with just those points, once.")
def claims_are_paid_for(books: Books) -> Iterator[str]:
    spent: dict[tuple[str, str], list[int]] = defaultdict(list)
    for posting in books.of(Posting):
        if posting.why is Why.POINTS_SPENT and posting.subject != NO_COUPON:
            legs = [leg for leg in posting.all_legs if leg.currency is Currency.POINTS]
            spent[posting.pk, posting.subject].append(-min(leg.amount for leg in legs))
    for coupon in books.seen(issued):
        price = books.seen(templates)[coupon.cid].price_points
        wanted = [price] if price is not None and coupon.why is Why.CLAIMED else []
        if spent.pop((coupon.pk, coupon.coupon_id), []) != wanted:
            yield f"{coupon.pk} {coupon.coupon_id}"
    yield from (f"{pk} spent points for {subject}, which is no coupon" for pk, subject in spent)


@invariant(
    "A locked piece belongs to an order that may still be paid and names it, and each such order has what it names."
)
def locks_and_orders_agree(books: Books) -> Iterator[str]:
    wanted = {piece: str(order.oid) for order in books.of(Order) if order.state in PAYABLE for piece, _ in named(order)}
    for piece, order in said(books, LOCKED).items():
        if wanted.pop(piece, None) != order:
            yield f"{piece} is locked by {order}, which may not be paid with it"
    yield from (f"{piece} is not locked by {order}" for piece, order in wanted.items())


@invariant(
    "A used piece pays for an order that was paid and still uses it, and each such order has used what it names."
)
def uses_and_orders_agree(books: Books) -> Iterator[str]:
    wanted = {
        piece: str(order.oid)
        for order in books.of(Order)
        if paid(order)
        for piece, part in named(order)
        if part.live_fen
    }
    for piece, order in said(books, USED).items():
        if wanted.pop(piece, None) != order:
            yield f"{piece} is used by {order}, which does not use it"
    yield from (f"{piece} is not used by {order}" for piece, order in wanted.items())


@invariant(
    "An order takes two coupons at most, one that is not stackable alone; none pays more than it says, or freight."
)
def coupons_combine(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        parts = named(order)
        if not parts:
            continue
        terms = [books.seen(coupons)[pk, coupon_id].terms for (pk, coupon_id, _), _ in parts]
        alone = len(parts) == 1 or all(one.stackable for one in terms)
        once = len({piece[:2] for piece, _ in parts}) == len(parts)
        fit = all(
            0 < part.fen <= off_fen(one.off, order.goods_fen) and order.goods_fen >= one.threshold_fen
            for (_, part), one in zip(parts, terms, strict=True)
        )
        if len(parts) > 2 or not (alone and once and fit) or sum(part.fen for _, part in parts) > order.goods_fen:
            yield f"{order.oid}: {[part for _, part in parts]}"


@settled("No coupon is locked.")
def locks_end(books: Books) -> Iterator[str]:
    yield from (f"{piece} by {order}" for piece, order in said(books, LOCKED).items())


def situation(town: Town) -> None:
    """Coupons that were claimed, given and bought with points; an order that holds one, and one that two pay for."""
    ann, ben = town.person(), town.person()
    goods = town.campaign()
    first, second = template(town, STACKED, per_user=2, per_user_a_day=2), template(town, TENTH_OFF, price_points=30)
    gift_of_points(town, ann, 30)
    mine, tenth = claimed(ann, first), claimed(ann, second)
    buys(ann, goods, mine).expect(201)
    cheap = town.campaign(skus=[{**town.sku(), "solo_price_fen": 8900, "price_fen": 6900}])
    order = buys(ann, cheap, claimed(ann, first), tenth).expect(201)
    ann.pay(order).expect(200)
    town.hear()
    gives(town, first, ben).expect(200)


BREAKS: dict[str, Break] = {
    "pieces_are_somewhere": change(Coupon, {"p11": "locked nobody"}),
    "coupons_are_drawn": change(Coupon, {"cid": "ANOTHER"}, why=Why.CLAIMED),
    "claims_are_counted": change(ClaimLimit, {"n": 7}),
    "claims_hold": change(ClaimLimit, {"n": 7}),
    "claims_are_paid_for": drop(Posting),
    "locks_and_orders_agree": lambda books: _forget(books, LOCKED),
    "uses_and_orders_agree": lambda books: _forget(books, USED),
    "coupons_combine": lambda books: _overpay(books),
    "locks_end": nothing,
}


def _forget(books: Books, word: str) -> None:
    coupon = next(one for one in books.of(Coupon) if (one.p0 or "").startswith(word))
    coupon.p0 = None


def _overpay(books: Books) -> None:
    order = next(one for one in books.of(Order) if named(one))
    order.parts = [Part(part.tender, part.ref, 5000) for part in order.paid_with]
