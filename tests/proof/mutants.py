"""Deliberately broken builds, one line each: every named condition dropped, and what else must never be forgotten.

`python -m tests.proof.mutants [part of a name]` runs the tests against each. Its last line is caught / total.
"""

from __future__ import annotations

import sys

from tests.accounts.mutants import LOOKED_AT
from tests.bargain.mutants import BARGAINED, broken_by
from tests.campaigns.mutants import REFUSED
from tests.cash import mutants as cash
from tests.cash import mutants_pages as cash_pages
from tests.cash.mutants_books import BOOKED
from tests.coupons import mutants as coupons
from tests.family import mutants_asks, mutants_paid, mutants_people, mutants_shared
from tests.family import mutants_desk as family_desk
from tests.family.mutants_money import SPENT, money_broken_by
from tests.fulfilment.mutants import GOODS, SENT
from tests.groupbuy.mutants import SHOWN
from tests.invite.mutants import INVITED
from tests.inviting.mutants import REWARDED_INVITES
from tests.inviting.mutants import broken_by as invitations_broken_by
from tests.livecodes import mutants as livecodes
from tests.merchants.mutants import SET_UP
from tests.notices import mutants as notices
from tests.notices import mutants_plays
from tests.notices.mutants_cards import SHOWN_LIVE, cards_broken_by
from tests.notices.mutants_rewards import TOLD_OF_REWARDS
from tests.orders.mutants import PAID_WITH, TOLD
from tests.pictures.mutants_lint import LINTED
from tests.pictures.mutants_qr import DRAWN
from tests.posters.mutants import POSTED, posters_broken_by
from tests.proof import trials
from tests.proof.mutant import Mutant, conditions, sabotage
from tests.proof.trials import Trial
from tests.punchcards import mutants as punchcards
from tests.push import mutants as push
from tests.recall import mutants as recall
from tests.redpacket.mutants import PACKED, packets_broken_by
from tests.rewards.mutants import VALUED
from tests.rewards.mutants import broken_by as devalued_by
from tests.risk.mutants import GUARDED
from tests.sharing.mutants import OPENED
from tests.sharing.mutants_codes import SCANNED
from tests.sharing.mutants_texts import TEXTED
from tests.thanks import mutants as thanks
from tests.voucher import mutants_desk, mutants_exports, mutants_goods, mutants_words
from tests.voucher.mutants import CODED, codes_broken_by
from tests.wechat.mutants import MESSAGED, SENT_OUT, TRANSFERRED

PAID, TIMERS = "chalicelib/groupbuy/payment.py", "chalicelib/groupbuy/timers.py"
STEPS, OWING = "chalicelib/orders/steps.py", "chalicelib/orders/owing.py"
DUE, OUTBOX, RATE = "chalicelib/core/due.py", "chalicelib/core/outbox.py", "chalicelib/core/rate.py"
ORDER_TIMERS, TAKE, REFUND = (f"chalicelib/orders/{name}.py" for name in ("timers", "payment", "refund"))
TRANSACTION = "chalicelib/core/transaction.py"
STOCK = "chalicelib/campaigns/stock.py"
PLACING, LIMITS = "chalicelib/orders/placing.py", "chalicelib/groupbuy/limits.py"

