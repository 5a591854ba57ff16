"""What of thanks, rains and their gate must not be wrong and is no condition, and what breaks each promise."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

THANKS, GRANTS = "chalicelib/rewards/thanks.py", "chalicelib/rewards/grants.py"
VALUES = "chalicelib/rewards/rules.py"
RAIN, RULES, VIEWS = (f"chalicelib/redpacket/{name}.py" for name in ("rain", "rain_rules", "rain_views"))
DOCUMENT, CHECKS = "chalicelib/campaigns/kinds/rain.py", "chalicelib/campaigns/reward_checks.py"
BROUGHT, LINES, GIFTS = "chalicelib/orders/brought.py", "chalicelib/orders/lines.py", "chalicelib/campaigns/gifts.py"
DISCLOSED, DELIVERY = "chalicelib/campaigns/disclosure.py", "chalicelib/fulfilment/delivery.py"
WALLET = "chalicelib/campaigns/wallet_checks.py"

THANKED: tuple[Mutant, ...] = (
    sabotage(THANKS, "a thing is promised again and again", "    if found[key] is not None:\n        return\n", ""),
    sabotage(THANKS, "just what is asked for is too little", "stands.live_fen < after.least_paid_fen", "stands.live_fen <= after.least_paid_fen"),
    sabotage(THANKS, "points are for whatever paid", "(stands.money_fen // 100)", "(stands.live_fen // 100)"),
    sabotage(THANKS, "an open case is not waited for", "return now + OPEN_CASE if order.case is not None else None", "return None"),
    sabotage(THANKS, "the last instant to ask is too late", "if now <= order.ask_until:", "if now < order.ask_until:"),
    sabotage(THANKS, "what is given rests on nothing", "return Go(lambda tx: standing.add_as_seen(tx, stands))", "return Go()"),
    sabotage(THANKS, "points are what they were at first", "if of_points and _points_of(stands, after) < grant.gift.amount:", "if False:"),
    sabotage(THANKS, "no points are given", "        if of_points and not _points_of(stands, after):\n            return End(GrantState.VOID, TOO_LITTLE_PAID)\n", ""),
    sabotage(THANKS, "a coupon waits too", "at_once = thing == GIFT and after.hold is Hold.NONE", "at_once = False"),
    sabotage(THANKS, "points come at once too", "at_once = thing == GIFT and after.hold is Hold.NONE", "at_once = after.hold is Hold.NONE"),
    sabotage(THANKS, "an order that ended is thanked", "    if stands.order.state is not OrderState.CONFIRMED:\n        return ORDER_REFUNDED\n", ""),
    sabotage(THANKS, "a part that goes back takes everything", "note = _undone(standing.of(order), after) if after is not None else None", "note = ORDER_REFUNDED"),
    sabotage(THANKS, "what was taken back is shown as given", 'GrantState.CLAWED: "taken_back",', 'GrantState.CLAWED: "granted",'),
    sabotage(GRANTS, "less is given and more is said", "[Grant.gift.set(gift), Grant.drawn.set(kept)]", "[Grant.drawn.set(kept)]"),
    sabotage(GRANTS, "a unit of a burst goes back as fen", "escrow = grant.escrow or ESCROWS[grant.gift.currency]", "escrow = ESCROWS[grant.gift.currency]"),
    sabotage(DELIVERY, "nobody knows on the order that it arrived", "actions.append(Order.done_at.set(clock.now()))", "pass"),
    sabotage(BROUGHT, "an order says nothing of what it brings", "return [one for teller in tellers for one in teller.told(order, found, language)]", "return []"),
    sabotage(LINES, "a quote says nothing of what an order brings", "*(Promise(zh, en) for zh, en in promised(campaign.offer.after_order)),", ""),
    sabotage(BROUGHT, "nobody is told that it may end", '[(f"{zh}；预算有限，赠完即止", f"{en}; while the budget lasts.") for zh, en in said]', "said"),
    sabotage(BROUGHT, "a gift is said to come at once", "if hold is Hold.NONE:", "if True:"),
    sabotage(BROUGHT, "nobody is told from what a coupon counts", "if not gift.form.threshold_fen:", "if True:"),
    sabotage(BROUGHT, "nobody is told from which amount on", 'if least else ("", "")', 'if False else ("", "")'),
    sabotage(GIFTS, "who gives points is not told of orders", "thanks = self.gift is not None or self.points_per_yuan > 0", "thanks = self.gift is not None"),
    sabotage(RAIN, "a doubtful claim is given", "return Ask(grant.note) if grant.note else Go()", "return Go()"),
    sabotage(RAIN, "a claim sent again is refused", "        if done is not None:\n            return done\n", ""),
    sabotage(RAIN, "a paused campaign rains", "        campaign.insist_running(now)\n", ""),
    sabotage(RAIN, "nobody looks before he claims", "seen = tickets.opened(mid, uid, target(cid), ticket)", "seen = tickets.read(mid, uid, target(cid), ticket)"),
    sabotage(RAIN, "one claims of every burst", "        if offer.bursts_each is not None:\n", "        if False:\n"),
    sabotage(RULES, "the last instant of a burst is over", "return BurstState.RUNNING if now <= burst.until else BurstState.OVER", "return BurstState.RUNNING if now < burst.until else BurstState.OVER"),
    sabotage(RULES, "a burst is never over", "    if state is BurstState.OVER:\n        raise RippleError(problems.RAIN_OVER)\n", ""),
    sabotage(RULES, "anybody counts as new", "if offer.only_new is not None and not", "if False and not"),
    sabotage(VALUES, "balance is given as lightly as a coupon", "any(isinstance(form, AsBalance | AsCash) for form in forms)", "any(isinstance(form, AsCash) for form in forms)"),
    sabotage(RULES, "what is denied counts", "    if judged.outcome is Outcome.DENY:\n        raise RippleError(problems.RAIN_REFUSED)\n", ""),
    sabotage(RULES, "some shards say that nothing is left", "return Left.NONE if every else Left.FEW", "return Left.NONE"),
    sabotage(RULES, "a fifth is plenty", "left * 5 > left", "left * 5 >= left"),
    sabotage(RULES, "a burst that is over is looked at", "there = burst.at <= now + ahead and now <= burst.until", "there = burst.at <= now + ahead"),
    sabotage(VIEWS, "a ticket is given to whom it does not help", "if soon and not has else None", "if not has else None"),
    sabotage(VIEWS, "who has claimed may claim", "may_claim=refused is None and not has", "may_claim=refused is None"),
    sabotage(VIEWS, "what is checked is said to be given", "(grant.state is GrantState.HELD and not grant.note)", "grant.state is GrantState.HELD"),
    sabotage(VIEWS, "its merchant sees one claim for all", "claimed = sum(shard.taken for shard in shards)", "claimed = len(shards)"),
    sabotage(DOCUMENT, "bursts may touch", "if burst.at <= before.until:", "if burst.at < before.until:"),
    sabotage(DOCUMENT, "a burst may outlive its campaign", "burst.until >= offer.ends_at", "burst.until > offer.ends_at"),
    sabotage(DOCUMENT, "any budget will do", "if dict(offer.budget.parts()) != {currency: total}:", "if offer.budget is None:"),
    sabotage(CHECKS, "who buys something virtual brings friends a gain", "if not (offer.is_virtual and offer.friends_gain):", "if not (offer.sells is Sells.VIRTUAL and offer.friends_gain):"),
    sabotage(CHECKS, "a gift may be worth anything", "PRIZE_FEN = 5_000_000", "PRIZE_FEN = 50_000_000"),
    sabotage(GIFTS, "a gift of balance may be worth as much as any", "BALANCE_FEN = 500_000", "BALANCE_FEN = 5_000_000"),
    sabotage(WALLET, "balance is given at once", "if after is not None and after.hold is Hold.NONE and", "if after is not None and False and"),
    sabotage(CHECKS, "a budget need not reach for one", "if funds.get(currency, 0) < most:", "if currency not in funds:"),
    sabotage(CHECKS, "nobody need be told that it may end", "if offer.gifts and not told and", "if False and"),
    sabotage(CHECKS, "who has enough must say that it may end", "return not offer.goods or total < an_order * sum(sku.stock for sku in offer.goods)", "return True"),
    sabotage(CHECKS, "orders of nothing bring something", "if offer.after_order is not None and not offer.goods:", "if False:"),
    sabotage(DISCLOSED, "anything says that it may end", "return re.search(LIMITED, _plain(text)) is not None", "return bool(text)"),
    sabotage(THANKS, "what is promised is drawn from nothing", "    funds.add_drawn(tx, drawn)\n", ""),
)  # fmt: skip

BROKEN: dict[str, Mutant] = {
    "thanks_wait": sabotage(THANKS, "a gift waits for nothing", "if (of_points or after.hold is Hold.UNTIL_COMPLETE) and", "if of_points and"),
    "points_are_for_money": sabotage(THANKS, "a broken yuan is whole", "return after.points_per_yuan * (stands.money_fen // 100)", "return after.points_per_yuan * -(-stands.money_fen // 100)"),
    "claims_are_units": sabotage(RAIN, "a claim holds nothing", "GrantState.HELD, now, units, escrow=place", "GrantState.HELD, now, [], escrow=place"),
    "claims_are_in_time": sabotage(RULES, "a burst has always begun", "    if state is BurstState.COMING:\n", "    if False:\n"),
    "bursts_each_are_counted": sabotage(RAIN, "a claim counts twice", "[RainLimit.claims.add(1)]", "[RainLimit.claims.add(2)]"),
    "thanks_follow_their_orders": sabotage(THANKS, "what an order brought stays when its money goes", "        if note is not None:\n", "        if False:\n"),
}  # fmt: skip
"""What breaks each promise of the room."""
