"""What of segments and recalls must not be wrong and is no condition, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/recall"
FOLLOWING, PEOPLE, RULES, SERVICE = (f"{ROOM}/{name}.py" for name in ("following", "people", "rules", "service"))

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
    sabotage("chalicelib/orders/follows.py", "orders are counted for nobody", "[FOLLOWER] if campaign.is_counted else []", "list[str]()"),
    sabotage("chalicelib/campaigns/live.py", "everybody's orders are counted", "setup is not None and setup.terms.counting", "True"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise of the room."""
    return {
        "buyers_add_up": sabotage(RULES, "what an order counted before is added again", "now.n - (counted.n if counted else 0), now.fen - (counted.fen if counted else 0)", "now.n, now.fen"),
        "buyers_are_listed": sabotage(FOLLOWING, "somebody stands where he stood", "listed(order.mid, order.uid, tier, sums.last_at)", "listed(order.mid, order.uid, tier, order.created_at)"),
        "orders_are_counted": sabotage(FOLLOWING, "a return changes nothing", "counted is not None and Worth(counted.n, counted.fen) == now", "counted is not None"),
    }  # fmt: skip
