"""Looking at a draft, and releasing it: what has a mistake is given to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.campaigns import copy_lint
from chalicelib.campaigns.poster_states import TemplateState
from chalicelib.campaigns.posters import Template, template_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.pictures.asking import within
from chalicelib.pictures.document import Poster
from chalicelib.pictures.errands import Sharer
from chalicelib.posters import drawing, rules, sending
from chalicelib.posters.drawing import Seen
from chalicelib.posters.items import Release, release_key
from chalicelib.posters.templates import template


def preview(mid: MerchantId, ident: str, person: Sharer) -> tuple[int, Seen]:
    """Which edition of a draft there is, how it looks for somebody, and all that is wrong with it.

    Nothing is written but the picture.     Raises NOT_FOUND, `PICTURES_BUSY`, `CODE_UNAVAILABLE`.
    """
    found = template(mid, ident)
    return found.edition, drawing.seen(mid, found.draft, _pictures(mid, found.draft), person)


def release(intent: Intent, ident: str, edition: int) -> Template:
    """Let people get a draft, if it still is the ``edition`` that was looked at and has no mistake for any sample.

    Raises NOT_FOUND, `POSTER_EDITED_MEANWHILE`, `POSTER_LINT` with every mistake, `PICTURES_BUSY`, `CODE_UNAVAILABLE`.
    """
    mid = intent.mid
    keys = template_key(mid, ident), record_key(intent)
    found = read(*keys)
    draft = found.item(Template, keys[0])
    if draft is None:
        raise RippleError(NOT_FOUND)
    if recorded(intent, found[keys[1]]) is not None:
        return draft
    rules.insist_edition(draft, edition)
    _insist_fit(mid, draft.draft)

    def attempt(read: Read) -> Template:
        found = read(*keys)
        current = found.item(Template, keys[0])
        if current is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[1]]) is not None:
            return current
        rules.insist_edition(current, edition)
        now, number = clock.now(), current.released + 1
        actions = [
            Template.state.set(TemplateState.RELEASED),
            Template.release.set(current.draft),
            Template.released.set(number),
            Template.released_at.set(now),
            Template.updated_at.set(now),
        ]
        kept = Release(
            *release_key(mid, ident, number),
            document=current.draft,
            rules=copy_lint.rules(),
            released_at=now,
            released_by=intent.actor,
        )
        tx = Transaction()
        same = {"edition": Template.edition == edition, "release": Template.released == current.released}
        tx.update("poster", current, actions, when=same)
        tx.put("release", kept)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "poster.release", ident, number=str(number))
        tx.commit()
        return template(mid, ident)

    return decided_or_refused(attempt)


def _insist_fit(mid: MerchantId, poster: Poster) -> None:
    """Raise `POSTER_LINT` where a poster has a mistake for any of the sample people."""
    pictures = _pictures(mid, poster)
    samples = rules.SAMPLES if poster.shows_person else rules.SAMPLES[:1]
    until = within(rules.PATIENCE)
    looks = [drawing.seen(mid, poster, pictures, person, until) for person in samples]
    marked = next((look.marked.url for look in looks if look.marked is not None), None)
    rules.insist_fit([fault for look in looks for fault in look.faults], marked)


def _pictures(mid: MerchantId, poster: Poster) -> Mapping[str, str]:
    """Where its pictures lie."""
    return rules.insist_pictures(poster, sending.there(mid, poster.pictures))
