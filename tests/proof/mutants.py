"""Deliberately broken builds, one line each: every named condition dropped, and what else must never be forgotten.

`python -m tests.proof.mutants [part of a name]` runs the tests against each. Its last line is caught / total.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
WORKERS = 2
SECONDS = 1800

PROOF = tuple(f"tests/proof/test_{name}.py" for name in ("model", "conditions", "crashes", "races"))
CONDITIONS = PROOF[1]
TESTS = {
    "core": ("tests/core", "tests/orders", "tests/groupbuy", *PROOF),
    "accounts": ("tests/accounts", CONDITIONS),
    "merchants": ("tests/merchants", CONDITIONS),
    "campaigns": ("tests/campaigns", "tests/groupbuy", *PROOF),
    "orders": ("tests/orders", "tests/groupbuy", *PROOF),
    "groupbuy": ("tests/groupbuy", "tests/orders", *PROOF),
}
"""Which tests are asked about a room: how it behaves, what its conditions refuse alone, and last what takes minutes."""


class Site(NamedTuple):
    """Where a condition stands: file, function, and its name there."""

    path: str
    function: str
    name: str


@dataclass(frozen=True)
class Mutant:
    """One line of ``path`` that becomes another; ``old`` stands there exactly once after ``line`` lines."""

    name: str
    path: str
    old: str
    new: str
    line: int = 0
    site: Site | None = None

    def sabotaged(self, source: str) -> str:
        """The source with the mutant in it."""
        lines = source.splitlines(keepends=True)
        head, tail = "".join(lines[: self.line]), "".join(lines[self.line :])
        assert (self.line and self.old in tail) or source.count(self.old) == 1, f"{self.name} fits nowhere or often"
        return head + tail.replace(self.old, self.new, 1)

    @property
    def tests(self) -> tuple[str, ...]:
        """What should notice."""
        return TESTS[Path(self.path).parts[1]]


def _sabotage(path: str, why: str, old: str, new: str) -> Mutant:
    return Mutant(f"{path.removeprefix('chalicelib/')}: {why}", path, old, new)


GROUP, PAID, TIMERS = (
    "chalicelib/groupbuy/service.py",
    "chalicelib/groupbuy/payment.py",
    "chalicelib/groupbuy/timers.py",
)
STEPS, DUE, OUTBOX = "chalicelib/orders/steps.py", "chalicelib/core/due.py", "chalicelib/core/outbox.py"
ORDER_TIMERS, TAKE, REFUND = (f"chalicelib/orders/{name}.py" for name in ("timers", "payment", "refund"))
TRANSACTION = "chalicelib/core/transaction.py"

BY_HAND = (
    _sabotage(TRANSACTION, "a put overwrites", '{"absent": type(item).pk.does_not_exist()} if when', "{} if when"),
    _sabotage(TRANSACTION, "an update creates", '{"exists": Item.pk.exists(), **when}', "{**when}"),
    _sabotage(TRANSACTION, "a lost condition is an answer", "raise Lost(losses) from None", "return"),
    _sabotage(TRANSACTION, "a conflict is an answer", 'count("TransactionConflict")', "return"),
    _sabotage(TRANSACTION, "a retry has a new token", 'call("transact_write_items", **request)',
              'call("transact_write_items", **{**request, "ClientRequestToken": chance.token_hex(16)})'),
    _sabotage(DUE, "two workers take one entry", 'ConditionExpression="gsi2sk = :seen",',
              'ConditionExpression="gsi2sk = :seen OR attribute_exists(pk)",'),
    _sabotage(DUE, "a failed entry is not put off", "_put_off(item, min(LONGEST_WAIT, timedelta(seconds=30 * 2**fails)), [Item.fails.set(fails)])", "pass"),
    _sabotage(OUTBOX, "nobody looks after an owed act", "entry.set_due(instant + REDRIVE)", "pass"),
    _sabotage(OUTBOX, "the act ends without its settlement", "outcome.settle(tx)", "pass"),
    _sabotage(STEPS, "a refund is not owed", 'owe(tx, "refund", order.mid, REFUND, number, payload)', "pass"),
    _sabotage(STEPS, "one refund number for all", "number = refund_number(order.oid, attempt)\n    payload",
              'number = refund_number("0" * 26, attempt)\n    payload'),
    _sabotage(STEPS, "a new refund number a time", "number = refund_number(order.oid, attempt)\n    payload",
              "number = refund_number(order.oid, attempt + clock.now().second)\n    payload"),
    _sabotage(STEPS, "an owed capture stays live", "_add_payment(tx, order, capture, Disposition.OWED)",
              "_add_payment(tx, order, capture, Disposition.LIVE)"),
    _sabotage(STEPS, "a released order stays due", 'tx.update("order", order, [Order.state.set(OrderState.RELEASED)], when=closing, due=None)',
              'tx.update("order", order, [Order.state.set(OrderState.RELEASED)], when=closing)'),
    _sabotage(ORDER_TIMERS, "released without asking", "closed = pay.close(account, number)", "return None"),
    _sabotage(ORDER_TIMERS, "unknown proves unpaid at once", "return None if clock.now() >= proven else proven - clock.now()", "return None"),
    _sabotage(ORDER_TIMERS, "paid at close is forgotten", "if closed is Closed.PAID:", "if False:"),
    _sabotage(TAKE, "the amount is not compared", "if said != ours:", "if False:"),
    _sabotage(TAKE, "a second transaction is a duplicate", "if payment.transaction_id != trade.transaction_id:", "if False:"),
    _sabotage(TAKE, "a capture is recorded again", "if payment is not None:", "if False:"),
    _sabotage(REFUND, "processing is done", "return Later(UNDER_WAY, refund.status_name)", "return Done()"),
    _sabotage(REFUND, "closed is done", 'return Later(REFUSED, refund.status_name)', "return Done()"),
    _sabotage(PAID, "late money never takes a seat", "from_room = Group.left if decision.again else Group.held", "from_room = Group.held"),
    _sabotage(PAID, "a late seat is not counted", "if decision.again:\n                _add_part", "if False:\n                _add_part"),
    _sabotage(PAID, "a leader stays pending", 'tx.update("limit", limit_key(ref.mid, ref.uid, ref.cid), [Limit.pending.remove()], when={})', "pass"),
    _sabotage(PAID, "a release keeps the seat", "[Group.held.add(-1), Group.left.add(1)]", "[Group.held.add(-1)]"),
    _sabotage(PAID, "a void group keeps its units", "stock.add_return(tx, ref.mid, ref.cid, seat.sku, units)", "pass"),
    _sabotage(PAID, "a release keeps the limit", "[Limit.parts.add(-1), Limit.opens", "[Limit.parts.add(0), Limit.opens"),
    _sabotage(TIMERS, "held seats are not waited for", "if group.held > 0:", "if False:"),
    _sabotage(TIMERS, "units stay with a failed group", "stock.add_return(tx, group.mid, group.cid, group.sku, back)", "pass"),
    _sabotage(TIMERS, "the drain stops at a failure", "failures.append(failure)", "raise"),
    _sabotage(TIMERS, "seats are settled without orders", "steps.add_refund(tx, order)", "pass"),
    _sabotage(TIMERS, "success confirms nothing", "steps.add_confirmation(tx, order)", "pass"),
    _sabotage(TIMERS, "a settling group stays listed",
              "[Group.status.set(GroupState.SETTLING), Group.gsi1pk.remove(), Group.gsi1sk.remove()]",
              "[Group.status.set(GroupState.SETTLING)]"),
    _sabotage(TIMERS, "the end of a group is forgotten", "due=now + rules.SETTLE_AGAIN", "due=None"),
    _sabotage(GROUP, "an order is due at no time", "order.set_due(deadline)", "pass"),
    _sabotage("chalicelib/campaigns/stock.py", "a draw is not counted", "[StockShard.left.add(-units), StockShard.taken.add(units)]\n        tx.update(f\"stock{number}\", by",
              "[StockShard.left.add(-units)]\n        tx.update(f\"stock{number}\", by"),
)  # fmt: skip


def conditions() -> Iterator[Mutant]:
    """A mutant for every named condition in the code: without it."""
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        path, source = str(file.relative_to(ROOT)), file.read_text()
        tree = ast.parse(source)
        methods = [node for kind in tree.body if isinstance(kind, ast.ClassDef) for node in kind.body]
        for function in [*tree.body, *methods]:
            if isinstance(function, ast.FunctionDef):
                names = Counter[str]()
                for name, old, new, line in _conditions_in(function, source):
                    names[name] += 1
                    again = f" ({names[name]})" if names[name] > 1 else ""
                    what = f"{path.removeprefix('chalicelib/')}: {function.name} without {name}{again}"
                    yield Mutant(what, path, old, new, line, Site(path, function.name, name))


def _conditions_in(function: ast.FunctionDef, source: str) -> Iterator[tuple[str, str, str, int]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and is_condition(value):
                    yield str(key.value), _entry(source, key, value), "**{}", key.lineno - 1
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) and is_condition(node.value):
            named = node.targets[0].slice
            assert isinstance(named, ast.Constant)
            yield str(named.value), ast.get_source_segment(source, node) or "", "pass", node.lineno - 1


def _entry(source: str, key: ast.expr, value: ast.expr) -> str:
    """The text of a dict literal's entry."""
    lines = source.splitlines(keepends=True)
    assert value.end_lineno is not None
    assert value.end_col_offset is not None
    written = "".join(lines[key.lineno - 1 : value.end_lineno]).encode()
    tail = len(lines[value.end_lineno - 1].encode()) - value.end_col_offset
    return written[key.col_offset : len(written) - tail].decode()


