"""What orders come to, one by one: each confirmed order counts once, and no more than stays paid of it.

A follower may be told twice, late, and of a return before the confirmation. So it is never told what to add: it looks
at what an order is now, writes down what that counts, and adds the difference to what it wrote before.
"""

from __future__ import annotations

from functools import partial

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.merchants.segments import SegmentSetup, SegmentTerms, segments_key
from chalicelib.orders import standing
from chalicelib.orders.items import Order
from chalicelib.recall import rules
from chalicelib.recall.items import Buyer, Counted, buyer_key, counted_key, listed
from chalicelib.recall.rules import Sums, Worth


class Following:
    """Who counts orders for their buyers' segments."""

    def confirmed(self, order: Order) -> None:
        """It counts, as much as stays paid of it."""
        decided(partial(_count, order))

    def returned(self, order: Order) -> None:
        """It counts less, or no more."""
        decided(partial(_count, order))


FOLLOWING = Following()
"""What orders are given as the follower of that name."""


def _count(order: Order) -> None:
    mid = order.mid
    at, whose, said = counted_key(mid, order.oid), buyer_key(mid, order.uid), segments_key(mid)
    found = read(at, whose, said, *standing.keys(order))
    stands = standing.seen(found, order)
    counted, buyer, setup = found.item(Counted, at), found.item(Buyer, whose), found.item(SegmentSetup, said)
    confirmed_at = stands.order.confirmed_at
    if confirmed_at is None or setup is None:
        raise LookupError(f"when an order was confirmed, and by which terms it counts: {order.oid}")
    now = rules.worth(stands)
    if counted is not None and Worth(counted.n, counted.fen) == now:
        return
    tx = Transaction()
    # Whoever counts an order of his writes the buyer's row, whose condition guards this one too.
    tx.put("counted", Counted(*at, uid=order.uid, n=now.n, fen=now.fen, at=confirmed_at), when={})
    _add_sums(tx, order, buyer, rules.added(buyer, counted, now, confirmed_at), setup.terms)
    tx.commit()


def _add_sums(tx: Transaction, order: Order, seen: Buyer | None, sums: Sums, terms: SegmentTerms) -> None:
    """The buyer's row says so, and he is listed by it."""
    tier = rules.tier(sums, terms)
    buyer = Buyer(
        *buyer_key(order.mid, order.uid),
        last_at=sums.last_at,
        orders=sums.orders,
        spent_fen=sums.spent_fen,
        tier=tier,
        changes=(seen.changes if seen else 0) + 1,
        written_at=clock.now(),
    )
    if tier is not None:
        buyer.gsi1pk, buyer.gsi1sk = listed(order.mid, order.uid, tier, sums.last_at)
    tx.put("buyer", buyer, when={"as_seen": Buyer.changes == seen.changes} if seen else None)
