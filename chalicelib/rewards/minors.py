"""What a minor does not get: no cash, and nothing for inviting or for having come by an invitation (rules D3).

Whoever gives asks before; `give.add` insists on it in the transaction that gives, so that nobody who becomes a minor
meanwhile gets it. Cash that he had before is refused him when he asks for it, and lapses in its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.campaigns.gifts import AsCash, Form
from chalicelib.core.errors import RippleError
from chalicelib.rewards.problems import CASH_NOT_FOR_MINORS
from chalicelib.rewards.states import Why

if TYPE_CHECKING:
    # Storage stands behind it, and rules load none.
    from chalicelib.accounts.items import User

OF_INVITING = frozenset(
    {
        Why.INVITE_ACCEPTED,
        Why.INVITE_FIRST_HELP,
        Why.INVITE_FIRST_ORDER,
        Why.INVITE_THRESHOLD,
        Why.INVITE_COMMISSION,
        Why.WELCOME,
    }
)
"""Why something is given that is for inviting, or for having been invited."""


def is_kept_from(why: Why, form: Form) -> bool:
    """Whether this is nothing for a minor."""
    return isinstance(form, AsCash) or why in OF_INVITING


def is_minor(user: User | None) -> bool:
    """Whether somebody is one."""
    return user is not None and user.minor_since is not None


def insist_cash_is_for(user: User) -> None:
    """Raise `CASH_NOT_FOR_MINORS` where he is one."""
    if is_minor(user):
        raise RippleError(CASH_NOT_FOR_MINORS)


def insist_may_have(user: User, *forms: Form) -> None:
    """Raise `CASH_NOT_FOR_MINORS` for cash where he is one."""
    if any(isinstance(form, AsCash) for form in forms):
        insist_cash_is_for(user)
