"""What one user may take of a campaign: taken where the promise is made, given back where it ends without him."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns.kinds.groupbuy import Limits
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy.items import Limit
from chalicelib.groupbuy.states import SeatRole


def add_take(
    tx: Transaction,
    key: Key,
    limits: Limits,
    role: SeatRole,
    units: int,
    *,
    opening: str | None = None,
    pending: bool = True,
) -> None:
    """Take a part in ``role`` with so many units, under every limit that counts it.

    ``opening`` is the group begun, ``pending`` whether it still waits for its leader's money.
    """
    when: dict[str, Condition] = {"units": Limit.units.does_not_exist() | (Limit.units <= limits.units - units)}
    actions: list[Action] = [Limit.units.add(units)]
    if role is not SeatRole.SOLO:
        when["parts"] = Limit.parts.does_not_exist() | (Limit.parts < limits.take_part)
        actions.append(Limit.parts.add(1))
    if role is SeatRole.MEMBER:
        when["joins"] = Limit.joins.does_not_exist() | (Limit.joins < limits.join)
        actions.append(Limit.joins.add(1))
    if opening is not None:
        when["opens"] = Limit.opens.does_not_exist() | (Limit.opens < limits.open)
        when["no_pending"] = Limit.pending.does_not_exist()
        actions += [Limit.opens.add(1), *([Limit.pending.set(opening)] if pending else [])]
    tx.upsert("limit", key, actions, when=when)


def add_release(tx: Transaction, key: Key, role: SeatRole, units: int, *, opening: bool = False) -> None:
    """An order was never paid: all that it took goes back."""
    actions: list[Action] = [Limit.units.add(-units)]
    if role is not SeatRole.SOLO:
        actions.append(Limit.parts.add(-1))
        actions.append(Limit.opens.add(-1) if role is SeatRole.LEADER else Limit.joins.add(-1))
    if opening:
        actions.append(Limit.pending.remove())
    tx.update("limit", key, actions, when={"taken": Limit.units >= units})


def add_loss(tx: Transaction, key: Key, units: int) -> None:
    """A group failed: the part and its units go back, not the opening or joining, which the user did."""
    tx.update("limit", key, [Limit.parts.add(-1), Limit.units.add(-units)], when={"taken": Limit.units >= units})


def add_opened(tx: Transaction, key: Key) -> None:
    """An opening was paid for: another one may begin."""
    tx.update("limit", key, [Limit.pending.remove()], when={})
