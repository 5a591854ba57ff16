"""What a merchant sees of families: who is in them, what they may spend, and what their wallets hold and did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.accounts.mask import seen
from chalicelib.core import clock
from chalicelib.family.admin import Belongs, Inspected
from chalicelib.family.items import Family, Member
from chalicelib.family.rows import Move, Spend


class FamilyLine(msgspec.Struct, kw_only=True):
    """A family in a list."""

    family_id: str
    name: str
    name_state: str
    """shown | review | unchecked | refused: whether others than its owner see it"""
    owner_id: str
    status: str
    """active | frozen | closing | closed"""
    mode: str
    """owner_pays | purse"""
    people: int
    """How many belong to it, its owner among them."""
    granted_fen: int
    """Given value in its wallet."""
    paid_fen: int
    """Bought value in its wallet."""
    held_orders: int
    """Orders that hold something of it and are not paid yet."""
    frozen_by: str | None
    """owner, or the id of the merchant's key; with `,owner` where the owner had frozen it before. Of a closed one's
    wallet its last owner's row says so."""
    created_at: datetime
    closed_at: datetime | None


class Families(msgspec.Struct, kw_only=True):
    """A page of families, the newest first; with a status asked for it may be shorter than its limit."""

    families: list[FamilyLine]
    cursor: str | None
    now: datetime


class MemberRecord(msgspec.Struct, kw_only=True):
    """Somebody in a family, or who was."""

    user_id: str
    nickname: str
    """As strangers see it."""
    role: str
    """owner | adult | minor"""
    state: str
    """active | frozen | removed"""
    frozen_by: str | None
    """As the family's; of who has left, who had him frozen then: the merchant's freeze goes with him."""
    spends_from: datetime
    """Before this he spends nothing."""
    per_fen: int | None
    """The most that he may spend at once; null for the owner."""
    cap_fen: int | None
    """The most that he may spend in a month; null for the owner."""
    month: str | None
    """The month that both numbers below count, in China."""
    spent_fen: int
    """What he took by himself in it, held or paid."""
    approved_fen: int
    """What the owner approved for him in it, outside his caps."""
    guardian_id: str | None
    """Of a minor: who agreed, and when."""
    consented_at: datetime | None
    joined_at: datetime
    left_at: datetime | None


class LedgerRecord(msgspec.Struct, kw_only=True):
    """What an order took of the wallet, or what came into it or left it otherwise."""

    kind: str
    """spend | move"""
    at: datetime
    why: str
    """order; of a move filled | topped_up | top_up_back | code | code_undone | adjusted"""
    by: str
    """Who ordered or put it in; of an adjustment the id of the key."""
    payer_id: str | None
    """Of an order: who owned the wallet then."""
    subject: str
    """The order, the code, the adjustment."""
    granted_fen: int
    paid_fen: int
    """Fen of either kind: what the order took, or what came in or, negative, left."""
    back_fen: int
    """Of what the order took, what came back after it was paid."""
    state: str | None
    """Of an order's: held | captured | released"""
    ask_id: str | None
    """The request that the owner approved, where one was."""
    note: str | None


class FamilyRecord(FamilyLine, kw_only=True):
    """One family with all that stands of it."""

    cap_fen: int | None
    """What its members together may spend in a month."""
    month: str | None
    spent_fen: int | None
    """What they have, in that month, whether or not there is a cap."""
    refunds_restore_caps: bool
    members_see_balance: bool
    offered_to: str | None
    """Who shall own it, as soon as he agrees."""
    note: str | None
    """Why the merchant froze it."""
    members: list[MemberRecord]
    open_invitations: int
    open_asks: int
    """Requests that wait for the owner."""
    ledger: list[LedgerRecord]
    """Its newest rows."""
    now: datetime


class FamilyLedger(msgspec.Struct, kw_only=True):
    """A page of what a wallet did, the newest first."""

    rows: list[LedgerRecord]
    cursor: str | None
    now: datetime


