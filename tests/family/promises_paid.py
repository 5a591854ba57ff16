"""What holds of bought value: it is under a filing and within its cap, and no money of it is where its value is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.items import Campaign
from chalicelib.campaigns.kinds.brings import BringsPurse
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.family.items import Family
from chalicelib.family.rows import Move, Spend
from chalicelib.family.states import SpendState, Why
from chalicelib.family.topup import PLAY, family_of
from chalicelib.merchants.wallet import NAMED_FEN, UNNAMED_FEN, WalletSetup
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.states import OrderState
from chalicelib.voucher.items import Used
from chalicelib.voucher.states import CodeState
from tests.breaking import Break, change, drop
from tests.family import topup_shop as shop
from tests.invariants import Books, invariant
from tests.town import Town
from tests.voucher import owner
from tests.voucher import shop as codes

PAYABLE = (OrderState.HELD, OrderState.CLOSING)


def topups(books: Books) -> list[Order]:
    """The orders of value for wallets."""
    return [order for order in books.of(Order) if order.play == PLAY]


def purses(books: Books) -> dict[str, tuple[int, Funding]]:
    """Campaigns whose codes fill wallets: how much each brings, and who pays for it."""
    drafts = [(str(campaign.cid), campaign.draft) for campaign in books.of(Campaign) if campaign.version]
    return {
        cid: (offer.brings.fen, offer.funding)
        for cid, offer in drafts
        if isinstance(offer, CodesOffer) and isinstance(offer.brings, BringsPurse)
    }


def bought(books: Books) -> dict[str, list[Move]]:
    """What was bought for each wallet, by orders and by codes."""
    found = defaultdict[str, list[Move]](list)
    for move in books.of(Move):
        if move.why is Why.TOPPED_UP or (move.why is Why.CODE and move.paid):
            found[move.pk].append(move)
    return found


@invariant("What is on its way to a wallet is what top-ups cost that may still be paid.")
def topups_arrive(books: Books) -> Iterator[str]:
    wanted = Counter[tuple[str, str]]()
    for order in books.seen(topups):
        if order.state in PAYABLE:
            wanted[order.mid, family_of(order.object_id)] += order.total_fen
    for family in books.of(Family):
        if (family.arriving or 0) != wanted[family.mid, family.fid]:
            yield f"{family.pk} waits for {family.arriving}, orders say {wanted[family.mid, family.fid]}"


@invariant(
    "A top-up that was paid came to its wallet once, whole; what left that again is what went back of its money."
)
def topups_are_moved(books: Books) -> Iterator[str]:
    there = Counter[tuple[str, str, str, Why]]()
    for move in books.of(Move):
        if move.why in (Why.TOPPED_UP, Why.TOP_UP_BACK):
            there[move.mid, move.fid, move.subject, move.why] += move.paid
        if move.why in (Why.TOPPED_UP, Why.TOP_UP_BACK) and move.granted:
            yield f"{move.pk} {move.sk} is of {move.granted} that were given"
    wanted = Counter[tuple[str, str, str, Why]]()
    live = {(p.pk, p.attempt): p.live_fen for p in books.of(Payment)}
    for order in books.seen(topups):
        if order.captured is not None:
            place = order.mid, family_of(order.object_id), str(order.oid)
            wanted[(*place, Why.TOPPED_UP)] += order.total_fen
            wanted[(*place, Why.TOP_UP_BACK)] -= order.total_fen - live.get((order.pk, order.captured), 0)
    for key in {*there, *wanted}:
        if there[key] != wanted[key]:
            yield f"{key} moved {there[key]}, not {wanted[key]}"


@invariant("Nothing was bought for a wallet before its merchant had filed it.")
def bought_under_a_filing(books: Books) -> Iterator[str]:
    filed = {setup.mid: setup.said_at for setup in books.of(WalletSetup)}
    for wallet in {*books.seen(bought), *(family.pk for family in books.of(Family) if family.arriving)}:
        if wallet.split("|", 1)[0] not in filed:
            yield f"{wallet} was topped up"


@invariant("More is bought for a wallet only as long as that leaves it within what the law lets a card hold.")
def bought_within_the_cap(books: Books) -> Iterator[str]:
    named = {setup.mid: setup.terms.named for setup in books.of(WalletSetup)}
    later = Counter[str]()
    for spend in books.of(Spend):
        later[spend.pk] += spend.paid if spend.state is SpendState.RELEASED else spend.back_paid
    for move in books.of(Move):
        later[move.pk] += max(0, move.paid) if move.why is Why.ADJUSTED and move.ref != "as-it-was" else 0
    for family in books.of(Family):
        if family.pk not in books.seen(bought) and not family.arriving:
            continue
        most = (NAMED_FEN if named.get(family.mid) else UNNAMED_FEN) + later[family.pk]
        if family.paid + (family.arriving or 0) > most:
            yield f"{family.pk} has {family.paid} and waits for {family.arriving}"


@invariant("A code that fills a wallet has filled that of one family, once; undone, just that has left it.")
def purse_codes_fill_once(books: Books) -> Iterator[str]:
    wanted = Counter[tuple[str, str, Why, int, int]]()
    families = {(family.mid, family.fid) for family in books.of(Family)}
    for code in books.of(Used):
        if code.cid not in books.seen(purses):
            if code.family is not None:
                yield f"{code.pk} {code.serial} has filled {code.family}"
            continue
        fen, funding = books.seen(purses)[code.cid]
        granted, paid = (0, fen) if funding is Funding.SOLD else (fen, 0)
        subject = f"{code.bid}-{code.serial}"
        stands = code.state is CodeState.REDEEMED
        if stands != (code.family is not None) or (stands and (code.mid, code.family) not in families):
            yield f"{subject} is {code.state} and has filled {code.family}"
        wanted[code.mid, subject, Why.CODE, granted, paid] += stands + (code.undone or 0)
        wanted[code.mid, subject, Why.CODE_UNDONE, -granted, -paid] += code.undone or 0
    there = Counter[tuple[str, str, Why, int, int]]()
    for move in books.of(Move):
        if move.why in (Why.CODE, Why.CODE_UNDONE):
            there[move.mid, move.subject, move.why, move.granted, move.paid] += 1
    for key in {*there, *wanted}:
        if there[key] != wanted[key]:
            yield f"{key} happened {there[key]} times, not {wanted[key]}"


def situation(town: Town) -> None:
    """Top-ups that may be paid, were paid, given up and given back; codes that filled a wallet, sold and given."""
    cid = shop.opened(town)
    ann = town.person("ann of the purse")
    fid = shop.listed(town, ann)
    shop.tops_up(town, ann, cid, fid).expect(201)
    shop.paid(town, ann, cid, fid)
    shop.gives_up(town, ann, shop.tops_up(town, ann, cid, fid).expect(201))
    shop.refunds(ann, fid, shop.paid(town, ann, cid, fid)).expect(200)
    for sold in (True, False):
        bid = shop.purse_codes(town, sold=sold, per_user=3)
        for serial in (0, 1):
            codes.redeems(ann, codes.code(town, bid, serial)).expect(201)
        assert owner.undo(town, bid, 1).status == 200


BREAKS: dict[str, Break] = {
    "topups_arrive": change(Family, {"arriving": 7}),
    "topups_are_moved": change(Move, {"paid": 9_999}, why=Why.TOPPED_UP),
    "bought_under_a_filing": drop(WalletSetup),
    "bought_within_the_cap": change(Family, {"paid": 2 * NAMED_FEN}, arriving=10_000),
    "purse_codes_fill_once": change(Move, {"subject": "nothing"}, why=Why.CODE),
}