BY_HAND = (
    sabotage(TRANSACTION, "a put overwrites", '{"absent": type(item).pk.does_not_exist()} if when', "{} if when"),
    sabotage(TRANSACTION, "an update creates", '{"exists": Item.pk.exists(), **when}', "{**when}"),
    sabotage(TRANSACTION, "a lost condition is an answer", "raise Lost(losses) from None", "return"),
    sabotage(TRANSACTION, "a conflict is an answer", "pause(attempt)", "return"),
    sabotage("chalicelib/core/clock.py", "days are London's", "instant.astimezone(BEIJING).date()", "instant.date()"),
    sabotage("chalicelib/core/store.py", "a conflict of one write is a failure", "if code != CONFLICT:", "if True:"),
    sabotage(DUE, "a lease that cannot be had stops the shard", "except RippleError as busy:\n        log.warning(\"due_lease_failed\"", "except ZeroDivisionError as busy:\n        log.warning(\"due_lease_failed\""),
    sabotage(DUE, "the dead are not counted", 'emit({"DeadEntries": len(dead())})', "pass"),
    sabotage(TRANSACTION, "errors of a whole life are counted", "fresh: list[Action] = [Item.fails.remove(), Item.waits.remove(), Item.queued.remove()]", "fresh: list[Action] = []"),
    sabotage("chalicelib/core/table.py", "what has another type crashes", "except (KeyError, TypeError, ValueError, msgspec.MsgspecError) as wrong:", "except (KeyError, ValueError, msgspec.MsgspecError) as wrong:"),
    sabotage("chalicelib/orders/stuck.py", "stuck money is told after it is written", 'count("StuckMoney", reason=reason, number=number)', "pass"),
    sabotage("chalicelib/core/outbox.py", "acts are sent at any rate", "        if effect.rate:\n            rate.insist_turn(", "        if False:\n            rate.insist_turn("),
    sabotage(RATE, "turns outlive trouble", "(bucket.round or 0) == item.queued", "True"),
    sabotage(RATE, "a turn is no turn", "if item.queued is not None:", "if False:"),
    sabotage(RATE, "turns are given for ever", "if given - second > ", "if False and given - second > "),
    sabotage(DUE, "the backlog is as old as the last shard's", "oldest = max(oldest, (", "oldest = max(0.0, ("),
    sabotage(DUE, "a turn is used twice", "Item.waits.set(waits), Item.queued.remove()", "Item.waits.set(waits)"),
    sabotage(ORDER_TIMERS, "orders are closed at any rate", "    rate.insist_turn(order, CLOSING, RATE)\n", ""),
    sabotage("chalicelib/cash/timers.py", "WeChat is asked about transfers at any rate", "    rate.insist_turn(cash, QUESTION, QUESTIONS)\n", ""),
    sabotage("chalicelib/cash/timers.py", "transfers are withdrawn at any rate", " and rate.take(cash.mid, WITHDRAWAL, WITHDRAWALS):", ":"),
    sabotage(TIMERS, "a group is left on what one query shows", "due = None if ended >= group.paid else clock.now() + rules.SETTLE_AGAIN", "due = None"),
    sabotage(ORDER_TIMERS, "a payment that does not fit holds its order", "if refused.problem is not NOTIFICATION_MISPLACED:", "if True:"),
    sabotage(STEPS, "other attempts are not watched", "due=due if order.attempt == 1 else clock.now())", "due=due)"),
    sabotage("chalicelib/groupbuy/rules.py", "anybody counts as new", "if not found.new:", "if False:"),
    sabotage("chalicelib/groupbuy/solo.py", "units bought alone are kept when they are not paid", "line.quantity)\n    stock.add_return(tx, ref.mid, ref.cid, line.sku_id, order.units or [])", "line.quantity)"),
    sabotage(TRANSACTION, "a retry has a new token", 'call("transact_write_items", **request)',
              'call("transact_write_items", **{**request, "ClientRequestToken": chance.token_hex(16)})'),
    sabotage(DUE, "two workers take one entry", 'ConditionExpression="gsi2sk = :seen",',
              'ConditionExpression="gsi2sk = :seen OR attribute_exists(pk)",'),
    sabotage(DUE, "a failed entry is not put off", "_put_off(item, clock.now() + pause, Item.fails.set(fails), Item.queued.remove())", "pass"),
    sabotage(OUTBOX, "nobody looks after an owed act", "entry.set_due(instant + REDRIVE)", "pass"),
    sabotage(OUTBOX, "the act ends without its settlement", "outcome.settle(tx)", "pass"),
    sabotage(OWING, "a refund is not owed", 'owe(tx, "refund", order.mid, REFUND, number, payload)', "pass"),
    sabotage(OWING, "one refund number for all", "number = refund_number(order.oid, attempt, cause)\n    payload",
              'number = refund_number("0" * 26, attempt, cause)\n    payload'),
    sabotage(OWING, "a new refund number a time", "number = refund_number(order.oid, attempt, cause)\n    payload",
              "number = refund_number(order.oid, attempt, cause + clock.now().second)\n    payload"),
    sabotage(STEPS, "an owed capture stays live", "_add_payment(tx, order, capture, owed=True)",
              "_add_payment(tx, order, capture)"),
    sabotage(STEPS, "a released order stays due", 'tx.update("order", order, [Order.state.set(OrderState.RELEASED)], when=closing, due=None)',
              'tx.update("order", order, [Order.state.set(OrderState.RELEASED)], when=closing)'),
    sabotage(ORDER_TIMERS, "released without asking", "closed = pay.close(account, number)", "return None"),
    sabotage(ORDER_TIMERS, "unknown proves unpaid at once", "return None if clock.now() >= proven else proven - clock.now()", "return None"),
    sabotage(ORDER_TIMERS, "only WeChat's CLOSED releases", "return None if clock.now() >= proven else proven - clock.now()", "return PROOF"),
    sabotage(TAKE, "a payment is refused after its deadline", "return play.capture(ref, order, capture, found)",
              'return play.capture(ref, order, capture, found) if clock.now() <= order.deadline else "late"'),
    sabotage("chalicelib/orders/prepay.py", "a repeated prepay notes no intent", "update_one(order, [Order.intent_at.set(instant)], when=held)", "pass"),
    sabotage(DUE, "an undecided answer is an error", "except (Unknown, Lost) as undecided:", "except Lost as undecided:"),
    sabotage(OWING, "one refund number an order", "number = refund_number(order.oid, attempt, cause)\n    payload",
              "number = refund_number(order.oid, 1, cause)\n    payload"),
    sabotage(OWING, "one refund number a payment", "number = refund_number(order.oid, attempt, cause)\n    payload",
              "number = refund_number(order.oid, attempt)\n    payload"),
    sabotage(ORDER_TIMERS, "paid at close is forgotten", "if closed is Closed.PAID:", "if False:"),
    sabotage(TAKE, "the amount is not compared", "if said != ours:", "if False:"),
    sabotage(TAKE, "a second transaction is a duplicate", "if payment.transaction_id != trade.transaction_id:", "if False:"),
    sabotage(TAKE, "a capture is recorded again", "if payment is not None:", "if False:"),
    sabotage(REFUND, "processing is done", "return Later(_pause(entry, UNDER_WAY), refund.status_name, accepted=True)", "return Done()"),
    sabotage(REFUND, "closed is done", 'return Later(_pause(entry, REFUSED), refund.status_name)', "return Done()"),
    sabotage(PAID, "late money never takes a seat", "seated(Group.left if decision.again else Group.held, last=last)", "seated(Group.held, last=last)"),
    sabotage(PAID, "a late seat is not counted", "if decision.again:\n                taken", "if False:\n                taken"),
    sabotage(PAID, "a leader stays pending", "limits.add_opened(tx, limit_key(ref.mid, ref.uid, ref.cid))", "pass"),
    sabotage(PAID, "a release keeps the seat", "[Group.held.add(-1), Group.left.add(1)]", "[Group.held.add(-1)]"),
    sabotage(PAID, "a void group keeps its units", "stock.add_return(tx, ref.mid, ref.cid, seat.sku, units)", "pass"),
    sabotage(LIMITS, "a release keeps the limit", "actions.append(Limit.parts.add(-1))", "pass"),
    sabotage(LIMITS, "a release keeps the units", "actions: list[Action] = [Limit.units.add(-units)]", "actions: list[Action] = [Limit.units.add(0)]"),
    sabotage(TIMERS, "held seats are not waited for", "if group.held > 0:", "if False:"),
    sabotage(TIMERS, "units stay with a failed group", "stock.add_return(tx, group.mid, group.cid, group.sku, back)", "pass"),
    sabotage(TIMERS, "the drain stops at a failure", "failures.append(failure)", "raise"),
    sabotage(TIMERS, "seats are settled without orders", "owing.add_refund(tx, order)", "pass"),
    sabotage(TIMERS, "success confirms nothing", "steps.add_confirmation(tx, order)", "pass"),
    sabotage(TIMERS, "a settling group stays listed",
              "[Group.status.set(GroupState.SETTLING), Group.gsi1pk.remove(), Group.gsi1sk.remove()]",
              "[Group.status.set(GroupState.SETTLING)]"),
    sabotage(TIMERS, "the end of a group is forgotten", "due=now + rules.SETTLE_AGAIN", "due=None"),
    sabotage(PLACING, "an order is due at no time", "order.set_due(deadline)", "pass"),
    sabotage(STOCK, "what is sold out stays sold out", "if until is not None and clock.now() >= until:", "if False:"),
    sabotage(STOCK, "sold out for one is sold out for all", "return until is not None and self._units >= units", "return until is not None"),
    sabotage(STOCK, "half a view is believed", "if shards and found.whole and", "if shards and"),
    sabotage(STOCK, "a draw is not counted", "[StockShard.left.add(-units), StockShard.taken.add(units)]\n        tx.update(f\"{name}{number}\", by",
              "[StockShard.left.add(-units)]\n        tx.update(f\"{name}{number}\", by"),
)  # fmt: skip

