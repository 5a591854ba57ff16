"""Merchant administration over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.merchants import audit as log
from chalicelib.merchants import keys, service
from chalicelib.merchants.items import ApiKey, Role, merchant_key
from chalicelib.merchants.problems import LAST_OWNER


class MerchantView(msgspec.Struct, kw_only=True):
    """The merchant whose key asks."""

    merchant_id: str
    name: str
    appid: str
    mchid: str
    time_zone: str
    role: str


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """Whom a key is for, and what it may do."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    role: Role


class KeyView(msgspec.Struct, kw_only=True):
    """A key without its secret."""

    key_id: str
    name: str
    role: str
    created_at: datetime
    revoked_at: datetime | None
    last_used: str | None


class CreatedKey(msgspec.Struct, kw_only=True):
    """A new key. ``api_key`` is shown once: a repetition of the request answers null."""

    key: KeyView
    api_key: str | None


class Keys(msgspec.Struct, kw_only=True):
    """All keys of the merchant."""

    keys: list[KeyView]


class Entry(msgspec.Struct, kw_only=True):
    """One thing that was done."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, str]


class Log(msgspec.Struct, kw_only=True):
    """A page of the audit log, newest first."""

    entries: list[Entry]
    cursor: str | None


@operation(auth=MERCHANT, role="viewer", answer=MerchantView, summary="The merchant of this key")
def show(call: Call[None]) -> MerchantView:
    """Who I am."""
    found = service.merchant(call.mid)
    return MerchantView(
        merchant_id=call.mid,
        name=found.name,
        appid=found.appid,
        mchid=found.mchid,
        time_zone=found.time_zone,
        role=call.role,
    )


@operation(auth=MERCHANT, role="owner", answer=Keys, summary="API keys")
def list_keys(call: Call[None]) -> Keys:
    """Every key, revoked ones too."""
    return Keys(keys=[_view(key) for key in keys.listed(call.mid)])


@operation(
    auth=MERCHANT, role="owner", body=NewKey, answer=CreatedKey, status=201, idempotent=True, summary="A new API key"
)
def create_key(call: Call[NewKey]) -> CreatedKey:
    """Make a key; it is shown in this answer and nowhere else."""
    key, shown = keys.create(call.intent, call.body.name, call.body.role)
    return CreatedKey(key=_view(key), api_key=shown)


@operation(auth=MERCHANT, role="owner", answer=KeyView, summary="Revoke an API key", problems=(NOT_FOUND, LAST_OWNER))
def revoke_key(call: Call[None]) -> KeyView:
    """End a key at once."""
    return _view(keys.revoke(call.mid, call.key_id, call.path["key_id"]))


@operation(auth=MERCHANT, role="owner", query=Page, answer=Log, summary="Who did what")
def audit(call: Call[None]) -> Log:
    """A page of the audit log."""
    page: Page = call.query
    found, more = log.entries(
        call.mid, page.limit, cursor.decode(page.cursor, merchant_key(call.mid).pk, begins="AUD#")
    )
    entries = [Entry(at=e.at, actor=e.actor, action=e.action, subject=e.subject, detail=e.detail) for e in found]
    return Log(entries=entries, cursor=cursor.encode(more))


def _view(key: ApiKey) -> KeyView:
    return KeyView(
        key_id=key.key_id,
        name=key.name,
        role=key.role.value,
        created_at=key.created_at,
        revoked_at=key.revoked_at,
        last_used=key.last_used,
    )
