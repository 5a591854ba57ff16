"""What of coupons must not be wrong and is no condition, each as one sabotaged line, and what breaks each promise."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/coupons"
ADMIN, ITEMS, LISTING, RULES, ROUTES, SERVICE, TENDER, VIEWS, WORTH = (
    f"{ROOM}/{name}.py"
    for name in ("admin", "items", "listing", "rules", "routes", "service", "tender", "views", "worth")
)
OFFER, LINES = "chalicelib/campaigns/kinds/coupon.py", "chalicelib/orders/lines.py"
WINDOWS = "chalicelib/rewards/windows.py"

CLAIMED: tuple[Mutant, ...] = (
    sabotage(SERVICE, "a claim asked twice is refused", "        if made is not None:\n            intent.insist_same(made.fingerprint or \"\")\n            return made\n", ""),
    sabotage(SERVICE, "one key claims of two templates", "intent.insist_same(made.fingerprint or \"\")", "pass"),
    sabotage(SERVICE, "an ended template is claimed", "        campaign.insist_running(now)\n        left = shelf.seen(found)\n        points", "        left = shelf.seen(found)\n        points"),
    sabotage(SERVICE, "an ended template is given", "        campaign.insist_running(now)\n        left = shelf.seen(found)\n        if sum", "        left = shelf.seen(found)\n        if sum"),
    sabotage(SERVICE, "a verdict on a newcomer is not kept", "coupon.fingerprint, coupon.verdict = intent.fingerprint, rules.insist_welcome(offer, user, now)", "coupon.fingerprint = intent.fingerprint"),
    sabotage(SERVICE, "nobody is given one twice over, nor again", "for uid in dict.fromkeys(uids)]", "for uid in uids]"),
    sabotage(SERVICE, "a gift counts as claimed", "new_coupon(mine, campaign, Why.GIVEN, now)", "new_coupon(mine, campaign, Why.CLAIMED, now)"),
    sabotage(SERVICE, "nobody wrote down who gave it", "        audit.add(tx, mid, intent.actor, \"coupon.give\", coupon.coupon_id, campaign_id=cid, user_id=uid, note=note)\n", ""),
    sabotage(SERVICE, "whoever is nobody gets one", "        if found.item(User, him) is None:\n            raise RippleError(NOT_FOUND)\n", ""),
    sabotage(SERVICE, "its merchant does not find it", "    coupon.gsi3pk, coupon.gsi3sk = list_entry(mid, campaign.cid, uid, coupon_id, now)\n", ""),
    sabotage(SERVICE, "yesterday's claims count today", "if seen is not None and seen.day == day:", "if seen is not None:"),
    sabotage(RULES, "what is only given is claimed", "    if not offer.claimable:\n        raise RippleError(problems.ONLY_GIVEN)\n", ""),
    sabotage(RULES, "anybody counts as new", "if not found.new:", "if False:"),
    sabotage(RULES, "whoever may be anybody must be new", "if offer.who_may_claim is WhoMayClaim.ANY:", "if False:"),
    sabotage(RULES, "the day's limit is forgotten", "and limit.today >= a_day:", "and limit.today > a_day:"),
    sabotage(RULES, "points are not counted", "points < offer.price_points:", "points < 0:"),
    sabotage(WINDOWS, "a delay is forgotten", "now + timedelta(days=validity.starts_after_days)", "now"),
    sabotage(WINDOWS, "months are of thirty days", "    year, month = divmod", "    return since + timedelta(days=30 * n)\n    year, month = divmod"),
    sabotage(WINDOWS, "a month is London's", "there = since.astimezone(clock.BEIJING)", "there = since"),
    sabotage(WINDOWS, "a month without such a day is an error", "day=min(there.day, last)", "day=there.day"),
    sabotage(OFFER, "a percentage is rounded up", "goods_fen * off.percent // 100", "-(-goods_fen * off.percent // 100)"),
    sabotage(OFFER, "a percentage has no cap", "return min(wanted, off.most_fen, goods_fen)", "return min(wanted, goods_fen)"),
    sabotage(WORTH, "any goods will do", "    if not terms.scope.covers(goods.sku_id, goods.category):\n        raise RippleError(problems.COUPON_SCOPE, pointer)\n", ""),
    sabotage(WORTH, "a threshold is forgotten", "if goods.fen < terms.threshold_fen:", "if False:"),
    sabotage(WORTH, "what stands alone combines", "if others and not this.terms.stackable:", "if False:"),
    sabotage(WORTH, "any number combines", "MOST_TOGETHER = 2", "MOST_TOGETHER = 4"),
    sabotage(WORTH, "two pieces of one coupon combine", "if any(one.coupon_id == this.coupon_id for one in others):", "if False:"),
    sabotage(WORTH, "they take more than the goods cost", "min(wanted[n].alone(goods), left)", "wanted[n].alone(goods)"),
    sabotage(WORTH, "the order of names decides", "for n in sorted(range(len(wanted)), key=lambda n: _turn(wanted[n], goods)):", "for n in range(len(wanted)):"),
    sabotage(WORTH, "amounts go first", "return not isinstance(one.terms.off, PercentOff),", "return isinstance(one.terms.off, PercentOff),"),
    sabotage(TENDER, "it does not matter what pays before", "if len(wanted) < n:", "if False:"),
    sabotage(TENDER, "a worthless one is locked", "            if not share:\n                raise RippleError(problems.COUPON_WORTHLESS, _pointer(n))\n", "            if not share:\n                return 1\n"),
    sabotage(TENDER, "an expired one pays", "    PieceState.EXPIRED: problems.COUPON_EXPIRED,\n", ""),
    sabotage(TENDER, "one pays before its time", "if state is PieceState.LATER:", "if False:"),
    sabotage(TENDER, "a piece that is not there pays", "if named is None or coupon is None or named.piece >= len(coupon.windows):", "if named is None or coupon is None:"),
    sabotage(TENDER, "money that comes late is too late for it", "coupon.state(n, order.created_at)", "coupon.state(n, clock.now())"),
    sabotage(TENDER, "late money uses what is taken", "return coupon is not None and coupon.state(n, order.created_at) is PieceState.AVAILABLE", "return coupon is not None"),
    sabotage(TENDER, "it comes back with the first fen", "        if part.back_fen + fen < part.fen:\n            return\n", ""),
    sabotage(TENDER, "an order without money locks it for ever", "f\"{USED if captured else LOCKED}{order.oid}\"", "f\"{LOCKED}{order.oid}\""),
    sabotage(TENDER, "all that is to come is a choice", "and piece not in coming[1:]]", "]"),
    sabotage(TENDER, "the least comes first", "key=lambda choice: (-choice.worth_fen,", "key=lambda choice: (choice.worth_fen,"),
    sabotage(LISTING, "a hundred coupons are all", "        if after is None:\n            return\n", "        return\n"),
    sabotage(LISTING, "one shard is listed", "for shard in range(LIST_SHARDS)]", "for shard in range(1)]"),
    sabotage(ADMIN, "what is used is taken back", "        if not unused:\n            raise RippleError(NOTHING_LEFT)\n", "        if not unused:\n            unused = [0]\n"),
    sabotage(ADMIN, "nobody wrote down who took it back", "        audit.add(tx, mid, intent.actor, \"coupon.invalidate\", coupon_id, user_id=uid, reason=reason)\n", ""),
    sabotage(ADMIN, "it is taken back twice", " or coupon.invalid_at is not None:", ":"),
    sabotage(VIEWS, "a coupon shows its last piece", "state = next(state for state in SAID if state in there)", "state = pieces[-1].state"),
    sabotage(VIEWS, "nobody is told that an order holds it", "locked = any(piece.state is PieceState.LOCKED for piece in seen.pieces)", "locked = False"),
    sabotage(ROUTES, "any state is the state that is asked for", "any(piece.state is page.state for piece in one.pieces)", "True"),
    sabotage(LINES, "a quote forgets what was to pay", "\"cash_fen\": cost.total_fen - sum(part.fen for part in parts),", "\"cash_fen\": cost.total_fen,"),
    sabotage(LINES, "a quote says nothing of coupons", "\"choices\": tenders.choices(bill),", "\"choices\": [],"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise of the room."""
    return {
        "pieces_are_somewhere": sabotage(TENDER, "a piece names no order", "[PIECES[n].set(f\"{USED if captured else LOCKED}{order.oid}\")]", "[PIECES[n].set(f\"{USED if captured else LOCKED}{order.uid}\")]"),
        "coupons_are_drawn": sabotage(SERVICE, "a gift is drawn from nothing", "        stock.add_draw(tx, left, stock.draw(left, 1))\n        audit", "        audit"),
        "claims_are_counted": sabotage(SERVICE, "a day counts one too many", "ClaimLimit.today.set(1)]", "ClaimLimit.today.set(2)]"),
        "claims_hold": sabotage(SERVICE, "any number is claimed", "(ClaimLimit.n < offer.per_user)}", "(ClaimLimit.n <= offer.per_user)}"),
        "claims_are_paid_for": sabotage(SERVICE, "the price is a point less", "add_points_spent(tx, mid, uid, price, ref", "add_points_spent(tx, mid, uid, price - 1, ref"),
        "locks_and_orders_agree": sabotage(TENDER, "a release keeps it locked", "[PIECES[n].remove()], when=when)\n\n    def add_back", "[], when=when)\n\n    def add_back"),
        "uses_and_orders_agree": sabotage(TENDER, "what was used is used for ever", "[PIECES[n].remove()], when=when)\n\n\nCOUPONS", "[], when=when)\n\n\nCOUPONS"),
        "coupons_combine": sabotage(TENDER, "freight is paid too", "return Goods(bill.sku_id, bill.category, bill.goods_fen)", "return Goods(bill.sku_id, bill.category, bill.total_fen + 100_000)"),
        "locks_end": sabotage(TENDER, "it is locked after its order was paid", "[PIECES[n].set(f\"{USED}{order.oid}\")]", "[PIECES[n].set(f\"{LOCKED}{order.oid}\")]"),
    }  # fmt: skip
