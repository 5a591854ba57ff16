"""What must not go wrong with rewarded invitations, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

PROMISING, REACHING, HOLDING, THRESHOLDS, EARNING, AWAITING, PURSE, RULES, FRIENDS, REWARDED, VIEWS = (
    f"chalicelib/invite/{name}.py"
    for name in (
        *("promising", "reaching", "holding", "thresholds", "earning", "awaiting", "purse", "rules", "friends"),
        *("rewarded", "reward_views"),
    )
)
OFFER, FIRSTS, GRANTS = (
    "chalicelib/campaigns/kinds/invite.py",
    "chalicelib/sharing/firsts.py",
    "chalicelib/rewards/grants.py",
)
BARGAIN, HELD = "chalicelib/bargain/service.py", "chalicelib/bargain/held.py"

REWARDED_INVITES: tuple[Mutant, ...] = (
    sabotage(PROMISING, "who is not new brings something", "        if not new:\n            return Rewards.NOT_NEW\n", ""),
    sabotage(PROMISING, "nothing is drawn for a promise", "        self._purse.add_drawn(tx, taken)\n", ""),
    sabotage(PROMISING, "a campaign that is over promises", " or not campaign.is_running(now):", ":"),
    sabotage(PROMISING, "nobody follows a friend's orders", "actions.append(User.followed_by.set([*(child.followed_by or []), FOLLOWER]))", "pass"),
    sabotage(PROMISING, "nobody awaits a friend's help", "actions.append(User.awaited.set([*(child.awaited or []), FIRST_HELP]))", "pass"),
    sabotage(PROMISING, "an acceptance is given at once", "due = self._now + one.hold if one.hold is not None else", "due = self._now if one.hold is not None else"),
    sabotage(PROMISING, "what has yet to happen is held", "state = GrantState.HELD if reached else GrantState.PROMISED", "state = GrantState.HELD"),
    sabotage(PROMISING, "who has ordered meanwhile is as new", '"as_new": same(User.last_order_at, child.last_order_at),', '"as_new": User.pk.exists(),'),
    sabotage(PROMISING, "nobody looks after a friend", "friend.set_due(over(friend, friend.until + GRACE))", "pass"),
    sabotage(REACHING, "help that comes too late counts", "if friend is None or at > friend.until:", "if friend is None:"),
    sabotage(REACHING, "a first help is awaited for ever", "        add_unhelped(tx, user)\n", ""),
    sabotage(REACHING, "a help has no hold", "clock.now() + timedelta(days=stage.hold_days if stage else 0)", "clock.now()"),
    sabotage(REACHING, "a stage forgets its order", '    tx.update("friend", friend, [Friend.order.set(oid)], when={"first": Friend.order.does_not_exist()})\n', ""),
    sabotage(REACHING, "an order that went back is a first", " or order.state is not OrderState.CONFIRMED:\n        return\n    keys", ":\n        return\n    keys"),
    sabotage(REACHING, "orders are followed for ever", "    if offer.commission is None:\n        add_unfollowed(tx, user)\n", ""),
    sabotage(REACHING, "any order counts", "if not rules.counts(offer, order, friend.until):", "if False:"),
    sabotage(REACHING, "commission goes up the whole tree", "return edge.ancestors[: rate.levels] if edge else []", "return edge.ancestors if edge else []"),
    sabotage(REACHING, "what went back keeps its stage", "grants.undo(stage_key(friend, StageOn.FIRST_ORDER), ORDER_REFUNDED)", "pass"),
    sabotage(REACHING, "what went back keeps its commission", "grants.undo(grant_key(order.mid, uid, commission_ref(friend.cid, order.oid, level)), ORDER_REFUNDED)", "pass"),
    sabotage(REACHING, "a part that goes back takes all", "if order.state is not OrderState.REFUND:", "if False:"),
    sabotage(EARNING, "nothing is drawn for what is earned", "        purse.add_drawn(tx, drawn)\n", ""),
    sabotage(EARNING, "nobody says that nothing was left", "ungiven(SOURCE, uid, gift, origin, NONE_LEFT)", 'ungiven(SOURCE, uid, gift, origin, "-")'),
    sabotage(HOLDING, "an order may go back after it was rewarded", "if (until := rules.looked_at_again(order, now)) is not None:", "if (until := rules.looked_at_again(order, now)) is not None and False:"),
    sabotage(HOLDING, "commission is of what was paid once", "return Less(worth) if worth < grant.gift.amount else None", "return None"),
    sabotage(HOLDING, "of whom WeChat warns he is rewarded", "    if verdict.outcome is Outcome.DENY:\n        return End(GrantState.VOID, noted(verdict.reasons))\n", ""),
    sabotage(THRESHOLDS, "of whom WeChat warns he counts", "doubted = user is None or judged(user, Shape(), *(one.gift.form for one in reached)).outcome is Outcome.DENY", "doubted = user is None"),
    sabotage(HOLDING, "a farm is rewarded", 'return Ask(noted(verdict.reasons)) if verdict.outcome is Outcome.HOLD else Go()', "return Go()"),
    sabotage(HOLDING, "a promise is given without its act", "if grant.state is GrantState.PROMISED:", "if False:"),
    sabotage(GRANTS, "what is worth less keeps all of the budget", "    _add_back(tx, grant, back)\n    tx.commit()\n\n\ndef _ask", "    tx.commit()\n\n\ndef _ask"),
    sabotage(THRESHOLDS, "friends count at once", "and now >= friend.counts_at:", "and True:"),
    sabotage(THRESHOLDS, "a threshold brings nothing", "            _add_threshold(tx, friend, threshold)\n", "            pass\n"),
    sabotage(THRESHOLDS, "whoever has more is granted again", "if threshold.friends == n:", "if threshold.friends <= n:"),
    sabotage(THRESHOLDS, "promises never lapse", '        grants.add_end(tx, grant, GrantState.LAPSED, NOT_IN_TIME, {})\n', ""),
    sabotage(THRESHOLDS, "a friend is followed for ever", "    if child is not None and FOLLOWER in (child.followed_by or []):\n        add_unfollowed(tx, child)\n", ""),
    sabotage(THRESHOLDS, "a friend is awaited for ever", "            add_unhelped(tx, child)\n", "            pass\n"),
    sabotage(AWAITING, "whoever follows him too is forgotten", "action: Action = attribute.set(left) if left else attribute.remove()", "action: Action = attribute.remove()"),
    sabotage(RULES, "group orders count as bought alone", 'return OrderKind.ALONE if order.role == "solo" else OrderKind.GROUP', "return OrderKind.ALONE"),
    sabotage(RULES, "commission is of the freight too", "money_fen - (order.freight_fen or 0)", "money_fen"),
    sabotage(RULES, "commission has no bound", "amount = min(rate.most, goods_fen * rate.bp(level) // WHOLE_BP)", "amount = goods_fen * rate.bp(level) // WHOLE_BP"),
    sabotage(RULES, "cash is promised that WeChat does not transfer", "return 0 if isinstance(rate.form, AsCash) and amount < LEAST_FEN else amount", "return amount"),
    sabotage(RULES, "a case is not waited for", "if until is None or order.case is not None:", "if until is None:"),
    sabotage(RULES, "late orders count", "and order.confirmed_at <= until", ""),
    sabotage(FRIENDS, "one name for all steps", 'return f"inv.{child}.{what}"', 'return f"inv.{what}"'),
    sabotage(FRIENDS, "one name for both levels", 'return f"{commissions(cid)}{oid}.{level}"', 'return f"{commissions(cid)}{oid}.1"'),
    sabotage(VIEWS, "a user reads what speaks against him", "note = grant.note if grant.note in OPEN_NOTES else None", "note = grant.note"),
    sabotage(REWARDED, "an empty budget is enough", "if any(there[c] < needs[c] for c in budget):", "if False:"),
    sabotage(OFFER, "the second level gets the first's rate", "return self.percent_bp if level == 1 else self.second_bp", "return self.percent_bp"),
    sabotage(FIRSTS, "every help owes an entry", "if FIRST_HELP in (user.awaited or []):", "if True:"),
    sabotage(BARGAIN, "a help is not heard of", "            firsts.add_first_help(tx, user, target(bid))\n", ""),
    sabotage(HELD, "a help that waited is not heard of", "            firsts.add_first_help(tx, helper, service.target(given.bid))\n", "            pass\n"),
)  # fmt: skip


def broken_by(one: dict[str, Mutant]) -> dict[str, Mutant]:
    """What breaks each promise of the room; ``one`` finds a mutant by its name."""
    return {
        "stages_are_promised_once": sabotage(PROMISING, "a friend gets what his inviter was promised", "yield _Promised(self._inviter, stage_ref(", "yield _Promised(child, stage_ref("),
        "thresholds_are_as_counted": one["invite/thresholds.py: a threshold brings nothing"],
        "commission_is_within_bounds": sabotage(REACHING, "commission is a fen too much", "gift = Gift(amount=amount, form=rate.form)", "gift = Gift(amount=amount + 1, form=rate.form)"),
        "holds_are_held": one["invite/holding.py: an order may go back after it was rewarded"],
        "who_is_awaited_is_awaited_by_a_promise": one["invite/reaching.py: a first help is awaited for ever"],
        "first_orders_are_ones": one["invite/reaching.py: a stage forgets its order"],
        "friends_are_looked_after": one["invite/promising.py: nobody looks after a friend"],
        "all_is_heard_of": sabotage(REACHING, "the second level is forgotten", "    if amount == 0:", "    if amount == 0 or level > 1:"),
        "what_went_back_is_undone": one["invite/reaching.py: what went back keeps its commission"],
        "nobody_is_awaited_for_ever": sabotage(THRESHOLDS, "whose time is over is not over", "[Friend.over_at.set(clock.now())]", "[]"),
    }  # fmt: skip
