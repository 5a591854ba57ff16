"""What an order does to a wallet, inside the order's own transactions: held, used, free again, back (`SPEND_TABLE`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.family import caps
from chalicelib.family.items import Family, Member, family_key, member_key, month_of
from chalicelib.family.rows import Spend, spend_key
from chalicelib.family.states import FamilyState, MemberState, SpendState
from chalicelib.orders.items import Order, Part
from chalicelib.orders.states import OrderState


class Wallet(NamedTuple):
    """A family, whoever of it orders, and the request that its owner approves, if he does."""

    family: Family
    member: Member
    ask_id: str | None


def add_hold(tx: Transaction, order: Order, part: Part, wallet: Wallet, *, captured: bool) -> None:
    """So much leaves the wallet for the order, in the month in which it was made.

    A released order's is taken again: its row is there.
    """
    n, now, family, month = order.paid_with.index(part), clock.now(), wallet.family, month_of(order.created_at)
    granted, paid = caps.parted(family.granted, part.fen)
    state = SpendState.CAPTURED if captured else SpendState.HELD
    _add_debit(tx, n, wallet, month, granted, paid, held=not captured)
    _add_counted(tx, n, wallet, month, part.fen)
    if wallet.ask_id is not None:
        able = {"active": Member.state == MemberState.ACTIVE}
        tx.check("approver", member_key(order.mid, family.fid, family.owner), when=able)
    spend = Spend(
        *spend_key(order.mid, family.fid, order.created_at, order.oid),
        uid=order.uid,
        payer=family.owner,
        state=state,
        granted=granted,
        paid=paid,
        month=month,
        ask=wallet.ask_id,
        title=order.lines[0].title,
        at=order.created_at,
        captured_at=now if captured else None,
    )
    if order.state is not OrderState.RELEASED:
        tx.put(f"spend{n}", spend)
        return
    actions = [
        Spend.state.set(state),
        Spend.payer.set(spend.payer),
        Spend.granted.set(granted),
        Spend.paid.set(paid),
        Spend.captured_at.set(now),
        Spend.released_at.remove(),
    ]
    tx.update(f"spend{n}", spend, actions, when={"released": Spend.state == SpendState.RELEASED})


def add_capture(tx: Transaction, order: Order, part: Part) -> None:
    """What was held is used. It reads nothing and cannot be lost."""
    n, fid = order.paid_with.index(part), family_of(part)
    key = spend_key(order.mid, fid, order.created_at, order.oid)
    tx.update(f"family{n}", family_key(order.mid, fid), [Family.held.add(-1)], when={})
    actions = [Spend.state.set(SpendState.CAPTURED), Spend.captured_at.set(clock.now())]
    tx.update(f"spend{n}", key, actions, when={"held": Spend.state == SpendState.HELD})


def add_release(tx: Transaction, order: Order, part: Part) -> None:
    """What was held is back where it was, and off the month that it counts in, as long as that is still counted.

    What an owner approves pays all of its order, which is never released.
    """
    n = order.paid_with.index(part)
    family, member, spend = _seen(order, part)
    home = [Family.granted.add(spend.granted), Family.paid.add(spend.paid), Family.held.add(-1)]
    _add_home(tx, n, family, spend, home, part.fen)
    if member.month == spend.month:
        tx.update(f"member{n}", member, [Member.spent.add(-part.fen)], when={"month": Member.month == spend.month})
    actions = [Spend.state.set(SpendState.RELEASED), Spend.released_at.set(clock.now())]
    tx.update(f"spend{n}", spend, actions, when={"held": Spend.state == SpendState.HELD})


def add_back(tx: Transaction, order: Order, part: Part, fen: int) -> None:
    """So much of what was used is back in the wallet, what was bought of it first.

    It may be spent again in its month only where the family wants that, and where no owner approved it.
    """
    n = order.paid_with.index(part)
    family, member, spend = _seen(order, part)
    granted, paid = caps.came_back(spend.paid, spend.back_paid, fen)
    restores = bool(family.restores) and spend.ask is None and member.month == spend.month
    home = [Family.granted.add(granted), Family.paid.add(paid)]
    _add_home(tx, n, family, spend, home, fen if restores else 0)
    actions = [
        Spend.back_granted.add(granted),
        Spend.back_paid.add(paid),
        Spend.back_at.set(clock.now()),
        *([Spend.restored.add(fen)] if restores else []),
    ]
    as_seen = {
        "granted": Spend.back_granted == spend.back_granted,
        "paid": Spend.back_paid == spend.back_paid,
    }
    tx.update(f"spend{n}", spend, actions, when=as_seen)
    if restores:
        tx.update(f"member{n}", member, [Member.spent.add(-fen)], when={"month": Member.month == spend.month})


def family_of(part: Part) -> str:
    """Whose wallet pays it."""
    return part.ref.split(".", 1)[0]


def _add_debit(tx: Transaction, n: int, wallet: Wallet, month: str, granted: int, paid: int, *, held: bool) -> None:
    """Take both out of the wallet that was read, if it is still its owner's and lets members spend."""
    family, fen, cap = wallet.family, granted + paid, caps.cap_of(wallet.family)
    when: dict[str, Condition] = {
        "status": Family.status == family.status,
        "owner": Family.owner == family.owner,
    }
    if granted:
        when["granted"] = Family.granted >= granted
    if paid:
        when["paid"] = Family.paid >= paid
    if cap is not None:
        when["cap"] = Family.cap == cap
    elif family.status is not FamilyState.CLOSED:
        when["no_cap"] = Family.cap.does_not_exist()
    actions: list[Action] = [Family.granted.add(-granted), Family.paid.add(-paid)]
    if held:
        actions.append(Family.held.add(1))
    if family.month == month:
        when["month"] = Family.month == month
        if cap is not None:
            when["room"] = Family.spent <= cap - fen
        actions.append(Family.spent.add(fen))
    else:
        when["new_month"] = (Family.month < month) | Family.month.does_not_exist()
        actions += [Family.month.set(month), Family.spent.set(fen)]
    tx.update(f"family{n}", family, actions, when=when)


