"""Buying alone at the solo price: an order of a campaign that belongs to no group."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import find_sku, sku_of
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy import limits, quotes, rules
from chalicelib.groupbuy.items import PLAY, Limit, limit_key
from chalicelib.groupbuy.states import SeatRole
from chalicelib.orders import placing, steps, tenders
from chalicelib.orders.items import Order
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.play import Capture, PaymentRef
from chalicelib.orders.states import OrderState


def buy(intent: Intent, cid: CampaignId, wish: Wish) -> Placed:
    """Order a SKU's seat units alone: they are taken from stock now and go back if it is not paid.

    Raises `NOT_RUNNING`, `SOLD_OUT`, `UNIT_LIMIT`, and what `quotes.cost_of` raises.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    taken = limit_key(mid, uid, cid)
    ref = PaymentRef(mid, PLAY, f"{cid}-{intent.ident('solo', 16)}", uid, SeatRole.SOLO)

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, cid, GroupBuyOffer)
        offer = campaign.offer
        asked = find_sku(offer.skus, wish.sku_id)
        shelf = Shelf(campaign, asked.sku_id if asked else None, offer.units_per_seat, read)
        found = read(*placing.reads(intent, wish), taken, *shelf.keys)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        sku = sku_of(offer.skus, wish.sku_id)
        now = clock.now()
        campaign.insist_running(now)
        left = shelf.seen(found)
        cost = quotes.cost_of(intent, wish, campaign, sku, SeatRole.SOLO, offer.units_per_seat)
        rules.insist_may_buy(offer, found.item(Limit, taken), sum(s.left for s in left))
        units = stock.draw(left, offer.units_per_seat)
        deadline = now + timedelta(seconds=offer.pay_window_seconds)
        order = placing.new_order(intent, user, ref, campaign, sku, wish, found, cost=cost, deadline=deadline)
        order.units = units
        tx = Transaction()
        if not order.cash_fen:
            steps.settle_at_once(order, OrderState.CONFIRMED)
            steps.add_purchase(tx, order)
        placing.add(tx, order, wish, found)
        limits.add_take(tx, taken, offer.limits, SeatRole.SOLO, offer.units_per_seat)
        stock.add_draw(tx, left, units)
        tx.commit()
        return order, user, True

    order, user, new = decided_or_refused(attempt)
    return placing.asked(order, user, new=new)


def reads(ref: PaymentRef) -> list[Key]:
    """What a capture's read round needs: what the buyer has taken."""
    return [limit_key(ref.mid, ref.uid, ref.cid)]


def capture(ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
    """Record money: it confirms the order, takes its units again if they went back and are there, or is owed."""
    campaign = live(ref.mid, ref.cid, GroupBuyOffer)
    taken = limit_key(ref.mid, ref.uid, ref.cid)
    line = order.lines[0]
    tx = Transaction()
    if order.state in (OrderState.HELD, OrderState.CLOSING):
        steps.add_capture(tx, order, capture, OrderState.CONFIRMED)
        steps.add_purchase(tx, order)
        tx.commit()
        return "bought"
    if order.state is OrderState.RELEASED:
        shards = stock.gathered(found, stock.keys(campaign, line.sku_id), line.quantity)
        held = tenders.again(order)
        units = stock.draw(shards, line.quantity)
        limit = found.item(Limit, taken)
        if units and held is not None and rules.units_allowed(campaign.offer, limit, line.quantity):
            steps.add_capture(tx, order, capture, OrderState.CONFIRMED, [Order.units.set(units)], held=held)
            steps.add_purchase(tx, order)
            limits.add_take(tx, taken, campaign.offer.limits, SeatRole.SOLO, line.quantity)
            stock.add_draw(tx, shards, units)
            tx.commit()
            return "bought"
    steps.add_owed_capture(tx, order, capture)
    tx.commit()
    return "owed"


def release(order: Order) -> None:
    """Give back the units and the limit of an order that is proven unpaid."""
    ref, line = PaymentRef.of(order), order.lines[0]
    tx = Transaction()
    steps.add_release(tx, order)
    limits.add_release(tx, limit_key(ref.mid, ref.uid, ref.cid), SeatRole.SOLO, line.quantity)
    stock.add_return(tx, ref.mid, ref.cid, line.sku_id, order.units or [])
    tx.commit()


def give_back(tx: Transaction, order: Order, *, unsent: bool) -> list[Action]:
    """All of a purchase's money goes back: so does its limit, and its units unless they were sent."""
    ref, line = PaymentRef.of(order), order.lines[0]
    limits.add_release(tx, limit_key(ref.mid, ref.uid, ref.cid), SeatRole.SOLO, line.quantity)
    if not unsent:
        return []
    stock.add_return(tx, ref.mid, ref.cid, line.sku_id, order.units or [])
    return [Order.units.remove()]
