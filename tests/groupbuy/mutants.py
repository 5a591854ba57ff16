"""What of a group-buy's options, pages and quotes must not be wrong, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/groupbuy"
RULES, DETAIL, QUOTES, SERVICE, SOLO, ADMIN, TIMERS = (
    f"{ROOM}/{name}.py" for name in ("rules", "detail", "quotes", "service", "solo", "admin", "timers")
)
QUOTED, PLACING = "chalicelib/orders/quoted.py", "chalicelib/orders/placing.py"
OFFER = "chalicelib/campaigns/kinds/groupbuy.py"
NEWCOMER, MONEY = "chalicelib/accounts/newcomer.py", "chalicelib/core/money.py"

SHOWN: tuple[Mutant, ...] = (
    sabotage(RULES, "a leader pays like anybody", "return sku.leader_price_fen if role", "return sku.price_fen if role"),
    sabotage(RULES, "anybody may buy alone", "raise RippleError(problems.NO_SOLO)", "return sku.price_fen"),
    sabotage(RULES, "a group opens without units for all", "if stock_left < offer.units_at_once:", "if stock_left < offer.units_per_seat:"),
    sabotage(RULES, "seats are held to the last second", "LAST_HOLD = timedelta(minutes=2)", "LAST_HOLD = timedelta(0)"),
    sabotage(RULES, "a seat may be tried for ever", "seat.take >= MOST_TAKES", "seat.take >= 1000"),
    sabotage(RULES, "a closed group takes late money", " and group.why is None", ""),
    sabotage(RULES, "whoever may be anybody must be new", "if offer.who_may_join is WhoMayJoin.ANY:", "if False:"),
    sabotage(NEWCOMER, "the dormant are never new", "ordered is None or ordered <", "ordered is None and now <"),
    sabotage(NEWCOMER, "who was seen before is new", "user.created_at >= campaign_start", "user.created_at <= now"),
    sabotage(NEWCOMER, "who has ordered is new", "Definition.NEVER_ORDERED: ordered is None,", "Definition.NEVER_ORDERED: True,"),
    sabotage(MONEY, "the 100 rule is turned round", "reference_fen < 100_00", "reference_fen >= 100_00"),
    sabotage(MONEY, "a saving is rounded up", "amount * 100 // reference_fen", "-(-amount * 100 // reference_fen)"),
    sabotage(OFFER, "several SKUs are one", "return len(self.skus) == 1", "return True"),
    sabotage(OFFER, "a group's units are one seat's", "(self.size if self.one_sku else 1)", "1"),
    sabotage(DETAIL, "full groups are offered", " and g.left > 0]", "]"),
    sabotage(DETAIL, "the emptiest are offered first", "key=lambda g: (g.left, g.expires_at or g.created_at)", "key=lambda g: (-g.left, g.expires_at or g.created_at)"),
    sabotage(DETAIL, "groups that are about to end are offered", "soonest = clock.now() + rules.LAST_HOLD", "soonest = clock.now()"),
    sabotage(DETAIL, "one shard of groups is shown", "for shard in range(LIST_SHARDS) for group in _with_room", "for shard in range(1) for group in _with_room"),
    sabotage(DETAIL, "a page of full groups ends the search", "MOST_LIST_PAGES = 4", "MOST_LIST_PAGES = 1"),
    sabotage(DETAIL, "a pending group has a page", "if group is None or (group.status == GroupState.PENDING and group.leader != uid):", "if group is None:"),
    sabotage(DETAIL, "a pending group has a card", "if group is not None and (group.status != GroupState.PENDING or group.leader == uid):", "if group is not None:"),
    sabotage(DETAIL, "members are shown by their names", "Member(\n            nickname=mask(seat.nickname),", "Member(\n            nickname=seat.nickname or \"\","),
    sabotage(DETAIL, "released seats sit in the group", "isinstance(s, Seat) and s.state != SeatState.RELEASED]", "isinstance(s, Seat)]"),
    sabotage("chalicelib/orders/lines.py", "a quote is for one unit", '"total_fen": cost.total_fen,', '"total_fen": cost.price_fen + cost.freight_fen,'),
    sabotage(QUOTES, "the leader is quoted the members' price", "price = rules.price_of(sku, role)", "price = rules.price_of(sku, SeatRole.MEMBER)"),
    sabotage(QUOTES, "a leader is not told of the stock", "PROMISES[:1] if role is SeatRole.LEADER else ()", "()"),
    sabotage(QUOTES, "everybody is promised a refund", "HONOURED if honoured else REFUNDED", "REFUNDED"),
    sabotage(QUOTES, "a paused campaign is quoted", "if campaign.status is not CampaignState.PUBLISHED:", "if False:"),
    sabotage(QUOTES, "a quote is not kept to", "if wish.quote is not None:", "if False:"),
    sabotage(QUOTED, "a quote lasts for days", "LIFE = timedelta(minutes=15)", "LIFE = timedelta(days=15)"),
    sabotage(QUOTED, "anybody's quote passes", '(said["mid"], said["sub"]) != (mid, uid) or not same', "not same"),
    sabotage(QUOTED, "a near address pays for a far one", "not same or elsewhere", "not same"),
    sabotage(PLACING, "freight is not collected", "total_fen=cost.total_fen,", "total_fen=cost.goods_fen,"),
    sabotage(DETAIL, "the page lets everybody in", "rules.insist_welcome(campaign.offer, user, now)", "pass"),
    sabotage(SERVICE, "an ended campaign opens groups", "        campaign.insist_running(now)\n", ""),
    sabotage(SERVICE, "a paused campaign lets people join", "        campaign.insist_not_paused()\n", ""),
    sabotage(SERVICE, "a seat is payable past its group's end", "min(now + timedelta(seconds=offer.pay_window_seconds), group.expires_at)", "now + timedelta(seconds=offer.pay_window_seconds)"),
    sabotage(SERVICE, "a verdict is not kept", "verdict=newcomer)", "verdict=None)"),
    sabotage(SERVICE, "a seat is paid for as one unit", "SeatRole.MEMBER, group.each)\n        units", "SeatRole.MEMBER, 1)\n        units"),
    sabotage(SOLO, "an ended campaign sells", "        campaign.insist_running(now)\n", ""),
    sabotage(ADMIN, "a closed group is honoured", "Group.honour.set(0),", "Group.fails.remove(),"),
    sabotage(ADMIN, "a closed group stays listed", "            Group.gsi1pk.remove(),\n            Group.gsi1sk.remove(),\n", ""),
    sabotage(ADMIN, "nobody wrote down who closed it", 'audit.add(tx, mid, intent.actor, "group.close", gid)', "pass"),
)  # fmt: skip