def _add_counted(tx: Transaction, n: int, wallet: Wallet, month: str, fen: int) -> None:
    """It counts in the member's month, within his caps unless the owner approves it, if he may spend.

    The wallet of a closed family has no members: its owner is insisted on with it, and that nobody froze him.
    """
    member, approved = wallet.member, wallet.ask_id is not None
    when = dict[str, Condition]()
    if wallet.family.status is not FamilyState.CLOSED:
        when["spends"] = Member.state == MemberState.ACTIVE
        when["cooled"] = Member.active_from <= clock.now()
    else:
        when["unfrozen"] = Member.frozen_by.does_not_exist()
    if not approved and member.per is not None:
        when["per"] = Member.per >= fen
    elif not approved:
        when["no_per"] = Member.per.does_not_exist()
    if not approved and member.cap is not None:
        when["cap"] = Member.cap == member.cap
    elif not approved:
        when["no_cap"] = Member.cap.does_not_exist()
    if member.month == month:
        when["month"] = Member.month == month
        if not approved and member.cap is not None:
            when["room"] = Member.spent <= member.cap - fen
        actions: list[Action] = [Member.approved.add(fen) if approved else Member.spent.add(fen)]
    else:
        when["new_month"] = (Member.month < month) | Member.month.does_not_exist()
        spent, beyond = (0, fen) if approved else (fen, 0)
        actions = [Member.month.set(month), Member.spent.set(spent), Member.approved.set(beyond)]
    tx.update(f"member{n}", member, actions, when=when)


def _add_home(tx: Transaction, n: int, family: Family, spend: Spend, home: Sequence[Action], uncounted: int) -> None:
    """What comes back is in the wallet, and so much off the family's month where that still is the spend's."""
    when = dict[str, Condition]()
    if uncounted and family.month == spend.month:
        when["month"] = Family.month == spend.month
        home = [*home, Family.spent.add(-uncounted)]
    tx.update(f"family{n}", family, home, when=when)


def _seen(order: Order, part: Part) -> tuple[Family, Member, Spend]:
    """What stands of it. Raises LookupError where something is missing: a mistake of ours."""
    fid = family_of(part)
    keys = (
        family_key(order.mid, fid),
        member_key(order.mid, fid, order.uid),
        spend_key(order.mid, fid, order.created_at, order.oid),
    )
    found = read(*keys)
    family, member, spend = found.item(Family, keys[0]), found.item(Member, keys[1]), found.item(Spend, keys[2])
    if family is None or member is None or spend is None:
        raise LookupError(f"what {order.oid} takes of the wallet of {fid}")
    return family, member, spend
