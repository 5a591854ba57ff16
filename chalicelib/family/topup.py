"""Buying value for a family's wallet: an order of nothing else, paid with money alone, that holds room for it.

What is ordered counts as there until it is paid for or given up, so that no two orders together pass the cap.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib.accounts.items import User
from chalicelib.campaigns.kinds.topup import Denomination, TopUpOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.problems import SKU_UNKNOWN
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.transaction import Transaction
from chalicelib.family import purse, standing, topup_rules
from chalicelib.family.items import Family, Member
from chalicelib.family.states import FamilyState, MemberState, Mode, Role
from chalicelib.merchants import wallet
from chalicelib.orders import placing
from chalicelib.orders.items import Order
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.quoted import Cost

PLAY = "topup"

FILLER = "filler"
"""What a payer is to the wallet: whoever buys for it."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody buys, for which wallet, and under which terms."""

    fid: str
    sku_id: str | None
    terms: str
    """The edition that he has read."""


def object_id(cid: str, fid: str) -> str:
    """What an order calls the wallet that it fills; it begins with its campaign, as every object of a play.

    >>> family_of(object_id("PDMB2GJ341SCPWKG2QN7HENYK4", "01J8ZC5V3M7QK9T2X4B6N8R0WD"))
    '01J8ZC5V3M7QK9T2X4B6N8R0WD'
    """
    return f"{cid}-{fid}"


def family_of(named: str) -> str:
    """The family that `object_id` wrote."""
    return named.split("-", 1)[1]


def denomination(offer: TopUpOffer, sku_id: str | None) -> Denomination:
    """What is bought; the only one needs no name. Raises `SKU_UNKNOWN`."""
    if sku_id is None and len(offer.skus) == 1:
        return offer.skus[0]
    found = next((one for one in offer.skus if one.sku_id == sku_id), None)
    if found is None:
        raise RippleError(SKU_UNKNOWN, "/sku_id", sku_id=sku_id or "")
    return found


def order(intent: Intent, cid: CampaignId, wanted: Wanted) -> Placed:
    """Order value for a wallet, to be paid with WeChat Pay.

    Raises `FAMILY_UNKNOWN`, `NOT_RUNNING`, `SKU_UNKNOWN`, `WALLET_FULL`, and what `topup_rules` forbids.
    """
    made, user, new = _ordered(intent, cid, wanted)
    return placing.asked(made, user, new=new)


def _ordered(intent: Intent, cid: CampaignId, wanted: Wanted) -> tuple[Order, User, bool]:
    """The order of a request, who makes it, and whether it is new."""
    mid, uid, wish = intent.mid, UserId(intent.actor), Wish()
    family_at, member_at = standing.keys(mid, wanted.fid, uid)

    def attempt(read: Read) -> tuple[Order, User, bool]:
        found = read(*placing.reads(intent, wish), family_at, member_at)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        family, member = standing.seen(found, mid, wanted.fid, uid)
        campaign, now = live(mid, cid, TopUpOffer), clock.now()
        campaign.insist_running(now)
        declared = topup_rules.in_force(wallet.declared(mid))
        topup_rules.insist_read(declared, wanted.terms)
        topup_rules.insist_may_buy(family, member)
        bought = denomination(campaign.offer, wanted.sku_id)
        purse.insist_room(family, bought.value_fen, declared.terms.cap_fen)
        ref = PaymentRef(mid, PLAY, object_id(campaign.cid, wanted.fid), uid, FILLER)
        deadline = now + timedelta(seconds=campaign.offer.pay_window_seconds)
        cost, offer = cost_of(campaign, bought), campaign.offer
        made = placing.new_order(intent, user, ref, campaign, bought.goods, wish, found, cost=cost, deadline=deadline)
        # Nobody gains by a friend's top-up: his own followers hear of no such order.
        made.follows = list(offer.followed_by)
        tx = Transaction()
        placing.add(tx, made, wish, found)
        add_arriving(tx, family, member, bought.value_fen, declared.terms.cap_fen)
        tx.commit()
        return made, user, True

    return decided_or_refused(attempt)


def cost_of(campaign: Live[TopUpOffer], bought: Denomination) -> Cost:
    """What it costs: just what it is worth."""
    return Cost(
        campaign_id=campaign.cid,
        sku_id=bought.sku_id,
        role=FILLER,
        units=1,
        version=campaign.version,
        price_fen=bought.value_fen,
        freight_fen=0,
        province=None,
    )


def add_arriving(tx: Transaction, family: Family, member: Member, fen: int, cap_fen: int) -> None:
    """So much is on its way to the wallet, by somebody who may buy for it, and there is room for it."""
    when: dict[str, Condition] = {
        "active": Family.status == FamilyState.ACTIVE,
        "room": Family.paid <= family.paid + purse.room_fen(family, cap_fen) - fen,
        "arriving": purse.as_seen(family),
    }
    if member.role is not Role.OWNER:
        when["purse"] = Family.mode == Mode.PURSE
    tx.update("family", family, [Family.arriving.add(fen)], when=when)
    may = {"active": Member.state == MemberState.ACTIVE, "role": Member.role == member.role}
    tx.check("member", member, when=may)
