"""What the invite graph promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from chalicelib.accounts import tombstone
from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.invite.items import Descendants, Edge, InviteCode, OwnCode, Standing, Tally
from chalicelib.invite.rules import DEPTH
from chalicelib.sharing import tickets
from chalicelib.sharing.tickets import Seen
from tests.breaking import Break, change, drop, the
from tests.invariants import Books, invariant, settled
from tests.invite.family import accepts, code_of
from tests.sharing.friends import known_of
from tests.town import Town


def parents(books: Books) -> dict[tuple[str, str], str]:
    """By merchant and user, who invited him."""
    return {(edge.mid, edge.child): edge.parent for edge in books.of(Edge)}


def chain(books: Books, edge: Edge) -> Iterator[str]:
    """Everybody above an edge's child, as far as the edges go; again and again where they go round."""
    above, at = books.seen(parents), str(edge.child)
    for _ in range(len(above)):
        parent = above.get((edge.mid, at))
        if parent is None:
            return
        yield parent
        at = parent


@invariant("Everybody has at most one inviter, who registered before him: nobody is above himself.")
def inviters_came_first(books: Books) -> Iterator[str]:
    for edge in books.of(Edge):
        if not edge.parent < edge.child:
            yield f"{edge.child} was invited by {edge.parent}"
        if edge.child in chain(books, edge):
            yield f"{edge.child} is above himself"


@invariant("An edge names the nearest five above it, as far as they went when it was written.")
def ancestors_are_the_nearest(books: Books) -> Iterator[str]:
    for edge in books.of(Edge):
        above = [uid for uid, _ in zip(chain(books, edge), range(DEPTH), strict=False)]
        if not edge.ancestors or above[: len(edge.ancestors)] != edge.ancestors:
            yield f"{edge.child}: {edge.ancestors}, not {above}"


@invariant("An invite code is one user's, and he has no other.")
def codes_are_ones_own(books: Books) -> Iterator[str]:
    given = {(code.mid, code.pk.split("#")[1]): code.uid for code in books.of(InviteCode)}
    owned = {(own.mid, own.code): own.pk.split("#")[1] for own in books.of(OwnCode)}
    for code in given.items() ^ owned.items():
        yield str(code)


@invariant("Whom somebody has brought is counted once each, by depth, of those edges that nobody has yet to count.")
def descendants_are_counted(books: Books) -> Iterator[str]:
    counted: Counter[tuple[str, str, int]] = Counter()
    for shard in books.of(Descendants):
        for depth, number in enumerate(shard.by_depth):
            counted[shard.mid, shard.pk.split("#")[1], depth] += number
    edges: Counter[tuple[str, str, int]] = Counter(
        (edge.mid, uid, depth) for edge in books.of(Edge) if not edge.due for depth, uid in enumerate(edge.ancestors)
    )
    for who in counted.keys() | edges.keys():
        if counted[who] != edges[who]:
            yield f"{who}: {counted[who]}, not {edges[who]}"


Board = tuple[str, str, str]


def tallied(books: Books) -> Counter[Board]:
    """By merchant, board and user, what the tallies say."""
    tallies: Counter[Board] = Counter()
    for tally in books.of(Tally):
        tallies[tally.mid, *tally.whose] += tally.n
    return tallies


def standings(books: Books) -> dict[Board, Standing]:
    """By merchant, board and user."""
    return {(s.mid, s.pk.split("#")[1], s.uid): s for s in books.of(Standing)}


@invariant("What a leaderboard does not show yet has a time at which it will.")
def boards_catch_up(books: Books) -> Iterator[str]:
    waiting = {(tally.mid, *tally.whose) for tally in books.of(Tally) if tally.due}
    shown = books.seen(standings)
    for who, number in books.seen(tallied).items():
        if who not in waiting and (who not in shown or shown[who].score != number):
            yield f"{who}: {number}"


@settled("A leaderboard says of everybody how many edges of his count on it, and when he had them.")
def boards_are_true(books: Books) -> Iterator[str]:
    edges: dict[Board, list[datetime]] = {}
    for edge in books.of(Edge):
        edges.setdefault((edge.mid, edge.board, edge.parent), []).append(edge.bound_at)
    shown = {who: (standing.score, standing.reached_at) for who, standing in books.seen(standings).items()}
    for who in shown.keys() | edges.keys():
        true = (len(edges[who]), max(edges[who])) if who in edges else None
        if shown.get(who) != true:
            yield f"{who}: {shown.get(who)}, not {true}"


def situation(town: Town) -> None:
    """Three in a chain, counted and on a board; one has a code, one had an account before, one was given a ticket."""
    people = []
    for name in ("ann-who-invites", "ben-who-invites", "cat-who-is-invited"):
        people.append(town.person(name))
        clock.advance(1)
    for child, parent in zip(people[1:], people, strict=False):
        accepts(child, parent).expect(201)
    code_of(people[0])
    guest = read_one(User, user_key(MerchantId(town.merchant.mid), people[2].uid))
    assert guest is not None
    tickets.issue(guest, "jar:known", Seen(), known_of(guest))
    gone = read_one(User, user_key(MerchantId(town.merchant.mid), people[0].uid))
    assert gone is not None
    tx = Transaction()
    tombstone.bury(tx, gone)
    tx.commit()
    for kind in (Edge, Tally):
        for item in town.items():
            if isinstance(item, kind) and item.gsi2sk:
                due.handle(item.key, item.gsi2sk)


def go_round(books: Books) -> None:
    """The first of a chain is invited by the last."""
    edges = {str(edge.child): edge for edge in books.of(Edge)}
    last = next(edge for edge in edges.values() if edge.parent in edges)
    edges[last.parent].parent = last.child


def forget_one_above(books: Books) -> None:
    """Somebody's inviter's inviter is somebody else."""
    edge = next(edge for edge in books.of(Edge) if len(edge.ancestors) > 1)
    edge.ancestors = [edge.ancestors[0], edge.child]


def count_twice(books: Books) -> None:
    """One of the numbers is too large."""
    shard = the(books, Descendants)
    shard.d1 = (shard.d1 or 0) + 1


BREAKS: dict[str, Break] = {
    "inviters_came_first": go_round,
    "ancestors_are_the_nearest": forget_one_above,
    "codes_are_ones_own": drop(InviteCode),
    "descendants_are_counted": count_twice,
    "boards_catch_up": drop(Standing),
    "boards_are_true": change(Standing, {"score": 7}),
}
