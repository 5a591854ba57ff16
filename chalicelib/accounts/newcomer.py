"""Who is new: a published definition, decided once when somebody takes part, and kept with its evidence (rules 3.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

if TYPE_CHECKING:
    from chalicelib.accounts.items import User


class Definition(StrEnum):
    """What "new" means, from the strictest to the widest."""

    NEVER_SEEN = "never_seen"
    """First seen since the campaign began."""
    NEVER_ORDERED = "never_ordered"
    """No confirmed order yet."""
    DORMANT = "dormant"
    """No confirmed order for a number of days."""


class NewUser(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A campaign's own definition of a new user."""

    definition: Definition = Definition.NEVER_ORDERED
    dormant_days: Annotated[int, msgspec.Meta(ge=30, le=1095)] = 180
    """Only for ``dormant``."""


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether somebody is new, and what that was decided from."""

    new: bool
    definition: Definition
    first_seen_at: datetime
    campaign_start: datetime
    decided_at: datetime
    first_order_at: datetime | None = None
    last_order_at: datetime | None = None
    returned: bool = False
    """He had an account that was deleted; he is new to nobody."""


def verdict(user: User, rule: NewUser, campaign_start: datetime, now: datetime) -> Verdict:
    """Decide about ``user`` now."""
    ordered = user.last_order_at
    new = {
        Definition.NEVER_SEEN: user.created_at >= campaign_start,
        Definition.NEVER_ORDERED: ordered is None,
        Definition.DORMANT: ordered is None or ordered < now - timedelta(days=rule.dormant_days),
    }[rule.definition]
    return Verdict(
        new=new,
        definition=rule.definition,
        first_seen_at=user.created_at,
        campaign_start=campaign_start,
        decided_at=now,
        first_order_at=user.first_order_at,
        last_order_at=ordered,
    )


def of_somebody_returned(found: Verdict) -> Verdict:
    """The verdict on somebody who deleted an account before (`tombstone`): not new by any definition."""
    return msgspec.structs.replace(found, new=False, returned=True)
