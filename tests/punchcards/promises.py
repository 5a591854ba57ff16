"""What holds of punch cards: where each unit is, who may have used it, what was paid back, and what was sold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.items import Campaign, StockShard
from chalicelib.campaigns.kinds.punchcard import PunchCardOffer
from chalicelib.family.items import Family, Member
from chalicelib.family.states import FamilyState, MemberState
from chalicelib.orders.items import Order, Refund
from chalicelib.orders.states import Cause, OrderState
from chalicelib.punchcards.items import PLAY, Card, CardUse, family_of, units_of
from tests.breaking import Break, change
from tests.family.shop import household
from tests.invariants import Books, invariant
from tests.punchcards.shop import bought, buys, has_back, opened, pays_back, undoes, uses
from tests.town import Town

PAYABLE = (OrderState.HELD, OrderState.CLOSING)


def campaigns(books: Books) -> set[str]:
    """The campaigns that sell cards."""
    found = [(str(campaign.cid), campaign.draft) for campaign in books.of(Campaign) if campaign.version]
    return {cid for cid, document in found if isinstance(document, PunchCardOffer)}


def cards(books: Books) -> dict[tuple[str, str], Card]:
    """Every card by its family's partition and its order."""
    return {(card.pk, card.oid): card for card in books.of(Card)}


@invariant("Units of a card are left, used and not undone, or paid back; their sum is what was bought.")
def units_are_somewhere(books: Books) -> Iterator[str]:
    used = Counter[tuple[str, str]]()
    for use in books.of(CardUse):
        if use.undone_at is None:
            used[use.pk, use.oid] += use.units
    for place, card in books.seen(cards).items():
        if card.left < 0 or card.used != used.pop(place, 0) or card.units != units_of(ordered(books, card).object_id):
            yield f"{place}: {card.left} left of {card.units}, {card.used} used, {card.back_units} paid back"
    yield from (f"{place} is no card, and {units} of it were used" for place, units in used.items())


@invariant("A card is the family's that its order was made for, and there exactly when that order was confirmed.")
def cards_are_bought(books: Books) -> Iterator[str]:
    wanted = {
        (f"{order.mid}|F#{family_of(order.object_id)}", str(order.oid)): order.total_fen
        for order in books.of(Order)
        if order.play == PLAY and order.confirmed_at is not None
    }
    for place, card in books.seen(cards).items():
        if wanted.pop(place, None) != card.price_fen:
            yield f"{place} was not bought for {card.price_fen}"
    yield from (f"{place} was bought, and is not there" for place in wanted)


@invariant("Who used a card was in its family then, unfrozen for as long as one knows, or its last owner.")
def members_used_it(books: Books) -> Iterator[str]:
    members = {(member.pk, str(member.uid)): member for member in books.of(Member)}
    families = {family.pk: family for family in books.of(Family)}
    for use in books.of(CardUse):
        family, member = families.get(use.pk), members.get((use.pk, use.uid))
        if family is not None and family.status is FamilyState.CLOSED and family.owner == use.uid:
            continue
        gone = member is not None and member.state is MemberState.REMOVED
        if member is None or (gone and member.left_at is not None and use.at > member.left_at):
            yield f"{use.pk} {use.use_id} by {use.uid}, who was not there"


@invariant("What was paid back of a card is no more than the share of what was not used, and is all that went back.")
def paid_back_by_share(books: Books) -> Iterator[str]:
    back = Counter[str]()
    for refund in books.of(Refund):
        if refund.why in (Cause.MERCHANT, Cause.AFTER_SALE):
            back[refund.oid] += refund.amount_fen + sum(part.fen for part in refund.back or [])
    for place, card in books.seen(cards).items():
        fen, units = card.back_fen or 0, card.back_units or 0
        if (card.back_at is None) != (units == 0) or fen > card.price_fen * units // card.units:
            yield f"{place}: {fen} for {units} of {card.units}"
        if back[card.oid] != fen:
            yield f"{place}: {fen} were paid back, and {back[card.oid]} went back of its order"


@invariant("Units taken of a campaign's cards are those of orders that may be paid, and of cards that were sold.")
def cards_are_drawn(books: Books) -> Iterator[str]:
    taken: dict[str, int] = defaultdict(int)
    for shard in books.of(StockShard):
        if shard.cid in books.seen(campaigns):
            taken[shard.cid] += shard.taken
    for order in books.of(Order):
        if order.play != PLAY:
            continue
        owns = sum(drawn.units for drawn in order.units or [])
        card = books.seen(cards).get((f"{order.mid}|F#{family_of(order.object_id)}", str(order.oid)))
        sold = card is not None and not (card.back_at is not None and card.used == 0)
        if order.state in PAYABLE or sold:
            taken[order.object_id.split("-")[0]] -= owns
    yield from (f"{cid}: {units} more taken than owned" for cid, units in taken.items() if units)


def ordered(books: Books, card: Card) -> Order:
    """The order that bought a card."""
    return books.seen(orders_by_id)[card.mid, card.oid]


def orders_by_id(books: Books) -> dict[tuple[str, str], Order]:
    return {(order.mid, str(order.oid)): order for order in books.of(Order)}


def situation(town: Town) -> None:
    """Cards that were used, of which a use was undone, that were paid back and sold; and an order of one."""
    dad, ann = town.person(), town.person()
    fid, cid = household(town, dad, ann), opened(town)
    first = bought(town, dad, fid, cid)
    uses(town, ann, fid, first, 2)
    undoes(town, fid, uses(town, dad, fid, first)).expect(200)
    pays_back(town, first).expect(200)
    has_back(ann, fid, bought(town, ann, fid, cid)).expect(200)
    uses(town, ann, fid, bought(town, ann, fid, cid))
    buys(ann, cid, fid).expect(201)


def _strange(books: Books) -> None:
    """Somebody used it who was never there."""
    books.of(CardUse)[0].uid = "NOBODY"


BREAKS: dict[str, Break] = {
    "units_are_somewhere": change(Card, {"left": 3}),
    "cards_are_bought": change(Card, {"price_fen": 1}),
    "members_used_it": _strange,
    "paid_back_by_share": change(Card, {"back_fen": 99_999}),
    "cards_are_drawn": change(Order, {"units": None}, play=PLAY, state=OrderState.HELD),
}
