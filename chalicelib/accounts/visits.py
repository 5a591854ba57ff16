"""What a visit leaves behind: that somebody came back, once, and questions about what nobody has looked at."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.accounts import avatars, names
from chalicelib.accounts.items import User
from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.transaction import Lost, update_one

APART = timedelta(hours=3)
"""What lies between somebody's registration and his coming back: longer than an access token lives, so that no refresh
within one sitting is a second visit."""


def note(user: User) -> None:
    """He has just logged in, or refreshed his token. Nothing depends on what is noted."""
    _note_return(user)
    names.visit(user)
    avatars.visit(user)


def _note_return(user: User) -> None:
    """One write in his life."""
    now = clock.now()
    if user.came_back_at is not None or now < user.created_at + APART:
        return
    try:
        update_one(user, [User.came_back_at.set(now)], when={})
    except (Lost, RippleError) as why:
        log.info("return_not_noted", uid=user.uid, why=str(why))
