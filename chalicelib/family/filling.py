"""Putting some of one's own balance into the wallet, as given value: it is spent from there, and never comes back."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import KEY_REUSED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing
from chalicelib.family.items import Family, Member, Move, move_key
from chalicelib.family.money_problems import ADULTS_ONLY, BALANCE_SHORT
from chalicelib.family.problems import MEMBER_FROZEN, NOT_OWNER
from chalicelib.family.states import MemberState, Mode, Role, Why
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import Posting, posting_key
from chalicelib.rewards.posting import add_posting
from chalicelib.rewards.states import Why as Cause


def account(fid: str) -> str:
    """The account of what balance was put into a wallet."""
    return f"family:{fid}"


def insist_may_fill(family: Family, member: Member) -> None:
    """Raise `FAMILY_ENDED`, `NOT_OWNER` where the wallet is the owner's, `MEMBER_FROZEN` or `ADULTS_ONLY`."""
    standing.insist_there(family)
    if family.mode is Mode.OWNER_PAYS and family.owner != member.uid:
        raise RippleError(NOT_OWNER)
    if member.state is MemberState.FROZEN:
        raise RippleError(MEMBER_FROZEN)
    if member.role is Role.MINOR:
        raise RippleError(ADULTS_ONLY)


def fill(intent: Intent, fid: str, fen: int) -> None:
    """So much of the caller's balance is the wallet's from now on; his posting is what a repetition finds.

    Raises `FAMILY_UNKNOWN`, `BALANCE_SHORT` and what `insist_may_fill` raises.
    """
    mid, uid = intent.mid, intent.actor
    ref = f"fill-{intent.ident('fill')}"
    posted = posting_key(mid, uid, ref)
    keys = [posted, *standing.keys(mid, fid, uid), *balances.keys(mid, uid, Currency.FEN)]
    legs = give.moved(give.user(uid), account(fid), Currency.FEN, fen)

    def attempt(read: Read) -> None:
        found = read(*keys)
        if (done := found.item(Posting, posted)) is not None:
            if done.legs != legs:
                raise RippleError(KEY_REUSED)
            return
        family, member = standing.seen(found, mid, fid, uid)
        insist_may_fill(family, member)
        there = balances.there(found, mid, uid, Currency.FEN)
        if there < fen:
            raise RippleError(BALANCE_SHORT, "/fen", there_fen=there)
        now = clock.now()
        tx = Transaction()
        when: dict[str, Condition] = {"there": Family.status.is_in(*standing.STAYS), "mode": Family.mode == family.mode}
        if family.mode is Mode.OWNER_PAYS:
            when["owner"] = Family.owner == uid
        tx.update("family", family, [Family.granted.add(fen)], when=when)
        able = {"active": Member.state == MemberState.ACTIVE, "role": Member.role == member.role}
        tx.check("member", member, when=able)
        balances.add_taken(tx, "balance", mid, uid, Currency.FEN, fen, found)
        move = Move(*move_key(mid, fid, now, ref), why=Why.FILLED, granted=fen, paid=0, by=uid, subject=uid, at=now)
        tx.put("move", move)
        add_posting(tx, mid, uid, ref, Cause.FAMILY_FILLED, fid, legs)
        tx.commit()

    decided_or_refused(attempt)
