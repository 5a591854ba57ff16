"""Families over HTTP: one's own, made, looked at, set up, frozen and closed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.accounts.problems import TEXT_REFUSED
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.family import detail, rules, service
from chalicelib.family.people_problems import (
    ALREADY_IN_FAMILY,
    FAMILY_LIMIT,
    FAMILY_LOCKED,
    FROZEN_BY_SHOP,
    MINOR_OWNS_NONE,
)
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_UNKNOWN, NOT_OWNER
from chalicelib.family.states import Mode
from chalicelib.family.views import FamilyEnds, FamilyView, MyFamily

Name = Annotated[str, Meta(min_length=1, max_length=16)]
CapFen = Annotated[int, Meta(ge=0, le=rules.MOST_FEN)]

OWNED = (FAMILY_UNKNOWN, NOT_OWNER, FAMILY_ENDED)


class NewFamily(msgspec.Struct, forbid_unknown_fields=True):
    """What a family is to be called."""

    name: Name


class FamilySettings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What of a family changes; what is left out stays."""

    name: Name | None = None
    mode: Mode | None = None
    cap_fen: CapFen | None = None
    """What all together may spend in a month."""
    uncapped: Literal[True] | None = None
    """Nothing bounds that any more; not beside ``cap_fen``."""
    restores: bool | None = None
    """Whether what comes back of an order may be spent again in its month."""
    open_balance: bool | None = None
    """Whether members see what the wallet holds."""


def _seen(call: Call[None]) -> FamilyView:
    return detail.show(call.mid, call.uid, call.path["family_id"], call.language)


@operation(
    auth=USER,
    body=NewFamily,
    answer=FamilyView,
    status=201,
    idempotent=True,
    name="create_family",
    summary="Make a family of my own",
    description="Others see its name once it is cleared.",
    problems=(ALREADY_IN_FAMILY, FAMILY_LOCKED, FAMILY_LIMIT, MINOR_OWNS_NONE, TEXT_REFUSED, FAMILY_UNKNOWN),
)
def create(call: Call[NewFamily]) -> FamilyView:
    """Make a family."""
    return detail.show(call.mid, call.uid, service.create(call.intent, call.body.name), call.language)


@operation(auth=USER, answer=MyFamily, name="my_family", summary="My family, and my wallets of closed ones")
def mine(call: Call[None]) -> MyFamily:
    """What I belong to."""
    return detail.mine(call.mid, call.uid, call.language)


@operation(
    auth=USER,
    answer=FamilyView,
    name="show_family",
    summary="My family: who is in it, caps, and what I may do",
    problems=(FAMILY_UNKNOWN,),
)
def show(call: Call[None]) -> FamilyView:
    """Look at it."""
    return _seen(call)


@operation(
    auth=USER,
    body=FamilySettings,
    answer=FamilyView,
    name="edit_family",
    summary="Set my family up: name, mode, cap, refunds, who sees the balance",
    problems=(*OWNED, TEXT_REFUSED),
)
def edit(call: Call[FamilySettings]) -> FamilyView:
    """Change what is given."""
    asked, fid = call.body, call.path["family_id"]
    if asked.uncapped and asked.cap_fen is not None:
        reason = ("不能与 cap_fen 同时给出", "not beside cap_fen")
        raise RippleError(INVALID_FIELD, "/uncapped", reason=reason)
    settings = service.Settings(
        name=asked.name,
        mode=asked.mode,
        cap=asked.cap_fen,
        uncapped=bool(asked.uncapped),
        restores=asked.restores,
        open_balance=asked.open_balance,
    )
    service.edit(call.mid, call.uid, fid, settings)
    return detail.show(call.mid, call.uid, fid, call.language)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="freeze_family",
    summary="Nobody spends any more, at once",
    description="What orders hold already may still be paid with it.",
    problems=OWNED,
)
def freeze(call: Call[None]) -> FamilyView:
    """Freeze all of it."""
    service.freeze(call.intent, call.path["family_id"])
    return _seen(call)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="unfreeze_family",
    summary="Members may spend again",
    problems=(*OWNED, FROZEN_BY_SHOP),
)
def unfreeze(call: Call[None]) -> FamilyView:
    """Unfreeze it."""
    service.unfreeze(call.intent, call.path["family_id"])
    return _seen(call)


@operation(
    auth=USER,
    answer=FamilyEnds,
    idempotent=True,
    name="close_family",
    summary="Close my family",
    description="Nobody spends any more. It is closed as soon as no order holds anything of its wallet, which stays "
    "mine (`GET /v1/me/family`); everybody is free to join another at once.",
    problems=(*OWNED, FROZEN_BY_SHOP),
)
def close(call: Call[None]) -> FamilyEnds:
    """Close it."""
    service.close(call.intent, call.path["family_id"])
    return detail.ends(call.mid, call.path["family_id"])
