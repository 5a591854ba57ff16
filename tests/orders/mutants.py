"""What a merchant is told of money must not be wrong, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

DESK, VIEWS, DESK_VIEWS, STUCK, SERVICE, STEPS, BILLS = (
    f"chalicelib/orders/{name}.py" for name in ("desk", "views", "desk_views", "stuck", "service", "steps", "bills")
)
BILL = "chalicelib/wechat/bill.py"
RECEIVER, SEAL = "chalicelib/orders/receiver.py", "chalicelib/core/seal.py"

TOLD: tuple[Mutant, ...] = (
    sabotage(DESK, "a page repeats where the last one ended", "if place[0] != before", "if True"),
    sabotage(DESK, "the earliest payment comes first", "if place[0] != before), reverse=True)", "if place[0] != before))"),
    sabotage(DESK, "one shard of payments is shown", "for shard in range(PAYMENT_SHARDS):", "for shard in range(1):"),
    sabotage(DESK, "there is never another page", "len(places) > limit", "False"),
    sabotage(DESK, "a retry changes nothing", "when={}, due=clock.now())", "when={})"),
    sabotage(DESK, "anything can be retried", "if not _owed(row):", "if False:"),
    sabotage(DESK, "a refund that is owed can be resolved", "        if _owed(row):", "        if False:"),
    sabotage(DESK, "nobody wrote down who resolved it", 'audit.add(tx, intent.mid, intent.actor, "stuck.resolve", row.number, reason=row.reason, note=note)', "pass"),
    sabotage(DESK, "a request that was carried out is carried out again", "if recorded(intent, found[keys[0]]) is not None:", "if False:"),
    sabotage(STEPS, "days are cut in London", "capture.paid_at.astimezone(clock.BEIJING).date()", "type(clock.now().date())(*capture.paid_at.utctimetuple()[:3])"),
    sabotage(VIEWS, "a second payment says that it came too late", 'return "too_late" if order.captured is None else "paid_twice"', 'return "too_late"'),
    sabotage(VIEWS, "a failed group's payment says that it was paid twice", "if order.captured == payment.attempt:", "if False:"),
    sabotage(DESK_VIEWS, "what is stuck is told in Chinese", "localised((zh, en), language)", "zh"),
    sabotage(SERVICE, "anybody sees an order", "if own.uid != uid:\n        raise RippleError(NOT_FOUND)\n    return own, payments, receiver", "return own, payments, receiver"),
    sabotage(STUCK, "a refund's row stays when the money is back", "tx.delete(\"stuck\", stuck_key(mid, REFUND, number), when={})", "pass"),
    sabotage(BILLS, "what the bill lacks is not missed", "for number in sorted(missing):", "for number in ():"),
    sabotage(BILLS, "a payment that only the bill knows is not taken", "payment.take(ref, trade)", "pass"),
    sabotage(BILLS, "amounts in the bill are not compared", "same = (row.transaction_id, row.total_fen) == (line.transaction_id, line.total)", "same = row.transaction_id == line.transaction_id"),
    sabotage(BILLS, "any refund in the bill is ours", "if row is None or row.refund_number != line.refund_number:", "if row is None:"),
    sabotage(BILLS, "refunds in the bill may have any amount", "return None if row.total_fen == line.refund else", "return None if row else"),
    sabotage(BILLS, "one page of a day is compared", "            after = page.after\n            if after is None:\n                break", "            break"),
    sabotage(BILLS, "a day that was compared is compared for ever", "Merchant.bill_day.set(after.isoformat())", "Merchant.bill_day.set(day.isoformat())"),
    sabotage(BILL, "a bill's file is believed as it comes", 'if hashlib.sha1(content).hexdigest() != str(told.get("hash_value", "")).lower():', "if False:"),
    sabotage(SEAL, "a seal does not bind what it is of", "return about.encode()", 'return b""'),
    sabotage(RECEIVER, "a look is not audited", "    _record_look(mid, actor, oid)\n    return told", "    return told"),
    sabotage(RECEIVER, "a receiver is erased while the law keeps it", "if clock.now() < until:", "if False:"),
    sabotage(RECEIVER, "anybody sees a whole receiver", "if order is None or order.uid != uid:", "if order is None:"),
    sabotage(BILL, "a bill need not add up", "if (int(sums[LINES]), _fen(sums[PAID_SUM]), _fen(sums[REFUND_SUM])) != (len(lines), paid, refunded):", "if False:"),
)  # fmt: skip
