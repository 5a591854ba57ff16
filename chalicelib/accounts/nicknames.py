"""How others see users, many of them at once."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.accounts import mask
from chalicelib.accounts.items import User, user_key
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_all


def seen(mid: MerchantId, uids: Iterable[str]) -> dict[str, str]:
    """The masked names of those of them who are users, by id: a merchant's key is none."""
    found = read_all(user_key(mid, uid) for uid in dict.fromkeys(uids))
    return {user.uid: mask.seen(user) for user in found if isinstance(user, User)}
