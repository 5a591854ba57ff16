"""What of segments and recalls must not be wrong and is no condition, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/recall"
CALLING, FOLLOWING, PEOPLE, RECALLS, RULES, TIMERS = (
    f"{ROOM}/{name}.py" for name in ("calling", "following", "people", "recalls", "rules", "timers")
)

SORTED: tuple[Mutant, ...] = (
    sabotage(FOLLOWING, "an order told twice is written twice", "    if counted is not None and Worth(counted.n, counted.fen) == now:\n        return\n", ""),
    sabotage(FOLLOWING, "nobody is listed", "    if tier is not None:\n        buyer.gsi1pk", "    if False:\n        buyer.gsi1pk"),
    sabotage(FOLLOWING, "what goes back is not looked at", "        \"\"\"It counts less, or no more.\"\"\"\n        decided(partial(_count, order))", "        \"\"\"It counts less, or no more.\"\"\""),
    sabotage(RULES, "what went back whole counts", "    if stands.order.state is not OrderState.CONFIRMED:\n        return Worth(0, 0)\n", ""),
    sabotage(RULES, "a coupon is money", 'LOWERS = frozenset({"coupon"})', "LOWERS = frozenset[str]()"),
    sabotage(RULES, "an earlier order is the latest", "Sums(max(before.last_at, at),", "Sums(at,"),
    sabotage(RULES, "much alone makes no VIP", "if many or much:", "if many:"),
    sabotage(RULES, "nobody is lost", "    if buyer.last_at <= now - timedelta(days=terms.lost_days):\n        return Segment.LOST\n", ""),
    sabotage(RULES, "whoever is lost is asleep too", "return Part(tuple(Tier), after=lost, until=asleep)", "return Part(tuple(Tier), until=asleep)"),
    sabotage(RULES, "VIPs never sleep", "return Part((BY_TIER[segment],), after=asleep)", "return Part((BY_TIER[segment],))"),
    sabotage(RULES, "lost before asleep", "if terms.lost_days <= terms.asleep_days:", "if False:"),
    sabotage(PEOPLE, "a cursor leads out of the segment", "for place in (after, where.after) if place", "for place in (after or where.after,) if place"),
    sabotage(PEOPLE, "every board counts for everybody", "return terms.inviter_campaign or EVERYBODY", "return EVERYBODY"),
    sabotage(PEOPLE, "whoever is blocked is told", "    if person.user is None or person.user.status is not UserState.ACTIVE:\n        return False\n", ""),
    sabotage(PEOPLE, "a list is always right", "rules.segment_of(person.buyer, terms, now) is segment", "True"),
    sabotage(RULES, "a minor is thanked", "moment is Moment.THANKS and minors.is_minor(person.user)", "False"),
    sabotage(RULES, "whoever wants no offers is told", "if habit is not None and unwanted(moment, habit):", "if False:"),
    sabotage(RULES, "whoever was told lately is told", "(called is not None and called.at > now - APART) or ", ""),
    sabotage(RULES, "a day has no bound", " or told_enough(habit, voice.terms, day):", ":"),
    sabotage(RULES, "nobody need agree", "Call.WITHOUT if template is None else Call.TOLD", "Call.TOLD"),
    sabotage(RULES, "anybody is thanked", "if moment is Moment.THANKS and segment is not", "if False and segment is not"),
    sabotage(RULES, "it may run for ever", "if not now < until <= now + APART:", "if not now < until:"),
    sabotage(RULES, "the last minute before the night is awake", "ARRIVES = timedelta(minutes=2)", "ARRIVES = timedelta(0)"),
    sabotage(CALLING, "one has a coupon of it twice", "    if found[mine] is not None:\n        return Call.HIS\n", ""),
    sabotage(CALLING, "a coupon is drawn from nothing", "    if not drawn:\n        return Call.NONE_LEFT\n", ""),
    sabotage(CALLING, "a message says when the first piece ends", "max(window.until for window in coupon.windows)", "min(window.since for window in coupon.windows)"),
    sabotage(RECALLS, "nobody wrote down who started it", '        audit.add(tx, mid, intent.actor, "recall.start", recall.rid, **told)\n', ""),
    sabotage(RECALLS, "nobody wrote down who ended it", '        audit.add(tx, mid, intent.actor, "recall.cancel", rid)\n', ""),
    sabotage(RECALLS, "one key starts two", "            intent.insist_same(made.fingerprint)\n", ""),
    sabotage(RECALLS, "a template is not asked for", "if not voice_now(mid).tells(wish.moment):", "if False:"),
    sabotage(RECALLS, "an ended campaign is told of", "_template(mid, wish.campaign_id).insist_running(now)", "_template(mid, wish.campaign_id)"),
    sabotage(TIMERS, "it goes on after its time", "    if now >= turn.recall.until:\n        return Stop.TIME\n", ""),
    sabotage(TIMERS, "a paused campaign is told of", "    if not turn.campaign.is_running(now):\n        return Stop.CAMPAIGN\n", ""),
    sabotage(TIMERS, "it tells with nothing", "return None if turn.voice.tells(turn.recall.moment) else Stop.MESSAGES", "return None"),
    sabotage(TIMERS, "it is never quiet", "    if awake is not None:\n", "    if False:\n"),
    sabotage(TIMERS, "each turn begins anew", "people.page(where, PAGE, recall.place)", "people.page(where, PAGE, None)"),
    sabotage(TIMERS, "one page is all", "    if more is None:\n        _end", "    if True:\n        _end"),
    sabotage("chalicelib/fulfilment/messages.py", "nobody is asked whether he may be called back", "Moment.REFUNDED, Moment.RECALL)", "Moment.REFUNDED)"),
    sabotage("chalicelib/invite/routes.py", "nobody is asked whether he may be thanked", "Moment.REWARD_ARRIVED, Moment.THANKS)", "Moment.REWARD_ARRIVED)"),
    sabotage("chalicelib/orders/follows.py", "orders are counted for nobody", "[FOLLOWER] if campaign.is_counted else []", "list[str]()"),
    sabotage("chalicelib/campaigns/live.py", "everybody's orders are counted", "setup is not None and setup.terms.counting", "True"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise of the room."""
    return {
        "buyers_add_up": sabotage(RULES, "what an order counted before is added again", "now.n - (counted.n if counted else 0), now.fen - (counted.fen if counted else 0)", "now.n, now.fen"),
        "buyers_are_listed": sabotage(FOLLOWING, "an order is listed", "listed(order.mid, order.uid, tier, sums.last_at)", "listed(order.mid, order.oid, tier, sums.last_at)"),
        "recalls_give_once": sabotage(CALLING, "nobody is counted", "[Recall.told.add(1)]", "[Recall.told.add(0)]"),
        "recalls_tell": sabotage(CALLING, "a coupon without a word", "    owe_message(tx, \"message\", mid, uid, recall.moment, recall.rid, _facts(turn, person, coupon), about=_about(coupon))\n", ""),
        "recalls_are_rare": sabotage(CALLING, "nobody remembers when", "Called.at.set(now)]", "Called.at.set(recall.created_at - rules.APART)]"),
        "recalls_go_on": sabotage(TIMERS, "an end has no time", "Recall.ended_at.set(clock.now()), *_counted", "*_counted"),
        "orders_are_counted": sabotage(FOLLOWING, "a return changes nothing", "counted is not None and Worth(counted.n, counted.fen) == now", "counted is not None"),
    }  # fmt: skip
