"""Posters as merchants write them: drafts that are changed, released and withdrawn."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.poster_states import TemplateState
from chalicelib.campaigns.posters import Template, template_index, template_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.pictures.document import Poster
from chalicelib.posters import rules, sending
from chalicelib.posters.problems import POSTER_NOT_RELEASED


def template(mid: MerchantId, ident: str) -> Template:
    """A poster as its merchant sees it. Raises NOT_FOUND."""
    found = read_one(Template, template_key(mid, ident))
    if found is None:
        raise RippleError(NOT_FOUND)
    return found


def templates(
    mid: MerchantId, limit: int, after: dict[str, Any] | None
) -> tuple[list[Template], dict[str, Any] | None]:
    """A page of the merchant's posters, the newest first."""
    page = query(template_index(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Template)], page.after


def create(intent: Intent, poster: Poster) -> Template:
    """A new draft. Raises `PICTURE_UNKNOWN`."""
    mid = intent.mid
    ident = intent.ident("poster")
    key = template_key(mid, ident)

    def attempt() -> Template:
        made = read(key).item(Template, key)
        if made is not None:
            intent.insist_same(made.fingerprint)
            return made
        rules.insist_pictures(poster, sending.there(mid, poster.pictures))
        now = clock.now()
        draft = Template(
            *key,
            state=TemplateState.DRAFT,
            edition=1,
            draft=poster,
            released=0,
            fingerprint=intent.fingerprint,
            created_at=now,
            updated_at=now,
        )
        draft.gsi1pk, draft.gsi1sk = template_index(mid), ident
        tx = Transaction().put("poster", draft)
        audit.add(tx, mid, intent.actor, "poster.create", ident)
        tx.commit()
        return draft

    return decided(attempt)


def edit(mid: MerchantId, actor: str, ident: str, edition: int, poster: Poster) -> Template:
    """Replace a draft, if it still is the ``edition`` that was read; what was released stays as it is.

    Raises `POSTER_EDITED_MEANWHILE` and `PICTURE_UNKNOWN`.
    """

    def attempt() -> Template:
        found = template(mid, ident)
        if found.edition == edition + 1 and found.draft == poster:
            return found
        rules.insist_edition(found, edition)
        rules.insist_pictures(poster, sending.there(mid, poster.pictures))
        actions = [Template.draft.set(poster), Template.edition.set(edition + 1), Template.updated_at.set(clock.now())]
        tx = Transaction().update("poster", found, actions, when={"edition": Template.edition == edition})
        audit.add(tx, mid, actor, "poster.edit", ident)
        tx.commit()
        return template(mid, ident)

    return decided(attempt)


def withdraw(intent: Intent, ident: str) -> Template:
    """Let nobody get it any more; campaigns that name it have none then. Raises `POSTER_NOT_RELEASED`."""
    mid = intent.mid
    keys = template_key(mid, ident), record_key(intent)

    def attempt(read: Read) -> Template:
        found = read(*keys)
        current = found.item(Template, keys[0])
        if current is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[1]]) is not None:
            return current
        if current.state is not TemplateState.RELEASED:
            raise RippleError(POSTER_NOT_RELEASED, poster_id=ident)
        actions = [Template.state.set(TemplateState.WITHDRAWN), Template.updated_at.set(clock.now())]
        when = {"released": Template.state == TemplateState.RELEASED}
        tx = Transaction().update("poster", current, actions, when=when)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "poster.withdraw", ident)
        tx.commit()
        return template(mid, ident)

    return decided_or_refused(attempt)
