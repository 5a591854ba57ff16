"""What a merchant is told of money must not be wrong, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

DESK, DESK_VIEWS, STUCK, STEPS, BILLS, REFUND, TIMERS = (
    f"chalicelib/orders/{name}.py" for name in ("desk", "desk_views", "stuck", "steps", "bills", "refund", "timers")
)
STORE, COMPARING = "chalicelib/core/store.py", "chalicelib/orders/comparing.py"
UPLOAD = "chalicelib/fulfilment/upload.py"
TENDERS, OWING, PREPAY = (f"chalicelib/orders/{name}.py" for name in ("tenders", "owing", "prepay"))
PLACING, SOLO, SEATS = "chalicelib/orders/placing.py", "chalicelib/groupbuy/solo.py", "chalicelib/groupbuy/service.py"
BILL, BILL_FILE = "chalicelib/wechat/bill.py", "chalicelib/wechat/billfile.py"
RECEIVER, SEAL = "chalicelib/orders/receiver.py", "chalicelib/core/seal.py"

TOLD: tuple[Mutant, ...] = (
    sabotage(STORE, "a page repeats where the last one ended", "if place != after and (until", "if (until"),
    sabotage(STORE, "the earliest comes first where the latest should", "there.sort(reverse=not forward)", "there.sort()"),
    sabotage(DESK, "one shard of payments is shown", "shards = [paid_on(mid, day, shard) for shard in range(PAYMENT_SHARDS)]", "shards = [paid_on(mid, day, 0)]"),
    sabotage(STORE, "there is never another page", "if len(there) > limit else None", "if False else None"),
    sabotage(DESK, "a retry changes nothing", "when={\"due\": Item.gsi2sk.exists()}, due=clock.now())", "when={\"due\": Item.gsi2sk.exists()})"),
    sabotage(DESK, "nobody wrote down who resolved it", 'audit.add(tx, intent.mid, intent.actor, "stuck.resolve", row.number, reason=row.reason, note=note)', "pass"),
    sabotage(DESK, "a request that was carried out is carried out again", "if recorded(intent, found[keys[0]]) is not None:", "if False:"),
    sabotage(STEPS, "days are cut in London", "clock.day_of(capture.paid_at)", "capture.paid_at.date()"),
    sabotage(STEPS, "a second payment says that it came too late", "Cause.TOO_LATE if order.captured is None else Cause.PAID_TWICE", "Cause.TOO_LATE"),
    sabotage(OWING, "a failed group's payment says that it was paid twice", "cash, Cause.PLAY_FAILED, of_fen=cash, back=back)", "cash, Cause.PAID_TWICE, of_fen=cash, back=back)"),
    sabotage(DESK_VIEWS, "what is stuck is told in Chinese", "localised((zh, en), language)", "zh"),
    sabotage(COMPARING, "a payment that only the bill knows is not taken", "payment.take(ref, trade)", "pass"),
    sabotage(COMPARING, "one page of a day is compared", "            after = page.after\n            if after is None:\n                break", "            break"),
    sabotage(BILLS, "a day that was compared is compared for ever", "Merchant.bill_day.set(after.isoformat())", "Merchant.bill_day.set(day.isoformat())"),
    sabotage(BILL_FILE, "a bill's file is believed as it comes", 'if hashlib.sha1(content).hexdigest() != str(told.get("hash_value", "")).lower():', "if False:"),
    sabotage(SEAL, "a seal does not bind what it is of", "return about.encode()", 'return b""'),
    sabotage(RECEIVER, "a look is not audited", "    _record_look(mid, actor, oid)\n    return told", "    return told"),
    sabotage(RECEIVER, "a receiver is erased while the law keeps it", "if clock.now() < until:", "if False:"),
    sabotage(RECEIVER, "anybody sees a whole receiver", "if order is None or order.uid != uid:", "if order is None:"),
    sabotage(DESK, "anything can be retried", "if row.driver is None or not stuck.is_tried(row):", "if row.driver is None:"),
    sabotage(DESK, "what is still tried can be resolved", "        if stuck.is_tried(row):", "        if False:"),
    sabotage(REFUND, "a refund's row stays when the money is back", "    stuck.add_end(tx, mid, REFUND, refund.out_refund_no)\n", ""),
    sabotage(COMPARING, "a long day begins again for ever", "DayBill.line.set(done)", "DayBill.line.set(0)"),
    sabotage(COMPARING, "what an earlier turn saw is missed", "(returned if line.refund_number else paid).discard(line.refund_number or line.number)", "pass"),
    sabotage(COMPARING, "a later turn forgets what an earlier one found", "(before.line, before.differences) if before", "(before.line, 0) if before"),
    sabotage(COMPARING, "a bill that changed goes on where the other stopped", " and before.digest == digest", ""),
    sabotage(BILLS, "a long day is taken for compared", "elif compare(merchant.mid, day) is None:", "elif compare(merchant.mid, day) == -1:"),
    sabotage(COMPARING, "what the bill lacks is not missed", "in _captured(mid, sorted(paid)):", "in ():"),
    sabotage(COMPARING, "refunds that the bill lacks are not missed", "in _unbilled(mid, sorted(returned)):", "in ():"),
    sabotage(COMPARING, "amounts in the bill are not compared", "if ours != (line.transaction_id, line.total):", "if ours[0] != line.transaction_id:"),
    sabotage(COMPARING, "a payment may have any status in the bill", "if line.status != PAID:", "if False:"),
    sabotage(COMPARING, "a refund may have any status in the bill", "and line.refund_status not in UNDER_WAY_OR_BACK:", "and False:"),
    sabotage(COMPARING, "a refund that arrives later differs", 'frozenset({"PROCESSING", "SUCCESS"})', 'frozenset({"SUCCESS"})'),
    sabotage(COMPARING, "any refund in the bill is ours", "return [Reason.BILL_REFUND_UNKNOWN]", "return []"),
    sabotage(COMPARING, "refunds in the bill may have any amount", "if row.amount_fen != line.refund:", "if False:"),
    sabotage(COMPARING, "one round of lines is compared", "while part := list(islice(lines, AT_ONCE)):\n        differences", "for part in [list(islice(lines, AT_ONCE))]:\n        differences"),
    sabotage(BILLS, "what is stuck is reported only where there is a bill", "    stuck.report(merchant.mid)\n", ""),
    sabotage(BILL, "a bill need not add up", "!= (payments + refunds, paid, refunded):", "!= (payments + refunds, paid, refunded) and False:"),
    sabotage(BILL_FILE, "lines may have any number of cells", "if len(found) != width:", "if False:"),
    sabotage(STUCK, "a part of what is stuck is counted", "amount += sum(", "amount = sum("),
    sabotage(STUCK, "the latest row says how old it all is", "oldest = min(", "oldest = max("),
    sabotage(STUCK, "a slow act never says why it failed", "known.reason in SLOW and", "False and"),
    sabotage(STUCK, "what was refused is slow once WeChat is silent", "and reason not in SLOW:", "and reason != known.reason or reason in SLOW:"),
    sabotage(STUCK, "a slow act that fails has just begun", "row.recorded_at, row.gsi1sk = known.recorded_at, known.gsi1sk", "pass"),
    sabotage(STUCK, "a closed order can be retried", "order.state == OrderState.CLOSING\n\n\ndef report", "bool(order.state)\n\n\ndef report"),
    sabotage(STUCK, "an order is not made due by a retry", "self.reason == Reason.CLOSING_SLOW else None", "False else None"),
    sabotage(REFUND, "a refund may be under way for ever", "    _look_at(entry)\n    return Later", "    return Later"),
    sabotage(REFUND, "nobody hears that WeChat is silent about a refund", "    except Unknown:\n        _look_at(entry)\n", "    except Unknown:\n"),
    sabotage(REFUND, "nobody hears that WeChat is too busy for a refund", "    except Quota:\n        _look_at(entry)\n", "    except Quota:\n"),
    sabotage(REFUND, "a refund is slow at once", "if clock.now() >= entry.created_at + SLOW:", "if True:"),
    sabotage(TIMERS, "nobody hears of an order that cannot be closed", "        _look_at(order)\n", ""),
    sabotage(TIMERS, "an order is slow at its deadline", "clock.now() >= order.deadline + CLOSING_SLOW:", "clock.now() >= order.deadline:"),
    sabotage(STEPS, "a slow order that is released stays listed", "    tenders.add_release(tx, order)\n    _add_closed(tx, order)", "    tenders.add_release(tx, order)"),
    sabotage(STEPS, "a slow order that is paid stays listed", "    if order.state is OrderState.CLOSING:\n        _add_closed(tx, order)\n", ""),
    sabotage(UPLOAD, "nobody hears that WeChat does not know of goods", "        _look_at(entry, facts)\n        raise", "        raise"),
    sabotage(UPLOAD, "an upload is slow at once", "if clock.now() >= entry.created_at + SLOW:", "if True:"),
    sabotage(UPLOAD, "the row of a parcel that was corrected stays", "shipment.told == revision:\n        return over", "shipment.told == revision:\n        return Done()"),
)  # fmt: skip

PAID_WITH: tuple[Mutant, ...] = (
    sabotage(STEPS, "a part that paid stays held", "    tenders.add_capture(tx, order, held)\n", ""),
    sabotage(STEPS, "a released order keeps its parts", "    tenders.add_release(tx, order)\n", ""),
    sabotage(STEPS, "goods that nobody paid money for are due at no time", "        order.set_due(order.ship_by)\n", ""),
    sabotage(STEPS, "an order that is paid at once is due as if it were not", "    order.set_due(None)\n", ""),
    sabotage(TENDERS, "what went back of a part is forgotten", "part.back_fen + fen", "part.back_fen"),
    sabotage(TENDERS, "a released order's parts are captured unheld", "if order.state == OrderState.RELEASED:", "if False:"),
    sabotage(TENDERS, "a part that is gone can be held again", "    return found if able else None", "    return found"),
    sabotage(TENDERS, "a part pays without limit", "most = rest if pay.fen is None else min(rest, pay.fen)", "most = rest"),
    sabotage(TENDERS, "each part pays for all", "total_fen - sum(part.fen for part in made)", "total_fen"),
    sabotage(TENDERS, "a tender may be named twice", "if (pay.tender, pay.ref) in seen:", "if False:"),
    sabotage(TENDERS, "any tender will do", "if pay.tender not in TENDERS:", "if False:"),
    sabotage(OWING, "parts go back first", "cash = min(amount_fen, payment.live_fen) if payment else 0", "cash = min(amount_fen, payment.live_fen, max(0, amount_fen - sum(part.live_fen for part in order.paid_with))) if payment else 0"),
    sabotage(OWING, "a failed play keeps the parts", "parts, back = tenders.add_back(tx, order, order.total_fen)", "parts, back = [], []"),
    sabotage(OWING, "refunds without money share a number", "cause = order.backs or 0", "cause = 0"),
    sabotage(OWING, "parts are not live", "return (payment.live_fen if payment else 0) + sum(part.live_fen for part in order.paid_with)", "return payment.live_fen if payment else 0"),
    sabotage(PREPAY, "money pays the whole price", "total=Fen(order.cash_fen)", "total=Fen(order.total_fen)"),
    sabotage("chalicelib/orders/views.py", "a part that is free again looks used", "back = part.fen if free else part.back_fen", "back = part.back_fen"),
    sabotage(PLACING, "WeChat is asked to collect nothing", "if new and order.cash_fen:", "if new:"),
    sabotage(PLACING, "nothing is held of what pays", "    tenders.add_hold(tx, order, found, captured=not order.cash_fen)\n", ""),
    sabotage(SOLO, "who pays no money is a newcomer still", "            steps.add_purchase(tx, order)\n        placing", "        placing"),
    sabotage(SOLO, "late money for goods alone forgets the parts", "if units and held is not None and rules", "if units and rules"),
    sabotage(SEATS, "a leader who pays no money is still expected to", "pending=not paid", "pending=True"),
    sabotage(SEATS, "a group opened without money has no end", "        group.set_due(group.expires_at)\n", ""),
    sabotage(SEATS, "a group filled without money waits for its end", "now if last else UNSET", "UNSET"),
    sabotage(UPLOAD.replace("upload", "delivery"), "WeChat is told of what it was not paid for", "paid = order.captured is not None", "paid = True"),
)  # fmt: skip
"""What pays beside money."""
