"""What is awaited of a friend stands on himself, so that his orders and helps are heard of; and when it stops."""

from __future__ import annotations

from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User
from chalicelib.core.transaction import Transaction
from chalicelib.invite.friends import FOLLOWER
from chalicelib.invite.promising import same
from chalicelib.sharing.firsts import FIRST_HELP


def add_unhelped(tx: Transaction, user: User) -> None:
    """Nobody waits for his first help any more."""
    action, when = _without(User.awaited, user.awaited, FIRST_HELP), same(User.awaited, user.awaited)
    tx.update("user", user, [action], when={"awaited": when})


def add_unfollowed(tx: Transaction, user: User) -> None:
    """His orders are not followed any more; those that are made say themselves who follows them."""
    action = _without(User.followed_by, user.followed_by, FOLLOWER)
    tx.update("user", user, [action], when={"followed": same(User.followed_by, user.followed_by)})


def _without(attribute: Any, seen: list[str] | None, name: str) -> Action:
    """What takes a name out of a list, and the list away with its last."""
    left = [one for one in seen or [] if one != name]
    action: Action = attribute.set(left) if left else attribute.remove()
    return action