CONDITIONS = tuple(conditions())
MUTANTS = (
    *CONDITIONS,
    *BY_HAND,
    *LOOKED_AT,
    *GOODS,
    *SENT,
    *SHOWN,
    *TOLD,
    *PAID_WITH,
    *REFUSED,
    *BARGAINED,
    *coupons.CLAIMED,
    *recall.SORTED,
    *push.PUSHED,
    *mutants_shared.SHARED_OUT,
    *punchcards.PUNCHED,
    *PACKED,
    *OPENED,
    *TEXTED,
    *SCANNED,
    *INVITED,
    *VALUED,
    *TOLD_OF_REWARDS,
    *REWARDED_INVITES,
    *GUARDED,
    *thanks.THANKED,
    *TRANSFERRED,
    *cash_pages.PAGED,
    *cash.CASHED,
    *SENT_OUT,
    *MESSAGED,
    *SET_UP,
    *BOOKED,
    *mutants_goods.FOR_GOODS,
    *CODED,
    *POSTED,
    *LINTED,
    *DRAWN,
    *mutants_exports.EXPORTED,
    *mutants_words.SAID,
    *mutants_desk.AT_DESK,
    *livecodes.LED,
    *mutants_people.PEOPLED,
    *SPENT,
    *family_desk.ADJUSTED,
    *family_desk.SPARED,
    *mutants_asks.ASKED,
    *mutants_paid.PAID_FOR,
    *notices.TOLD,
    *mutants_plays.TOLD,
    *SHOWN_LIVE,
)


