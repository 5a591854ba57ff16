"""What of punch cards must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/punchcards"
BUYING, CARDS, DESK, HOLDERS, ITEMS, PASSES, PAYMENT, QUOTES, RETURNING, RULES, VIEWS = (
    f"{ROOM}/{name}.py"
    for name in (
        *("buying", "cards", "desk", "holders", "items", "passes", "payment", "quotes", "returning", "rules", "views"),
    )
)
OFFER = "chalicelib/campaigns/kinds/punchcard.py"

PUNCHED: tuple[Mutant, ...] = (
    sabotage(BUYING, "a card is ordered twice", "        if replay := placing.made_before(found, intent):\n            return replay, user, False\n", ""),
    sabotage(BUYING, "an ended campaign sells cards", "        campaign.insist_running(now)\n", ""),
    sabotage(BUYING, "cards are sold while nothing is", "        topup_rules.insist_read(topup_rules.in_force(wallet.declared(mid)), terms)\n", ""),
    sabotage(BUYING, "nobody need read the terms", "topup_rules.insist_read(topup_rules.in_force(wallet.declared(mid)), terms)", "topup_rules.in_force(wallet.declared(mid))"),
    sabotage(BUYING, "anybody buys for a family", "        standing.insist_may_spend(*standing.seen(found, mid, fid, uid), now)\n", ""),
    sabotage(BUYING, "more are sold than there are", "        if not units:\n            raise RippleError(problems.CARDS_SOLD_OUT)\n", ""),
    sabotage(BUYING, "what a coupon pays whole waits for money", "        if not order.cash_fen:", "        if False:"),
    sabotage(BUYING, "a family insists twice", "if order.payer is None and not standing.paid_from(order, fid):", "if True:"),
    sabotage(PAYMENT, "late money buys for who has left", "order.state is not OrderState.RELEASED or not _may_spend(found, ref, fid)", "order.state is not OrderState.RELEASED"),
    sabotage(PAYMENT, "late money buys nothing", "        if not units or held is None:", "        if True:"),
    sabotage(PAYMENT, "a buyer stays new", "        steps.add_purchase(tx, order)\n", ""),
    sabotage(PAYMENT, "the ordinary way pays a card back", "    def give_back(self, intent: Intent, order: Order, amount_fen: int | None, note: str) -> None:\n        raise returning.by_shop(order)", "    def give_back(self, intent: Intent, order: Order, amount_fen: int | None, note: str) -> None:\n        returning.pay_back(intent, order.oid, amount_fen, note)"),
    sabotage(PAYMENT, "a buyer is told of the shop's way", "return returning.by_buyer(order)", "return returning.by_shop(order)"),
    sabotage(HOLDERS, "who has left sees cards", "return family if _is_his(family, uid) else standing.seen(found, mid, fid, uid)[0]", "return family"),
    sabotage(HOLDERS, "a closed family's cards are nobody's", "return family.status is FamilyState.CLOSED and family.owner == uid", "return False"),
    sabotage(HOLDERS, "a closed family's cards are everybody's", "return family.status is FamilyState.CLOSED and family.owner == uid", "return family.status is FamilyState.CLOSED"),
    sabotage(HOLDERS, "who may not spend uses cards", "    if not _is_his(family, uid):\n        standing.insist_may_spend(*standing.seen(found, mid, fid, uid), now)\n", ""),
    sabotage(PASSES, "a pass is good for ever", "        claims, expired = late.claims, True\n", "        claims = late.claims\n"),
    sabotage(PASSES, "any merchant's pass is good", "    if claims[\"mid\"] != mid:\n        raise RippleError(CARD_PASS_UNFIT, \"/pass\")\n", ""),
    sabotage(PASSES, "any pass is a card's", "AUDIENCE = \"ripple:card\"", "AUDIENCE = \"ripple:pass\""),
    sabotage(PASSES, "all passes are one", "f\"{oid}.{new_ulid()}\"", "f\"{oid}.{'0' * 26}\""),
    sabotage(PASSES, "a pass of what is used up", "    rules.insist_left(card, 1)\n", ""),
    sabotage(DESK, "a scan that is sent again is refused", "        if recorded(intent, found[record]) is not None and before is not None:\n            return Done(before, card)\n", ""),
    sabotage(DESK, "what has expired is used", "        if shown.expired:\n            raise RippleError(CARD_PASS_UNFIT, \"/pass\")\n", ""),
    sabotage(DESK, "nobody wrote down who used it", "        audit.add(tx, mid, intent.actor, \"card.use\", card.oid, **said)\n", ""),
    sabotage(DESK, "nobody wrote down who undid it", "        audit.add(tx, mid, intent.actor, \"card.undo\", card.oid, **said)\n", ""),
    sabotage(DESK, "an undo that is sent again is refused", "        if recorded(intent, found[record]) is not None:\n            return Done(done, card)\n", ""),
    sabotage(RULES, "a pass is used twice", "    if use is not None:\n", "    if False:\n"),
    sabotage(RULES, "a use is undone after a day", "    if now > until:", "    if False:"),
    sabotage(RULES, "a use is undone twice", "    if use.undone_at is not None:", "    if False:"),
    sabotage(RULES, "what was paid back is undone", "    if card.state is CardState.PAID_BACK:\n        raise RippleError(problems.CARD_PAID_BACK)\n\n\ndef refund_until", "\n\ndef refund_until"),
    sabotage(RULES, "the share is rounded up", "card.price_fen * card.left // card.units)", "-(-card.price_fen * card.left // card.units))"),
    sabotage(RULES, "what went back goes back again", "min(live_fen, card.price_fen * card.left // card.units)", "card.price_fen * card.left // card.units"),
    sabotage(RULES, "it is had back a second later", "if now > (until := refund_until(card)):", "if False:"),
    sabotage(RULES, "more goes back than is not used", "    if fen > most:", "    if False:"),
    sabotage(RETURNING, "it is paid back twice over", "        if recorded(intent, found[keys[0]]) is not None:\n            return\n", ""),
    sabotage(RETURNING, "nobody wrote down who paid it back", "        audit.add(tx, mid, intent.actor, \"card.refund\", oid, **said)\n", ""),
    sabotage(RETURNING, "anybody has it back", " or order.uid != intent.actor or", " or"),
    sabotage(RETURNING, "goods go back as a card", " or order.play != PLAY or", " or"),
    sabotage(RETURNING, "it is had back of another family", " or family_of(order.object_id) != fid:", ":"),
    sabotage(RETURNING, "the same request has it back twice", "if (done := recorded(intent, found[keys[0]])) is not None:", "if (done := recorded(intent, found[keys[0]])) is None and done:"),
    sabotage(RETURNING, "it is had back for ever", "        rules.insist_in_time(card, clock.now())\n", ""),
    sabotage(RETURNING, "a card that is not paid is had back", "        if card is None:", "        if False:"),
    sabotage(RETURNING, "what was paid back whole is sold no more", "    if not card.used:", "    if False:"),
    sabotage(CARDS, "the first use comes first", "forward=False, after=after", "after=after"),
    sabotage(ITEMS, "a card that is used up is good", "return CardState.GOOD if self.left else CardState.USED_UP", "return CardState.GOOD"),
    sabotage(VIEWS, "every use is one's own", "mine=use.uid == uid", "mine=True"),
    sabotage(VIEWS, "everybody is told what may go back", "if seen.card.uid == uid else None", "if seen.card else None"),
    sabotage(QUOTES, "a card may not be passed on", "仅限本店使用，归本家庭共有", "仅限本店使用，不可转让"),
    sabotage(QUOTES, "a paused shop quotes", "declared = topup_rules.in_force(wallet.declared(mid))", "declared = wallet.declared(mid)"),
    sabotage(OFFER, "a card is sent", "        if sku.fulfilment is not Fulfilment.VIRTUAL:", "        if False:"),
    sabotage(OFFER, "a unit costs nothing", "        if sku.price_fen < sku.units:", "        if False:"),
    sabotage(OFFER, "a card costs more than it is compared with", "        if sku.price_fen > sku.reference_price_fen:", "        if False:"),
    sabotage(OFFER, "anybody sells cards", "        return [Prepaid(f\"/skus/{n}/price_fen\", sku.price_fen) for n, sku in enumerate(self.skus)]", "        return []"),
    sabotage(OFFER, "somebody must send a card", "return (AT_ONCE, *super().followed_by)", "return super().followed_by"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise about them."""
    return {
        "units_are_somewhere": sabotage(DESK, "a use takes one more", "[Card.left.add(-units)], when={\"enough\"", "[Card.left.add(-units - 1)], when={\"enough\""),
        "cards_are_bought": sabotage(PAYMENT, "what is paid brings no card", "        add_card(tx, order)\n", ""),
        "members_used_it": sabotage(HOLDERS, "everybody is a member", "        standing.add_may_spend(tx, family.mid, family.fid, uid, now)", "        pass"),
        "paid_back_by_share": sabotage(RETURNING, "less is noted than goes back", "Card.back_fen.set(fen)", "Card.back_fen.set(fen - 1)"),
        "cards_are_drawn": sabotage(PAYMENT, "a unit that is not paid stays taken", "        stock.add_return(tx, ref.mid, ref.cid, order.lines[0].sku_id, order.units or [])\n", ""),
    }  # fmt: skip
