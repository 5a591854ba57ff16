"""What of codes for goods must not be wrong and is no condition, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/voucher"
BUYING, QUOTES, PAYMENT, GOODS, RULES, SERVICE = (
    f"{ROOM}/{name}.py" for name in ("buying", "quotes", "payment", "goods", "rules", "service")
)
PAYBACK, INVITES = "chalicelib/fulfilment/payback.py", "chalicelib/invite/rules.py"

FOR_GOODS: tuple[Mutant, ...] = (
    sabotage(GOODS, "whatever a code brings is ordered", "if not isinstance(offer.brings, BringsGoods):", "if False:"),
    sabotage("chalicelib/voucher/finding.py", "a code of a batch that nobody minted is no guess", "    if campaign is None:\n        raise RippleError(problems.CODE_INVALID, \"/code\")\n    return campaign", "    if campaign is None:\n        raise RippleError(problems.CODE_MISTYPED, \"/code\")\n    return campaign"),
    sabotage(BUYING, "who guessed wrong too often orders", "        service.insist_free(found, mid, uid, by=None)\n", ""),
    sabotage(BUYING, "a code that is not good is ordered with", "        rules.insist_good(batch, place, seen, uid, now)\n", ""),
    sabotage(BUYING, "a campaign that is paused takes orders", "        rules.insist_open(campaign, now)\n", ""),
    sabotage(BUYING, "one orders with as many codes as one likes", "        rules.insist_may_redeem(offer, user, found.item(Redeemed, redeemed_key(mid, uid, campaign.cid)), now)\n", ""),
    sabotage(BUYING, "another thing may be ordered", "sku = sku_of((brings.sku,), wish.sku_id)", "sku = brings.sku"),
    sabotage(BUYING, "an order waits as long as any", "timedelta(seconds=brings.pay_seconds)", "timedelta(seconds=900)"),
    sabotage(BUYING, "an order that asks for no money may be paid", "            steps.settle_at_once(made, OrderState.CONFIRMED)\n", ""),
    sabotage(BUYING, "who orders for nothing stays a newcomer", "            steps.add_purchase(tx, made)\n", ""),
    sabotage(BUYING, "a code does not name its order", "None, uid=uid, order=made.oid)", "None, uid=uid)"),
    sabotage(BUYING, "an order is not counted", "        redeeming.add_limit(tx, offer, batch, uid)\n", ""),
    sabotage(BUYING, "the same request orders anew", "if replay := placing.made_before(found, intent):", "if (replay := placing.made_before(found, intent)) and not replay:"),
    sabotage(RULES, "a holder is not told of his order", "problems.CODE_ALREADY_YOURS if used.order is None else problems.CODE_ORDERED", "problems.CODE_ALREADY_YOURS"),
    sabotage(QUOTES, "what was quoted is not paid", "if wish.quote is not None:", "if False:"),
    sabotage(QUOTES, "freight is free", "freight_fen=freight.fen,", "freight_fen=0,"),
    sabotage(QUOTES, "what costs nothing is to be paid", "[PAID, UNPAID, LATE] if cost.total_fen else [AT_ONCE]", "[PAID, UNPAID, LATE]"),
    sabotage(QUOTES, "who may not order is quoted", "    if seen.refusal is not None:\n        raise seen.refusal\n", ""),
    sabotage(QUOTES, "nobody is told that his code is used up", "[KEPT, *ends, USED_UP]", "[KEPT, *ends]"),
    sabotage(PAYMENT, "who has paid stays a newcomer", "steps.add_capture(tx, order, capture, OrderState.CONFIRMED)\n            steps.add_purchase(tx, order)", "steps.add_capture(tx, order, capture, OrderState.CONFIRMED)"),
    sabotage(PAYMENT, "late money always goes back", "if order.state is not OrderState.RELEASED:", "if True:"),
    sabotage(PAYMENT, "late money redeems any code", "if not rules.takes_again(", "if rules.takes_again("),
    sabotage(PAYMENT, "who pays late stays a newcomer", "OrderState.CONFIRMED, held=held)\n            steps.add_purchase(tx, order)", "OrderState.CONFIRMED, held=held)"),
    sabotage(PAYMENT, "what pays beside late money need not be there", "    if held is None:\n        return None\n", "    held = held or steps.NOTHING\n"),
    sabotage(PAYMENT, "a code does not name its late order", "None, uid=ref.uid, order=order.oid)", "None, uid=ref.uid)"),
    sabotage(PAYMENT, "a late redemption is not counted", "    redeeming.add_limit(tx, offer, batch, ref.uid)\n", ""),
    sabotage(RULES, "late money wakes what has ended", "used.bound in (None, uid) and is_alive(batch, used.serial)", "used.bound in (None, uid)"),
    sabotage(RULES, "late money takes what is bound to another", "used.state in FREE and used.bound in (None, uid) and is_alive", "used.state in FREE and is_alive"),
    sabotage(RULES, "late money takes what another has", "free = used.state in FREE and ", "free = "),
    sabotage(RULES, "late money knows no limit", "return free and has_room(offer, taken)", "return free"),
    sabotage(PAYMENT, "a code whose order was not paid stays used", "        redeeming.add_freed(tx, document_of(ref.mid, ref.cid), batch, seen, clock.now(), undone=False)\n", ""),
    sabotage(PAYMENT, "an order that was not paid counts as an undo", "clock.now(), undone=False)", "clock.now(), undone=True)"),
    sabotage(PAYMENT, "a refund keeps the unit", "            stock.add_return(tx, ref.mid, ref.cid, order.lines[0].sku_id, [Drawn(0, 1)])\n", "            pass\n"),
    sabotage(PAYMENT, "what was sent is there again", "if not unsent:", "if False:"),
    sabotage(PAYMENT, "what was sold is anybody's again", ".funding is Funding.SOLD:", ".funding is None:"),
    sabotage(PAYMENT, "nobody hears that a buyer is owed", 'stuck.add(tx, ref.mid, stuck.Reason.CODE_REFUND_OWED, f"{bid}-{serial}", facts)', "pass"),
    sabotage(PAYBACK, "an order that asked for nothing never ends", "max(min(1, order.total_fen), live)", "max(1, live)"),
    sabotage(PAYBACK, "an order that asked for nothing must have parts", "if parts and order.parts:", "if parts:"),
    sabotage(INVITES, "what a code is redeemed for counts as a group's", '    if order.play == "voucher":\n        return None\n', ""),
)  # fmt: skip


def broken_by(one: dict[str, Mutant]) -> dict[str, Mutant]:
    """What breaks each promise; ``one`` finds a mutant by its name."""
    return {
        "codes_and_orders_agree": one["voucher/buying.py: a code does not name its order"],
        "code_orders_are_true": sabotage(QUOTES, "an order is a fen cheaper", "price_fen=brings.price_fen,", "price_fen=max(0, brings.price_fen - 1),"),
        "units_of_codes_are_owned": one["voucher/payment.py: a refund keeps the unit"],
    }  # fmt: skip