def _one(name: str) -> Mutant:
    return next(mutant for mutant in MUTANTS if mutant.name == name)


RULES, STORE = "chalicelib/groupbuy/rules.py", "chalicelib/campaigns/service.py"
KEYS = "chalicelib/merchants/keys.py"

DELIVERY, CASES = "chalicelib/fulfilment/delivery.py", "chalicelib/fulfilment/cases.py"

INVITES, COUNTING = "chalicelib/invite/rules.py", "chalicelib/invite/counting.py"

PROMISES: dict[str, Mutant] = {
    "captures_add_up": sabotage(OWING, "a fen of a refund is owed by nobody", "Payment.owed_fen.add(cash),", "Payment.owed_fen.add(cash - 1),"),
    "refunds_are_few": sabotage(OWING, "a refund counts twice", "Payment.refunds.add(1),", "Payment.refunds.add(2),"),
    "shares_are_whose_they_say": sabotage("chalicelib/sharing/shares.py", "a share is of nobody", "        uid=uid,\n        kind", "        uid=thing.id,\n        kind"),
    "entries_are_by_others": sabotage("chalicelib/sharing/rules.py", "one comes by one's own share", "if opening.uid == opening.sharer:", "if False:"),
    "codes_have_their_pictures": sabotage("chalicelib/sharing/minicodes.py", "no picture is kept", "        files.keep(made.file, picture.content, picture.media)\n", ""),
    "codes_are_leased": sabotage("chalicelib/sharing/minicodes.py", "a code is asked for without a lease", "until = _leased(key, page, scene, now)", "until = now + LEASE"),
    "inviters_came_first": sabotage(INVITES, "who came later invites", "if parent.uid > child.uid or parent.created_at > child.created_at:", "if False:"),
    "ancestors_are_the_nearest": sabotage(INVITES, "an inviter stands above himself", "return [parent, *above][:DEPTH]", "return [parent, parent, *above][:DEPTH]"),
    "codes_are_ones_own": sabotage("chalicelib/invite/codes.py", "a code is nobody's", "InviteCode(*code_key(mid, code), uid=uid,", "InviteCode(*code_key(mid, code), uid=code,"),
    "descendants_are_counted": sabotage(COUNTING, "everybody counts twice", "more: list[Action] = [DEPTHS[depth].add(1)]", "more: list[Action] = [DEPTHS[depth].add(2)]"),
    "boards_catch_up": sabotage(COUNTING, "no board looks", "more += due_moves(key, clock.now() + PAUSE)", "pass"),
    "boards_are_true": sabotage(COUNTING, "a board shows one too few", "score, reached_at = sum(item.n for item in seen),", "score, reached_at = sum(item.n for item in seen) - 1,"),
    "goods_are_paid": sabotage(STEPS, "a confirmed order owes nothing",
                                "[Order.confirmed_at.set(clock.now()), *delivery_actions(order, Delivery.WAITING)]", "[Order.confirmed_at.set(clock.now())]"),
    "lists_are_true": sabotage(STEPS, "no list has an order", "[Order.delivery.set(delivery), Order.gsi3pk.set(pk), Order.gsi3sk.set(sk)]", "[Order.delivery.set(delivery)]"),
    "goods_are_looked_after": sabotage(STEPS, "goods are due at no time", "due = order.ship_by if order.attempt == 1 else clock.now()", "due = None"),
    "received_stays": sabotage(DELIVERY, "nobody knows when it arrived", "[Shipment.done_at.set(now), Shipment.done_by.set(by)]", "[Shipment.done_by.set(by)]"),
    "uploads_are_driven": sabotage(DELIVERY, "WeChat is told nothing", 'owe(tx, "upload", order.mid, UPLOAD, made.number, {"oid": order.oid, "revision": made.revision})', "pass"),
    "cases_are_the_orders": sabotage(CASES, "an order keeps a case that is over", "[Order.case.remove()], when=mine", "[Order.fails.remove()], when=mine"),
    "cases_name_their_money": sabotage(CASES, "a case forgets its refund", "[Case.refund.set(number), *said]", "[*said]"),
    "wechat_knows_what_went_out": sabotage("chalicelib/fulfilment/upload.py", "WeChat is told of other parcels", "Parcel(parcel.carrier, parcel.number, phone)", "Parcel(parcel.carrier, parcel.number[::-1], phone)"),
    "held_acts_are_listed": sabotage("chalicelib/sharing/held.py", "what waits is in no list", 'table(mid).pk("HOLD", str(shard))', 'table(mid).pk("KEPT", str(shard))'),
    "hidden_names_are_hidden": sabotage("chalicelib/accounts/mask.py", "a hidden name is copied", "return user.nickname if user.name_state is NameState.SHOWN else None", "return user.nickname"),
    "hidden_pictures_are_hidden": sabotage("chalicelib/accounts/mask.py", "a picture is copied before it is looked at", "if user is None or user.avatar_state in (AvatarState.UNCHECKED, AvatarState.REFUSED):", "if user is None:"),
    "refused_pictures_are_refused": sabotage("chalicelib/accounts/avatars.py", "a picture that WeChat refuses passes", "AvatarState.REFUSED if risky else AvatarState.SHOWN", "AvatarState.SHOWN"),
    "waiting_names_are_listed": sabotage("chalicelib/accounts/names.py", "a decided name stays listed", "return [*actions, User.gsi1pk.remove(), User.gsi1sk.remove()]", "return actions"),
    "seats_add_up": _one("groupbuy/payment.py: a release keeps the seat"),
    "seats_are_counted": sabotage(PAID, "a release is not counted", "[Group.held.add(-1), Group.left.add(1)]",
                                   "[Group.held.add(0), Group.left.add(0)]"),
    "success_is_earned": sabotage(TIMERS, "any group that somebody paid for succeeds",
                                   "succeeded = bool(group.honour) and group.paid >= 1", "succeeded = group.paid >= 1"),
    "outcomes_wait": sabotage(PAID, "a void group still holds its leader's seat",
                               'Group.why.set("void"), Group.held.set(0)', 'Group.why.set("void"), Group.held.set(1)'),
    "nothing_is_forgotten": _one("groupbuy/timers.py: the end of a group is forgotten"),
    "open_groups_are_listed": _one("groupbuy/timers.py: a settling group stays listed"),
    "seats_and_orders_agree": _one("groupbuy/timers.py: success confirms nothing"),
    "stock_is_there": _one("campaigns/stock.py: add_draw without enough"),
    "stock_is_owned": _one("groupbuy/timers.py: units stay with a failed group"),
    "limits_are_counted": _one("groupbuy/limits.py: a release keeps the limit"),
    "limits_hold": _one("groupbuy/limits.py: add_take without parts"),
    "debts_are_driven": _one("orders/owing.py: a refund is not owed"),
    "money_pays_for_something": _one("orders/steps.py: an owed capture stays live"),
    "outcomes_are_kept": sabotage(TIMERS, "a failed group confirms its orders",
                                   "if group.status == GroupState.SUCCEEDED:", "if True:"),
    "somebody_owns_it": sabotage(KEYS, "the other owner need not be one any more",
                                  'tx.check("other_owner", others[0], when={"live": ApiKey.revoked_at.does_not_exist()})',
                                  'tx.check("other_owner", others[0], when={"live": ApiKey.pk.exists()})'),
    "publications_are_whole": _one("campaigns/service.py: _add_publication without edition"),
    "everything_ends": _one("orders/placing.py: an order is due at no time"),
    "parts_add_up": _one("orders/tenders.py: what went back of a part is forgotten"),
    "purses_agree": _one("orders/steps.py: a part that paid stays held"),
    "receivers_are_sealed": sabotage("chalicelib/orders/receiver.py", "a phone is stored whole", "phone=masked_phone(address.tel_number)", "phone=address.tel_number"),
    "orders_end": _one("orders/placing.py: an order is due at no time"),
    "orders_are_looked_after": _one("orders/placing.py: an order is due at no time"),
    "nothing_more_is_taken": _one("orders/steps.py: other attempts are not watched"),
    "returns_are_later": _one("accounts/visits.py: a refresh in one sitting is coming back"),
    "acts_are_looked_after": _one("core/outbox.py: nobody looks after an owed act"),
    "acts_are_done": sabotage(OUTBOX, "an act that is done stays", 'tx.delete("entry", entry, when=leased)\n    tx.commit()', 'tx.update("entry", entry, when=leased, due=None)\n    tx.commit()'),
    "debts_are_paid": _one("core/outbox.py: nobody looks after an owed act"),
    "nothing_is_dead": sabotage(OUTBOX, "no act is known", "effect = EFFECTS[entry.effect]", "effect = EFFECTS[entry.number]"),
    "wechat_agrees": sabotage(OWING, "a refund is one fen short", '"refund_fen": amount_fen,', '"refund_fen": amount_fen - 1,'),
    **broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **devalued_by(),
    **coupons.broken_by(),
    **recall.broken_by(),
    **push.BROKEN,
    **mutants_shared.broken_by(),
    **punchcards.broken_by(),
    **thanks.BROKEN,
    **cash_pages.broken_by(),
    **invitations_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **cash.broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **packets_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **mutants_goods.broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **codes_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **posters_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **mutants_exports.PROMISED,
    **mutants_words.BROKEN,
    **livecodes.BROKEN,
    "ends_come_in_time": sabotage(PAID, "an open group is looked at in years", "when=pending, due=expires_at)", "when=pending, due=expires_at.replace(year=2099))"),
    "nothing_is_past_its_end": sabotage("chalicelib/family/asks.py", "a request that is over stays open", "_ends(AskState.EXPIRED, now)", "_ends(AskState.OPEN, now)"),
    **mutants_people.BROKEN,
    **money_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **family_desk.PROMISED,
    **mutants_asks.broken_by(),
    **mutants_paid.paid_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **notices.told_broken_by({mutant.name: mutant for mutant in MUTANTS}),
    **cards_broken_by(),
}  # fmt: skip
"""What breaks each promise in a run in which nothing but that promise can fail."""

TRIALS = (
    *(Trial(mutant.name, mutant, trials.tests_of(mutant)) for mutant in MUTANTS),
    *(Trial(f"promise {name}: {mutant.name}", mutant, ((trials.ALONE,),), name) for name, mutant in PROMISES.items()),
)
KNOWN = {mutant.name: mutant for mutant in (*MUTANTS, *PROMISES.values())}


def main(wanted: str = "") -> int:
    """Try the mutants whose name contains ``wanted``; the last line is caught / total."""
    chosen = [trial for trial in TRIALS if wanted in trial.name]
    return trials.main(chosen, {trial.name for trial in TRIALS})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
