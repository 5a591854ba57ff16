"""Buying a card for a family: an order of one unit of stock, by a member who may spend in it."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.accounts.items import User
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.punchcard import PunchCardOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import find_sku, sku_of
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing, topup_rules
from chalicelib.merchants import wallet
from chalicelib.orders import placing, steps
from chalicelib.orders.items import Order
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.punchcards import problems, quotes
from chalicelib.punchcards.cards import add_card
from chalicelib.punchcards.items import BUYER, PLAY, object_id


def buy(intent: Intent, cid: CampaignId, fid: str, terms: str, wish: Wish) -> Placed:
    """Order a card for a family by somebody who has read ``terms``; where nothing is left to pay it is there at once.

    Raises `FAMILY_UNKNOWN`, `FAMILY_ENDED`, `FAMILY_FROZEN`, `MEMBER_FROZEN`, `COOLING`, `NOT_RUNNING`, `SKU_UNKNOWN`,
    `TOPUP_CLOSED`, `TOPUP_TERMS`, `CARDS_SOLD_OUT`, and what `quotes.cost_of` raises.
    """
    mid, uid = intent.mid, UserId(intent.actor)

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, cid, PunchCardOffer)
        offer = campaign.offer
        asked = find_sku(offer.skus, wish.sku_id)
        shelf = Shelf(campaign, asked.sku_id if asked else None, 1, read)
        found = read(*placing.reads(intent, wish), *standing.keys(mid, fid, uid), *shelf.keys)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        now = clock.now()
        standing.insist_may_spend(*standing.seen(found, mid, fid, uid), now)
        campaign.insist_running(now)
        topup_rules.insist_read(topup_rules.in_force(wallet.declared(mid)), terms)
        sku = sku_of(offer.skus, wish.sku_id)
        left = shelf.seen(found)
        cost = quotes.cost_of(intent, wish, campaign, sku)
        units = stock.draw(left, 1)
        if not units:
            raise RippleError(problems.CARDS_SOLD_OUT)
        ref = PaymentRef(mid, PLAY, object_id(cid, fid, sku.units), uid, BUYER)
        deadline = now + timedelta(seconds=offer.pay_window_seconds)
        order = placing.new_order(intent, user, ref, campaign, sku, wish, found, cost=cost, deadline=deadline)
        order.units = units
        tx = Transaction()
        if not order.cash_fen:
            steps.settle_at_once(order, OrderState.CONFIRMED)
            steps.add_purchase(tx, order)
            add_card(tx, order)
        placing.add(tx, order, wish, found)
        if order.payer is None and not standing.paid_from(order, fid):
            standing.add_may_spend(tx, mid, fid, uid, now)
        stock.add_draw(tx, left, units)
        tx.commit()
        return order, user, True

    order, user, new = decided_or_refused(attempt)
    return placing.asked(order, user, new=new)
