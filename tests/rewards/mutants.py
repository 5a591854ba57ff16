"""What must never be wrong of value, its statement and its budgets, and is no condition: one line each."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/rewards"
GIVE, GRANTS, BALANCES, LINES, WORDS = (
    f"{ROOM}/{name}.py" for name in ("give", "grants", "balances", "lines", "words")
)
POSTING, TENDER, REVIEW, BOOKS = (f"{ROOM}/{name}.py" for name in ("posting", "balance_tender", "review", "books"))
BUDGETS, WATCH, RULES, TIMERS = (f"{ROOM}/{name}.py" for name in ("budgets", "watch", "rules", "timers"))
STATEMENT, VIEWS = f"{ROOM}/statement.py", f"{ROOM}/views.py"
SERVICE, STREAM = "chalicelib/campaigns/service.py", "chalicelib/core/consumers.py"

VALUED = (
    sabotage(WORDS, "users read what speaks against them", "return REASONS.get(reason, NEUTRAL) if reason else None", "return REASONS.get(reason) or INTERNAL.get(reason, NEUTRAL) if reason else None"),
    sabotage(LINES, "a given coupon is told twice", "if coupon.why not in OF_TEMPLATE:", "if False:"),
    sabotage(LINES, "what is taken back is told as given", "GrantState.CLAWED: Standing.TAKEN_BACK", "GrantState.CLAWED: Standing.GRANTED"),
    sabotage(LINES, "no posting is of a coupon", "his = give.user(uid), give.coupons(uid), cash.account(uid)", "his = give.user(uid), cash.account(uid)"),
    sabotage(LINES, "a hold is told without its end", "return grant.hold_until", "return None"),
    sabotage(STATEMENT, "a statement begins with the oldest", "forward=False", "forward=True"),
    sabotage(STATEMENT, "anybody is a user", "if read(key).item(User, key) is None:", "if False:"),
    sabotage(VIEWS, "expired points are shown", "balances.live(points) if points else []", "(points.lots or []) if points else []"),
    sabotage(BALANCES, "expired points are spent", "sum(lot.amount for lot in live(account))", "account.balance"),
    sabotage(BALANCES, "the latest points are spent first", "(lot.until <= now, lot.until)", "(lot.until <= now, -lot.until.timestamp())"),
    sabotage(BALANCES, "what orders hold is not waited for", "return None if back < n and account is not None and account.held else back", "return back"),
    sabotage(GIVE, "a coupon that is owed is good again", "    add_coupon_owed(tx, \"coupon\", uid, origin)\n", ""),
    sabotage(POSTING, "legs need not balance", "if not legs or unbalanced(legs):", "if False:"),
    sabotage(TENDER, "any name is a balance", "if pay.ref != REF:", "if False:"),
    sabotage(TENDER, "an empty balance is offered", "        if there <= 0:\n            return []", "        if False:\n            return []"),
    sabotage(TENDER, "what pays at once is not posted", "        if captured:\n            _add_paid(tx, order, part)", "        if False:\n            _add_paid(tx, order, part)"),
    sabotage(TENDER, "what was held is not posted", "when={\"held\": Account.held >= part.fen})\n        _add_paid(tx, order, part)", "when={\"held\": Account.held >= part.fen})"),
    sabotage(TENDER, "two returns have one name", "f\"back-{order.oid}-{part.back_fen}\"", "f\"back-{order.oid}\""),
    sabotage(REVIEW, "what is refused is given", "    elif yes:\n", "    elif True:\n"),
    sabotage(REVIEW, "nobody reads why it waits", "signals(grant.note)", "signals(None)"),
    sabotage(GRANTS, "balance is given unseen", "if isinstance(grant.gift.form, AsBalance | AsCash):", "if isinstance(grant.gift.form, AsCash):"),
    sabotage(GRANTS, "a longer hold is not written down", "longer = [Grant.hold_until.set(ruling.until)] if grant.state is GrantState.HELD else []", "longer = []"),
    sabotage(BOOKS, "what orders hold is not there", "return account.balance + (account.held or 0)", "return account.balance"),
    sabotage(BOOKS, "coupons taken back are there", "if coupon.why in OF_TEMPLATE or coupon.invalid_why == TAKEN_BACK:", "if coupon.why in OF_TEMPLATE:"),
    sabotage(BUDGETS, "a top-up loses its rest", "stock.split(amount, len(shards))", "[amount // len(shards)] * len(shards)"),
    sabotage(BUDGETS, "nobody remembers what was added", "name: before.get(name, 0) + more", "name: before.get(name, 0)"),
    sabotage(BUDGETS, "nobody wrote down who changed a budget", 'audit.add(tx, mid, intent.actor, f"campaign.budget.{act}", cid, budget=budget, amount=str(abs(more)))', "pass"),
    sabotage(BUDGETS, "what was used up stays used up", "stock.forget(mid, cid, name)", "pass"),
    sabotage(BUDGETS, "a template may have more coupons than was said", "if name not in COUNTED or name not in", "if name not in"),
    sabotage(BUDGETS, "drafts have budgets", "if found is None or found.version == 0:", "if found is None:"),
    sabotage(RULES, "an hour begins anew with each look", "drawn += hours[-1].drawn", "pass"),
    sabotage(RULES, "hours are remembered for ever", "hours=hours[-MOST_HOURS:]", "hours=hours"),
    sabotage(RULES, "it is warned with every look", "pace.warned_of != total and", "True and"),
    sabotage(RULES, "nobody decides about a pause", " or pace.paused_in == since:", ":"),
    sabotage(RULES, "an hour that is over pauses", "pace.hours[-1].since != since or", "False or"),
    sabotage(RULES, "few hours are enough", "if len(before) < KNOWN or", "if not before or"),
    sabotage(RULES, "little money pauses", " or running * 100 < total * FLOOR_PERCENT:", ":"),
    sabotage(RULES, "the fastest hour is the median", "    before.sort()\n", ""),
    sabotage(WATCH, "nobody is warned", 'count("BudgetLow", mid=watch.mid, campaign=watch.cid, budget=one.name)', "pass"),
    sabotage(WATCH, "a pause is silent", 'count("SpendingPaused", mid=campaign.mid, campaign=campaign.cid, budget=one.name)', "pass"),
    sabotage(WATCH, "an ended campaign rings", "for one in racing if campaign.status is CampaignState.PUBLISHED else ():", "for one in racing:"),
    sabotage(WATCH, "every record is written", "dict.fromkeys((shard.mid, shard.cid) for shard in shards)", "[(shard.mid, shard.cid) for shard in shards]"),
    sabotage(WATCH, "a look that saw something is the last", "when=leased, due=now + AGAIN)", "when=leased, due=None)"),
    sabotage(WATCH, "a warning is not written down", 'audit.add(tx, watch.mid, SYSTEM, "campaign.budget-low", watch.cid, **said)', "pass"),
    sabotage(STREAM, "nobody is told of changes", "CHANGES[kind](items)", "pass"),
    sabotage(SERVICE, "no shard names its budget", "shard.budget = one.name if offer.watched and one in offer.escrows else None", "shard.budget = None"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise of the room."""
    return {
        "legs_sum_to_nothing": sabotage(GIVE, "a fen comes from nowhere", "Leg(target, currency, amount)]", "Leg(target, currency, amount + 1)]"),
        "accounts_are_rebuilt": sabotage(BALANCES, "a fen is given that nobody moved", "[Account.balance.add(fen)])", "[Account.balance.add(fen + 1)])"),
        "coupons_are_rebuilt": sabotage(GIVE, "a coupon takes off a fen more", "terms=form.terms(gift.amount),", "terms=form.terms(gift.amount + 1),"),
        "lots_add_up": sabotage(BALANCES, "a point is in no lot", "balance, due = sum(lot.amount for lot in lots),", "balance, due = 1 + sum(lot.amount for lot in lots),"),
        "balance_is_ordered": sabotage(TENDER, "what is released stays held", "[Account.held.add(-part.fen), Account.balance.add(part.fen)]", "[Account.balance.add(part.fen)]"),
        "budgets_are_owned": sabotage(GRANTS, "what has ended still holds", "        Grant.drawn.set([]),\n", ""),
        "grants_hold_what_they_are": sabotage(GRANTS, "a smaller gift keeps all that was reserved", "kept, back = stock.parted(grant.drawn, amount)", "kept, back = stock.parted(grant.drawn, grant.gift.amount)"),
        "holds_are_kept": sabotage(GRANTS, "it was given when it was promised", "Grant.posted_at.set(now),", "Grant.posted_at.set(grant.created_at),"),
        "grants_are_looked_after": sabotage(GRANTS, "what waits for the merchant waits for ever", "due=now + REVIEW)", "due=None)"),
        "grants_are_whole": sabotage(GRANTS, "nobody knows when it was given", "        Grant.ended_at.set(now),\n        Grant.gsi3pk.remove(),", "        Grant.gsi3pk.remove(),"),
        "grants_end": sabotage(GRANTS, "a grant is due at no time", "    grant.set_due(due)\n", ""),
        "budgets_are_watched": sabotage(WATCH, "nobody looks at a budget", "upsert_one(key, [*begun, Watch.asked.add(1)], when={})", "upsert_one(key, [Watch.asked.add(1)], when={})"),
        "points_expire": sabotage(TIMERS, "what is over stays", "    if not over:\n", "    if True:\n"),
    }  # fmt: skip
