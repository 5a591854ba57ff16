"""Invite codes: eight digits that somebody can read out, one a user, made when he asks for one."""

from __future__ import annotations

import re

from chalicelib.core import chance, clock
from chalicelib.core.decision import decided
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.invite.items import InviteCode, OwnCode, code_key, own_code_key
from chalicelib.invite.rules import EVERYBODY
from chalicelib.sharing.entries import Target, Word

DIGITS = 8
FORM = re.compile(rf"(?<![0-9])[0-9]{{{DIGITS}}}(?![0-9])")
"""A code in a text."""

INVITE = "invite"
"""The kind of a user's own invitation; everybody's is the same object."""


def own(mid: MerchantId, uid: UserId) -> str:
    """The user's code, made if he has none. A code that is taken is drawn again."""

    def attempt() -> str:
        made = read_one(OwnCode, own_code_key(mid, uid))
        if made is not None:
            return made.code
        code = f"{chance.below(10**DIGITS):0{DIGITS}d}"
        tx = Transaction()
        tx.put("code", InviteCode(*code_key(mid, code), uid=uid, created_at=clock.now()))
        tx.put("own", OwnCode(*own_code_key(mid, uid), code=code))
        tx.commit()
        return code

    return decided(attempt)


def find(mid: MerchantId, code: str) -> Target | None:
    """Whose invitation a code is."""
    found = read_one(InviteCode, code_key(mid, code))
    return Target(UserId(found.uid), INVITE, EVERYBODY) if found else None


WORD = Word(FORM, find)
"""What a text may say instead of a share."""
