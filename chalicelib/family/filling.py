"""Putting some of one's own balance into the wallet, as given value: it is spent from there, and never comes back."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import KEY_REUSED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.transaction import Transaction
from chalicelib.family import purse, standing, topup_rules
from chalicelib.family.items import Family, Member
from chalicelib.family.money_problems import BALANCE_SHORT
from chalicelib.family.states import MemberState, Mode, Why
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import Posting, posting_key
from chalicelib.rewards.posting import add_posting
from chalicelib.rewards.states import Why as Cause


def account(fid: str) -> str:
    """The account of what balance was put into a wallet."""
    return f"family:{fid}"


def fill(intent: Intent, fid: str, fen: int) -> None:
    """So much of the caller's balance is the wallet's from now on; his posting is what a repetition finds.

    Raises `FAMILY_UNKNOWN`, `BALANCE_SHORT` and what `topup_rules.insist_may_fill` raises.
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
        topup_rules.insist_may_fill(family, member)
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
        purse.add_move(tx, mid, fid, now, ref, Why.FILLED, granted=fen, by=uid, subject=uid)
        add_posting(tx, mid, uid, ref, Cause.FAMILY_FILLED, fid, legs)
        tx.commit()

    decided_or_refused(attempt)