def is_condition(value: ast.expr) -> bool:
    """Whether an expression is a condition on an item's attribute, such as ``Seat.state == SeatState.HELD``."""
    if isinstance(value, ast.BinOp):
        return is_condition(value.left) and is_condition(value.right)
    if isinstance(value, ast.Compare):
        return _attribute(value.left)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in ("exists", "does_not_exist", "is_in", "startswith") and _attribute(value.func.value)
    return False


def _attribute(value: ast.expr) -> bool:
    """``Seat.state``, not ``seat.state``."""
    return isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id[0].isupper()


MUTANTS = (*conditions(), *BY_HAND)


def caught(mutant: Mutant) -> str | None:
    """The test that fails in the broken build, or None where all are green."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.proof.sabotage", "-p", "no:cacheprovider"]
    command += ["--tb=no", "--show-capture=no", "-n", "0", *mutant.tests]
    environment = {**os.environ, "RIPPLE_MUTANT": mutant.name, "RIPPLE_PROOF": "brief", "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return "(it never ends)"
    if done.returncode == 0:
        return None
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if done.returncode != 1 or not failed:
        raise RuntimeError(f"{mutant.name} cannot be tried:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return failed[0].split(" ", 1)[1].split(" - ")[0]


def main(wanted: str = "") -> int:
    """Run the mutants whose name contains ``wanted``; the last line is caught / total."""
    chosen = [mutant for mutant in MUTANTS if wanted in mutant.name]
    survivors = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for mutant, by in zip(chosen, pool.map(caught, chosen), strict=True):
            survivors += by is None
            print(f"{'survived' if by is None else 'caught  '}  {mutant.name}   {by or ''}", flush=True)
    print(f"{len(chosen) - survivors} / {len(chosen)}")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
