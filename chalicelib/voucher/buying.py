"""Redeeming a code for goods: the code is redeemed by the order of them, in one transaction.

Its unit of stock was drawn when its batch was minted and stays taken, so that no order says that it owns one: it is the
batch's while the code is free, the order's while the code names it, and again the batch's if that order is not paid.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.accounts.items import User
from chalicelib.campaigns.kinds.brings import BringsGoods
from chalicelib.campaigns.offer import sku_of
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import UserId
from chalicelib.core.transaction import Transaction
from chalicelib.orders import placing, steps
from chalicelib.orders.items import Order
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.sharing.sightings import Seen
from chalicelib.voucher import finding, problems, quotes, redeeming, rules, service
from chalicelib.voucher.finding import Place
from chalicelib.voucher.goods import HOLDER, PLAY, goods_of, object_id
from chalicelib.voucher.guesses import NOWHERE
from chalicelib.voucher.items import Batch, Redeemed, Used, redeemed_key


def order(intent: Intent, text: str, wish: Wish, seen_from: Seen = NOWHERE) -> Placed:
    """Order the goods that a code brings; where nothing is left to pay the order stands at once.

    Raises what `service.placed` raises, `CODE_LOCKED`, `CODE_NO_GOODS`, `SKU_UNKNOWN`, `NOT_RUNNING`, what `rules`
    forbids, and what `quotes.cost_of` raises.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    with service.guessing(mid, uid, seen_from):
        place = service.placed(mid, text)
        made, user, new = _ordered(intent, place, wish)
    return placing.asked(made, user, new=new)


def _ordered(intent: Intent, place: Place, wish: Wish) -> tuple[Order, User, bool]:
    """The order of a request, who makes it, and whether it is new."""
    mid, uid = intent.mid, UserId(intent.actor)
    code, lot = place.keys

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = finding.campaign_there(mid, place.bid)
        offer = campaign.offer
        his = service.his_keys(mid, uid, campaign.cid)
        found = read(*placing.reads(intent, wish), code, lot, *his)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        seen, batch = found.item(Used, code), found.item(Batch, lot)
        if batch is None:
            raise RippleError(problems.CODE_INVALID, "/code")
        now = clock.now()
        service.insist_free(found, mid, uid, by=None)
        rules.insist_good(batch, place, seen, uid, now)
        brings: BringsGoods = goods_of(offer)
        rules.insist_open(campaign, now)
        rules.insist_may_redeem(offer, user, found.item(Redeemed, redeemed_key(mid, uid, campaign.cid)), now)
        sku = sku_of((brings.sku,), wish.sku_id)
        cost = quotes.cost_of(intent, wish, campaign, brings)
        ref = PaymentRef(mid, PLAY, object_id(campaign.cid, place.bid, place.serial), uid, HOLDER)
        deadline = now + timedelta(seconds=brings.pay_seconds)
        made = placing.new_order(intent, user, ref, campaign, sku, wish, found, cost=cost, deadline=deadline)
        tx = Transaction()
        if not made.cash_fen:
            steps.settle_at_once(made, OrderState.CONFIRMED)
            steps.add_purchase(tx, made)
        placing.add(tx, made, wish, found)
        used = redeeming.used(batch, place.serial, seen, now, None, uid=uid, order=made.oid)
        redeeming.add_redeemed(tx, batch, used, seen, None)
        redeeming.add_limit(tx, offer, batch, uid)
        tx.commit()
        return made, user, True

    return decided_or_refused(attempt)
