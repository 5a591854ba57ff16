"""What is counted of edges, each once: descendants by depth, and leaderboards.

An edge is counted by one transaction, which takes its due entry away: the table's stream does it at once, the sweeper
whatever the stream missed. Nobody's numbers are one item that all his descendants write: from `GROWN` on they are
spread over shards, and a leaderboard is written from its tallies at most every `PAUSE`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Lost, Transaction, due_moves, update_one, upsert_one
from chalicelib.invite.items import (
    BOARD_SHARDS,
    SHARDS,
    Descendants,
    Edge,
    Standing,
    Tally,
    board_index,
    descendants_key,
    place,
    shard_of,
    spread_of,
    standing_key,
    tally_key,
)

NOTICED = timedelta(seconds=60)
"""When the sweeper looks after an edge that the stream should have brought."""

PAUSE = timedelta(seconds=30)
"""How long a board waits for more, so that it is written seldom; then the next minute's sweep finds it."""

GROWN = 1000
"""Descendants from which on somebody is spread over all shards."""

DEPTHS = (Descendants.d1, Descendants.d2, Descendants.d3, Descendants.d4, Descendants.d5)


@timed(
    Time(
        f"somebody was invited: at once by the table's stream, after {span(NOTICED)} otherwise",
        "everybody above him is counted one more",
        "boards and counts do not show him yet; who invited whom stands",
    )
)
def edge_due(edge: Edge) -> None:
    """Count a leased edge (the due handler of `Edge`)."""
    decided(lambda: _count(edge))


def _count(edge: Edge) -> None:
    mid, child = edge.mid, edge.child
    firsts = [descendants_key(mid, ancestor) for ancestor in edge.ancestors]
    tallies = {n: tally_key(mid, edge.board, edge.parent, shard_of(child, n)) for n in (1, SHARDS)}
    found = read(*firsts, *tallies.values())
    tx = Transaction()
    tx.update("edge", edge, [], when={"leased": Edge.gsi2sk == edge.gsi2sk}, due=None)
    for depth, (ancestor, key) in enumerate(zip(edge.ancestors, firsts, strict=True)):
        first = found.item(Descendants, key)
        more: list[Action] = [DEPTHS[depth].add(1)]
        if first is not None and first.spread is None and sum(first.by_depth) >= GROWN:
            more.append(Descendants.spread.set(SHARDS))
        shard = shard_of(child, spread_of(first))
        tx.upsert(f"ancestor{depth}", descendants_key(mid, ancestor, shard), more)
    key = tallies[spread_of(found.item(Descendants, firsts[0]))]
    _add_to_tally(tx, edge, key, found.item(Tally, key))
    tx.commit()


def _add_to_tally(tx: Transaction, edge: Edge, key: Key, seen: Tally | None) -> None:
    """One more; the board looks soon, if it is not about to."""
    more: list[Action] = [Tally.n.add(1)]
    when: dict[str, Condition] = {}
    if seen is None or seen.due is None:
        more += due_moves(key, clock.now() + PAUSE)
    else:
        when["awaited"] = Tally.gsi2sk.exists()
    if seen is None or seen.last_at < edge.bound_at:
        more.append(Tally.last_at.set(edge.bound_at))
        when["latest"] = Tally.last_at.does_not_exist() | (Tally.last_at < edge.bound_at)
    tx.upsert("tally", key, more, when=when)


@timed(
    Time(
        f"{span(PAUSE)} after the first change that a board does not show, together with whatever came since",
        "somebody's place on the board is written anew",
        "the board shows his place of before",
    )
)
def tally_due(tally: Tally) -> None:
    """Write a user's place on a board (the due handler of `Tally`)."""
    mid, (board, uid) = tally.mid, tally.whose
    first = descendants_key(mid, uid)
    shards = spread_of(read(first).item(Descendants, first))
    keys = [tally_key(mid, board, uid, shard) for shard in range(shards)]
    found = read(*keys)
    seen = [item for key in keys if (item := found.item(Tally, key)) is not None]
    score, reached_at = sum(item.n for item in seen), max(item.last_at for item in seen)
    key = standing_key(mid, board, uid)
    standing: list[Action] = [
        Standing.score.set(score),
        Standing.reached_at.set(reached_at),
        Standing.gsi3pk.set(board_index(mid, board, shard_of(uid, BOARD_SHARDS))),
        Standing.gsi3sk.set(place(score, reached_at, uid)),
    ]
    with suppress(Lost):  # another shard's look has written as much, or more
        upsert_one(key, standing, when={"higher": Standing.pk.does_not_exist() | (Standing.score < score)})
    own = next(item for item in seen if item.key == tally.key)
    leased = {"leased": Tally.gsi2sk == tally.gsi2sk}
    try:
        update_one(tally, [], when={**leased, "as_seen": Tally.n == own.n}, due=None)
    except Lost:
        update_one(tally, [], when=leased, due=clock.now() + PAUSE)