class UserFamily(msgspec.Struct, kw_only=True):
    """Where a user belongs."""

    user_id: str
    minor_since: datetime | None
    """Since when he is a minor for this merchant."""
    minor_by: str | None
    """Who says so: family, or the id of the merchant's key, which no family undoes."""
    family: FamilyLine | None
    member: MemberRecord | None
    locked_until: datetime | None
    """Before this he joins no family, since he has left one."""
    closed_families: list[str]
    """Those whose wallets are his."""
    now: datetime


def line(family: Family) -> FamilyLine:
    """A family in a list."""
    return FamilyLine(**_line(family))


def families(found: list[Family], cursor: str | None) -> Families:
    """A page of them."""
    return Families(families=[line(family) for family in found], cursor=cursor, now=clock.now())


def record(found: Inspected) -> FamilyRecord:
    """One family."""
    family = found.family
    return FamilyRecord(
        **_line(family),
        cap_fen=family.cap,
        month=family.month,
        spent_fen=family.spent,
        refunds_restore_caps=family.restores is not None,
        members_see_balance=family.open_balance is not None,
        offered_to=family.offered_to,
        note=family.note,
        members=[_member(one, seen(found.users.get(one.uid))) for one in found.members],
        open_invitations=found.open_invitations,
        open_asks=found.open_asks,
        ledger=[_spend(row) if isinstance(row, Spend) else _move(row) for row in found.ledger],
        now=clock.now(),
    )


def movements(rows: Sequence[Spend | Move], cursor: str | None) -> FamilyLedger:
    """A page of what a wallet did."""
    shown = [_spend(row) if isinstance(row, Spend) else _move(row) for row in rows]
    return FamilyLedger(rows=shown, cursor=cursor, now=clock.now())


def of_user(found: Belongs) -> UserFamily:
    """Where a user belongs."""
    belonging, member = found.belonging, found.member
    return UserFamily(
        user_id=found.user.uid,
        minor_since=found.user.minor_since,
        minor_by=found.user.minor_by,
        family=line(found.family) if found.family is not None else None,
        member=_member(member, seen(found.user)) if member is not None else None,
        locked_until=belonging.locked_until if belonging is not None else None,
        closed_families=(belonging.wallets or []) if belonging is not None else [],
        now=clock.now(),
    )


def _line(family: Family) -> dict[str, Any]:
    return {
        "family_id": family.fid,
        "name": family.name,
        "name_state": family.name_state.value,
        "owner_id": family.owner,
        "status": family.status.value,
        "mode": family.mode.value,
        "people": family.size,
        "granted_fen": family.granted,
        "paid_fen": family.paid,
        "held_orders": family.held,
        "frozen_by": family.frozen_by,
        "created_at": family.created_at,
        "closed_at": family.closed_at,
    }


def _member(member: Member, nickname: str) -> MemberRecord:
    return MemberRecord(
        user_id=member.uid,
        nickname=nickname,
        role=member.role.value,
        state=member.state.value,
        frozen_by=member.frozen_by,
        spends_from=member.active_from,
        per_fen=member.per,
        cap_fen=member.cap,
        month=member.month,
        spent_fen=member.spent,
        approved_fen=member.approved,
        guardian_id=member.consent.by if member.consent else None,
        consented_at=member.consent.at if member.consent else None,
        joined_at=member.joined_at,
        left_at=member.left_at,
    )


def _spend(row: Spend) -> LedgerRecord:
    return LedgerRecord(
        kind="spend",
        at=row.at,
        why="order",
        by=row.uid,
        payer_id=row.payer,
        subject=row.oid,
        granted_fen=row.granted,
        paid_fen=row.paid,
        back_fen=row.back_granted + row.back_paid,
        state=row.state.value,
        ask_id=row.ask,
        note=None,
    )


def _move(row: Move) -> LedgerRecord:
    return LedgerRecord(
        kind="move",
        at=row.at,
        why=row.why.value,
        by=row.by,
        payer_id=None,
        subject=row.subject,
        granted_fen=row.granted,
        paid_fen=row.paid,
        back_fen=0,
        state=None,
        ask_id=None,
        note=row.note,
    )
