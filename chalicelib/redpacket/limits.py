"""What one user may take of a campaign's packets: taken where the promise is made, given back where it ends."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.redpacket.items import Act, Limit, Packet, limit_key
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.rules import REMEMBERED
from chalicelib.redpacket.states import PacketKind


def add_start(tx: Transaction, key: Key, plan: Plan) -> None:
    """A packet begins, and is one of its owner's that are not over where those are few."""
    when: dict[str, Condition] = {"starts": Limit.starts.does_not_exist() | (Limit.starts < plan.starts)}
    actions: list[Action] = [Limit.starts.add(1)]
    if plan.active is not None:
        when["active"] = Limit.active.does_not_exist() | (Limit.active < plan.active)
        actions.append(Limit.active.add(1))
    tx.upsert("limit", key, actions, when=when)


def add_end(tx: Transaction, packet: Packet) -> None:
    """A packet is over; that its owner started it stays counted."""
    if packet.kind is PacketKind.UNLOCK:
        key = limit_key(packet.mid, packet.uid, packet.cid)
        tx.update("limit", key, [Limit.active.add(-1)], when={"counted": Limit.active >= 1})


def add_act(tx: Transaction, key: Key, plan: Plan, seen: Limit | None, day: str, owner: str) -> None:
    """A help or claim for ``owner`` on ``day``, under the limits of campaign and day; an older day counts as none."""
    when: dict[str, Condition] = {"helps": Limit.helps.does_not_exist() | (Limit.helps < plan.helps)}
    actions: list[Action] = [Limit.helps.add(1), Limit.helped.set(_remembered(seen, owner))]
    if seen is not None and seen.helped is not None:
        when["as_seen"] = Limit.helped == seen.helped
    else:
        when["none_yet"] = Limit.helped.does_not_exist()
    if seen is not None and seen.day == day:
        when["same_day"] = Limit.day == day
        when["today"] = Limit.today < plan.helps_a_day
        actions.append(Limit.today.add(1))
    else:
        when["new_day"] = Limit.day.does_not_exist() | (Limit.day < day)
        actions += [Limit.day.set(day), Limit.today.set(1)]
    tx.upsert("limit", key, actions, when=when)


def add_back(tx: Transaction, key: Key, seen: Limit | None, act: Act) -> None:
    """A held act was not needed: its limit goes back, the day's only if that is still the same day."""
    when: dict[str, Condition] = {"counted": Limit.helps >= 1}
    actions: list[Action] = [Limit.helps.add(-1)]
    if seen is not None and seen.day == act.day:
        when["same_day"] = Limit.day == act.day
        actions.append(Limit.today.add(-1))
    else:
        when["later_day"] = Limit.day > act.day
    tx.update("limit", key, actions, when=when)


def _remembered(seen: Limit | None, owner: str) -> list[str]:
    """Whose packets he helped last, this one's last of all."""
    before = [uid for uid in (seen.helped or [] if seen else []) if uid != owner]
    return [*before, owner][-REMEMBERED:]
