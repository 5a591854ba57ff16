"""Groups as their merchant sees them, and the one thing he may do with one: close it."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy.items import (
    LIVE_STATES,
    Group,
    GroupId,
    group_key,
)
from chalicelib.groupbuy.problems import GROUP_ENDED
from chalicelib.groupbuy.states import GroupState
from chalicelib.merchants import audit

CLOSED = "closed"
"""Why a group ended that its merchant closed."""


def close_group(intent: Intent, gid: GroupId) -> Group:
    """End a group before its time: nobody joins any more, held seats may still be paid, then everybody is refunded.

    If those payments complete it, it succeeds: what was promised to the last payer is kept. Raises `GROUP_ENDED`.
    """
    mid = intent.mid
    keys = (record_key(intent), group_key(mid, gid))

    def attempt(read: Read) -> Group:
        found = read(*keys)
        group = found.item(Group, keys[1])
        if group is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return group
        if group.status not in LIVE_STATES:
            raise RippleError(GROUP_ENDED, status=group.status.value)
        now = clock.now()
        actions = [
            Group.status.set(GroupState.SETTLING),
            Group.why.set(CLOSED),
            Group.honour.set(0),
            Group.expires_at.set(min(now, group.expires_at or now)),
            Group.gsi1pk.remove(),
            Group.gsi1sk.remove(),
        ]
        tx = Transaction()
        tx.update("group", group, actions, when={"live": Group.status.is_in(*LIVE_STATES)}, due=now)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "group.close", gid)
        tx.commit()
        return seen(mid, gid)

    return decided_or_refused(attempt)


def seen(mid: MerchantId, gid: GroupId) -> Group:
    """A group as it stands. Raises `NOT_FOUND`."""
    group = read(group_key(mid, gid)).item(Group, group_key(mid, gid))
    if group is None:
        raise RippleError(NOT_FOUND)
    return group
