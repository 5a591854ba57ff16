"""Buying what was bargained for: at the floor, or early at the price so far where the campaign allows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User
from chalicelib.bargain import endings, problems, quotes, rules
from chalicelib.bargain.items import BARGAIN, PLAY, Bargain, BargainId, bargain_key, campaign_of
from chalicelib.bargain.states import BargainState
from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.bargain import BargainOffer, Reserve
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import find_sku, sku_of
from chalicelib.campaigns.problems import SOLD_OUT
from chalicelib.campaigns.stock import Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.transaction import Transaction
from chalicelib.orders import placing, steps
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import OrderState


def buy(intent: Intent, bid: BargainId, wish: Wish, *, anew: bool = False) -> Placed:
    """Order it at its price now, which nobody changes until the order is paid or released.

    While an order of it may be paid, that one is the answer, unless it must be made ``anew``. Raises `ORDER_CLOSING`,
    `SOLD_OUT`, what `rules.insist_may_buy` and `quotes.cost_of` raise.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    place, record = bargain_key(mid, bid), record_key(intent)

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, campaign_of(bid), BargainOffer)
        offer = campaign.offer
        shelf = _shelf(campaign, wish.sku_id, read)
        found = read(record, *placing.reads(intent, wish), place, *shelf.keys)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        if known := recorded(intent, found[record]):
            return _order(read, mid, known["order"]), user, False
        bargain = found.item(Bargain, place)
        if bargain is None or bargain.uid != uid:
            raise RippleError(NOT_FOUND)
        if wish.sku_id not in (None, bargain.sku):
            raise RippleError(INVALID_FIELD, "/sku_id", reason=("与砍价商品不一致", "it is not what is bargained for"))
        if bargain.status is BargainState.ORDERING and not anew:
            order = _live_order(read, bargain)
            tx = Transaction()
            add_record(tx, intent, order=order.oid)
            tx.commit()
            return order, user, False
        now = clock.now()
        rules.insist_may_buy(offer, bargain, now)
        left = shelf.seen(found)
        if offer.reserve is Reserve.ORDER and not _of(left, bargain.sku):
            shelf = _shelf(campaign, bargain.sku, read)
            left = shelf.seen(read(*shelf.keys)) if shelf.keys else []
        units = stock.draw(left, 1) if offer.reserve is Reserve.ORDER else []
        if offer.reserve is Reserve.ORDER and not units:
            raise RippleError(SOLD_OUT)
        sku = sku_of(offer.skus, bargain.sku)
        cost = quotes.cost_of(intent, wish, campaign, bargain, sku)
        ref = PaymentRef(mid, PLAY, bid, uid, quotes.BUYER)
        deadline = rules.pay_until(offer, bargain, now)
        order = placing.new_order(intent, user, ref, campaign, sku, wish, found, cost=cost, deadline=deadline)
        order.units = units or None
        tx = Transaction()
        if not order.cash_fen:
            steps.settle_at_once(order, OrderState.CONFIRMED)
            steps.add_purchase(tx, order)
        placing.add(tx, order, wish, found, about=(BARGAIN, bid))
        (_add_at_floor if bargain.status is BargainState.FLOOR else _add_early)(tx, bargain, order, now)
        stock.add_draw(tx, left, units)
        tx.commit()
        return order, user, True

    order, user, new = decided_or_refused(attempt)
    return placing.asked(order, user, new=new)


def _order(read: Read, mid: MerchantId, oid: str) -> Order:
    """The order that this request was answered with before."""
    key = order_key(mid, oid)
    order = read(key).item(Order, key)
    if order is None:
        raise RippleError(NOT_FOUND)
    return order


def _live_order(read: Read, bargain: Bargain) -> Order:
    """The order that may still be paid. Raises `ORDER_CLOSING`."""
    key = order_key(bargain.mid, bargain.order or "")
    order = read(key).item(Order, key)
    if order is None or order.state is not OrderState.HELD:
        raise RippleError(problems.ORDER_CLOSING)
    return order


def _shelf(campaign: Live[BargainOffer], sku_id: str | None, read: Read) -> Shelf:
    """The stock of what is ordered, where it is taken only now; none where several SKUs leave open which."""
    sku = find_sku(campaign.offer.skus, sku_id)
    return Shelf(campaign, sku.sku_id if sku and campaign.offer.reserve is Reserve.ORDER else None, 1, read)


def _of(shards: list[StockShard], sku_id: str) -> bool:
    """Whether these are shards of that SKU."""
    return any(shard.pk.split("#")[3] == sku_id for shard in shards)


def _add_early(tx: Transaction, bargain: Bargain, order: Order, now: datetime) -> None:
    """The price and the time that is left are frozen: no help and no end until the order is paid or released.

    One that no money is asked for buys at once.
    """
    when: dict[str, Condition] = {
        "active": Bargain.status == BargainState.ACTIVE,
        "helps": Bargain.helps == bargain.helps,
        "buys": Bargain.buys == bargain.buys,
        "in_time": Bargain.expires_at >= now + rules.LAST_ORDER,
    }
    rest = Bargain.rest_ms.set((bargain.expires_at - now) // timedelta(milliseconds=1))
    ordering = [*_ordering(bargain, order), Bargain.buys.add(1), rest]
    actions = ordering if order.cash_fen else _add_bought(tx, bargain, order)
    tx.update("bargain", bargain, actions, when=when, due=None)


def _add_at_floor(tx: Transaction, bargain: Bargain, order: Order, now: datetime) -> None:
    """The bargain waits for its order, if any money is asked for; its claim window runs on."""
    when = {
        "floor": Bargain.status == BargainState.FLOOR,
        "in_time": Bargain.claim_until >= now + rules.LAST_ORDER,
    }
    actions = _ordering(bargain, order) if order.cash_fen else _add_bought(tx, bargain, order)
    tx.update("bargain", bargain, actions, when=when, due=None)


def _add_bought(tx: Transaction, bargain: Bargain, order: Order) -> list[Action]:
    """Nothing is left to pay: it is bought. Returns what that changes on the bargain."""
    return [Bargain.order.set(order.oid), *endings.add_bought(tx, bargain)]


def _ordering(bargain: Bargain, order: Order) -> list[Action]:
    return [
        Bargain.status.set(BargainState.ORDERING),
        Bargain.before.set(bargain.status),
        Bargain.order.set(order.oid),
    ]
