"""What of bargains must not be wrong and is no condition, each as one sabotaged line, and what breaks each promise."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/bargain"
SHARED_LIMITS = "chalicelib/sharing/limits.py"
RULES, SERVICE, BUYING, QUOTES, PAYMENT, HELD, TIMERS, ENDINGS, DETAIL, ADMIN = (
    f"{ROOM}/{name}.py"
    for name in (
        "rules",
        "service",
        "buying",
        "quotes",
        "payment",
        "held",
        "timers",
        "endings",
        "detail",
        "admin",
    )
)
SLOTS = "chalicelib/campaigns/kinds/slots.py"
OFFER, STORE = "chalicelib/campaigns/kinds/bargain.py", "chalicelib/campaigns/service.py"

BARGAINED: tuple[Mutant, ...] = (
    sabotage(HELD, "a held help of a frozen bargain is forgotten", "update_one(given, [], when=leased, due=clock.now() + LOOK_AGAIN)", "update_one(given, [], when=leased, due=None)"),
    sabotage(BUYING, "another tap is refused while an order is live", "if bargain.status is BargainState.ORDERING and not anew:\n            order", "if False:\n            order"),
    sabotage(BUYING, "nobody wrote down which order answered a tap", "            add_record(tx, intent, order=order.oid)\n", ""),
    sabotage(PAYMENT, "a bargain that was closed names a dead order", "[*endings.ended(BargainState.CLOSED), Bargain.order.remove()]", "endings.ended(BargainState.CLOSED)"),
    sabotage(RULES, "an owner with an open order is told that it is all over", "    if bargain.status is BargainState.ORDERING:\n        raise RippleError(problems.ORDER_OPEN)\n", ""),
    sabotage(BUYING, "a bargain that no money buys waits for it", "actions = ordering if order.cash_fen else _add_bought(tx, bargain, order)", "actions = ordering"),
    sabotage(BUYING, "at the floor a bargain that no money buys waits for it", "actions = _ordering(bargain, order) if order.cash_fen else _add_bought(tx, bargain, order)", "actions = _ordering(bargain, order)"),
    sabotage(BUYING, "an order of a bargain that asks for no money may be paid", "            steps.settle_at_once(order, OrderState.CONFIRMED)\n", ""),
    sabotage(TIMERS, "an end does not wait for helps that are held", "elif bargain.held > 0:", "elif False:"),
    sabotage(PAYMENT, "the time of a bargain runs on while it is ordered early", "due = now + timedelta(milliseconds=bargain.rest_ms or 0)", "due = bargain.expires_at"),
    sabotage(PAYMENT, "an order at the floor stops the claim window", "due = max(now, bargain.claim_until or now)", "due = now + timedelta(hours=1)"),
    sabotage(PAYMENT, "a merchant's mark is forgotten", "if bargain.to_close is not None:", "if False:"),
    sabotage(ENDINGS, "what was not cut stays with the bargain that was bought", "    add_to_budget(tx, bargain, back)\n", ""),
    sabotage(PAYMENT, "what an order took stays taken", "        stock.add_return(tx, order.mid, bargain.cid, bargain.sku, order.units or [], name=\"ordered\")\n", ""),
    sabotage(PAYMENT, "a refund keeps the budget", "endings.add_to_budget(tx, bargain, bargain.escrow)", "pass"),
    sabotage(ENDINGS, "a bought bargain counts as one that is not over", "    limits.add_end(tx, limit_key(bargain.mid, bargain.uid, bargain.cid))\n    add_to_budget(tx, bargain, back)", "    add_to_budget(tx, bargain, back)"),
    sabotage(HELD, "a help is moot while its bargain is being paid for", "    if rules.is_frozen(bargain):\n        raise RippleError(FROZEN)\n", ""),
    sabotage(HELD, "a help counts while its bargain is being paid for",
             "    if rules.is_frozen(bargain):\n        raise RippleError(FROZEN)\n    state = rules.decided_as(bargain, yes=yes)\n",
             "    state = HelpState.COUNTED if rules.is_frozen(bargain) else rules.decided_as(bargain, yes=yes)\n"),
    sabotage(HELD, "a help that was not needed keeps its limit", "limits.add_back(tx, limit_key(given.mid, given.uid, given.cid), limit, given.day)", "pass"),
    sabotage(RULES, "a decision looks at the clock", "if bargain.status not in (BargainState.ACTIVE, BargainState.SETTLING):", "if bargain.status not in (BargainState.ACTIVE, BargainState.SETTLING) or clock.now() > bargain.expires_at:"),
    sabotage(RULES, "a payment is late", "return own and order.state in", "return own and clock.now() <= order.deadline and order.state in"),
    sabotage(RULES, "a payment of an order that is over buys", "return own and order.state in (OrderState.HELD, OrderState.CLOSING)", "return order.state in (OrderState.HELD, OrderState.CLOSING, OrderState.RELEASED)"),
    sabotage(RULES, "it may be ordered early for ever", "if bargain.buys >= MOST_EARLY:", "if False:"),
    sabotage(RULES, "it may be ordered to the last second", "LAST_ORDER = timedelta(minutes=2)", "LAST_ORDER = timedelta(0)"),
    sabotage(RULES, "helps are held to the last second", "    if now > bargain.expires_at - CHECKING:\n        raise RippleError(problems.HELP_LATE)\n", ""),
    sabotage(RULES, "any number of helps is held", "if bargain.held >= len(bargain.slots):", "if False:"),
    sabotage(RULES, "what is denied counts", "if judged.outcome is Outcome.DENY:", "if False:"),
    sabotage(RULES, "early purchase is always allowed", "if not offer.early_purchase:", "if False:"),
    sabotage(RULES, "an order at the floor outlives the claim window", "return min(window, bargain.claim_until) if bargain.claim_until else window", "return window"),
    sabotage(RULES, "a help is worth the next one's part", "sum(bargain.slots[:helps])", "sum(bargain.slots[1 : helps + 1])"),
    sabotage(SLOTS, "what falls is equal", "range(2 * parts, parts, -1))]", "[1] * parts)]"),
    sabotage(RULES, "yesterday's helps count today", "limit.day == today and ", ""),
    sabotage(RULES, "anybody counts as new", "if not found.new:", "if False:"),
    sabotage(RULES, "whoever may be anybody must be new", "if offer.who_may_help is WhoMayHelp.ANY:", "if False:"),
    sabotage(RULES, "one helps himself", "if bargain.uid == uid:", "if False:"),
    sabotage(SERVICE, "nobody notices who helps one another", "return owners is not None and uid in (owners.helped or [])", "return False"),
    sabotage(SERVICE, "helps of a minute are not counted", "Bargain.minute_helps.set(helped + 1)", "Bargain.minute_helps.set(1)"),
    sabotage(SERVICE, "the owner's own cut is not taken", "        helps=own,\n", "        helps=0,\n"),
    sabotage(SERVICE, "a paused campaign takes helps", "        campaign.insist_not_paused()\n", ""),
    sabotage(SERVICE, "an ended campaign starts bargains", "        campaign.insist_running(now)\n", ""),
    sabotage(SERVICE, "a verdict on a newcomer is not kept", "given.verdict = newcomer", "pass"),
    sabotage(SERVICE, "reasons are not kept", "reasons=[signal.value for signal in verdict.reasons],", "reasons=[],"),
    sabotage(SERVICE, "a help asked twice is refused", 'done.request == intent.ident("help")', "False"),
    sabotage(SERVICE, "anybody gives a bargain up", "if bargain is None or bargain.uid != uid:", "if bargain is None:"),
    sabotage(BUYING, "a closing order is the answer", "order.state is not OrderState.HELD", "False"),
    sabotage(BUYING, "anybody buys a bargain", "if bargain is None or bargain.uid != uid:", "if bargain is None:"),
    sabotage(BUYING, "something else may be ordered", "if wish.sku_id not in (None, bargain.sku):", "if False:"),
    sabotage(QUOTES, "a price that moved is paid as quoted", "if cost.price_fen != rules.price_of(bargain):", "if False:"),
    sabotage(QUOTES, "nobody is told that stock is not reserved", "if offer.reserve is Reserve.ORDER else []", "if False else []"),
    sabotage(QUOTES, "anybody is quoted", "if bargain is None or bargain.uid != uid:", "if bargain is None:"),
    sabotage(DETAIL, "helpers are shown by their names", "Helper(\n            nickname=mask(given.nickname),", "Helper(\n            nickname=given.nickname or \"\","),
    sabotage(DETAIL, "the owner is shown by his name", "owner=seen_name(owner),", "owner=(owner.nickname if owner else None) or \"\","),
    sabotage(DETAIL, "a stranger sees the order", "order_id=bargain.order if own else None,", "order_id=bargain.order or \"\","),
    sabotage(DETAIL, "a ticket is given to whom it does not help", "if may_help else None,", "if not own else None,"),
    sabotage(DETAIL, "a page says nothing of stock that is not reserved", "if offer.reserve is Reserve.ORDER else None", "if False else None"),
    sabotage(DETAIL, "one shard of bargains is listed", "for shard in range(LIST_SHARDS)]", "for shard in range(1)]"),
    sabotage(ADMIN, "a bargain that is being paid for cannot be closed", "if bargain.status is BargainState.ORDERING:", "if False:"),
    sabotage(ADMIN, "nobody wrote down who closed it", 'audit.add(tx, mid, intent.actor, "bargain.close", bid)', "pass"),
    sabotage(SHARED_LIMITS, "a day that is over gets its help back", 'when["later_day"] = HelpLimit.day > day', "actions.append(HelpLimit.today.add(-1))"),
    sabotage(SHARED_LIMITS, "nobody remembers whom he helped", "return [*before, owner][-REMEMBERED:]", "return []"),
    sabotage(STORE, "a budget is spread over no shard", " + list(offer.escrows)", ""),
    sabotage(OFFER, "a purse has crumbs", "max(sku.cut_fen for sku in self.skus))", "1)"),
)  # fmt: skip


def broken_by(one: dict[str, Mutant]) -> dict[str, Mutant]:
    """What breaks each promise of the room; ``one`` finds a mutant by its name."""
    return {
        "cuts_add_up": sabotage(SLOTS, "a fen is cut twice", "[share + (n < left) for", "[share + (n <= left) for"),
        "helps_are_counted": sabotage(HELD, "a help that is decided still waits", "tx.update(\"bargain\", bargain, [Bargain.held.add(-1)], when=when)", "tx.update(\"bargain\", bargain, [Bargain.held.add(0)], when=when)"),
        "slots_are_fixed": sabotage(SERVICE, "a help cuts less than was said", "given.slot, given.cut_fen = bargain.helps, bargain.slots[bargain.helps]", "given.slot, given.cut_fen = bargain.helps, bargain.slots[bargain.helps] - 1"),
        "prices_are_kept": sabotage(QUOTES, "an order is a fen cheaper", "price_fen=price,", "price_fen=price - 1,"),
        "floors_are_full": sabotage(SERVICE, "the last help reaches nothing", "if bargain.helps + 1 < len(bargain.slots):", "if True:"),
        "held_helps_wait": sabotage(HELD, "a decided help stays listed", ", Help.gsi3pk.remove(), Help.gsi3sk.remove()]", "]"),
        "bargains_are_looked_after": sabotage(PAYMENT, "a bargain goes on without an end", "tx.update(\"bargain\", bargain, actions, when=when, due=due)", "tx.update(\"bargain\", bargain, actions, when=when)"),
        "bargains_and_orders_agree": sabotage(ENDINGS, "what was paid for was missed", "[Bargain.status.set(BargainState.BOUGHT)", "[Bargain.status.set(BargainState.MISSED)"),
        "budgets_add_up": one["bargain/endings.py: what was not cut stays with the bargain that was bought"],
        "bargained_stock_is_owned": sabotage(ENDINGS, "the unit of a bargain that is over stays taken", "    stock.add_return(tx, bargain.mid, bargain.cid, bargain.sku, bargain.units)\n", ""),
        "bargainers_limits_are_counted": sabotage(ENDINGS, "a bargain that is over counts as one that is not", "    limits.add_end(tx, limit_key(bargain.mid, bargain.uid, bargain.cid))\n    add_to_budget(tx, bargain, bargain.escrow)", "    add_to_budget(tx, bargain, bargain.escrow)"),
        "bargainers_limits_hold": one["sharing/limits.py: add_start without active"],
        "early_orders_are_few": sabotage(BUYING, "an early order counts four times", "Bargain.buys.add(1)", "Bargain.buys.add(4)"),
        "bargains_end": sabotage(SERVICE, "a bargain is due at no time", "bargain.set_due(bargain.expires_at)", "pass"),
        "helps_are_decided": sabotage(SERVICE, "a help that waits is due at no time", "given.set_due(rules.passes_at(offer, bargain, now))", "pass"),
    }  # fmt: skip
