"""A live code as its merchant runs it: made, edited, paused and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.campaigns import copy_lint, stock
from chalicelib.campaigns.items import Campaign, campaign_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.livecodes import finding, plugged, problems, rules
from chalicelib.livecodes.items import LETTERS, LiveCode, LiveId, Part, listed, live_key, part_key
from chalicelib.livecodes.states import MOVES, LiveState, TargetState
from chalicelib.livecodes.targets import GroupTo, StoreTo, Target, Wish
from chalicelib.merchants import audit

FORBIDDEN = [category for category in copy_lint.CATEGORIES if not category.allowable]
"""What no text may say, whoever would let it stand."""


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """What a live code is called, what people read of it, and the campaign that it belongs to."""

    name: str
    title: str
    text: str
    campaign_id: str | None


def live_code(mid: MerchantId, lid: str) -> LiveCode:
    """The live code as its merchant sees it. Raises `NOT_FOUND`."""
    found = read_one(LiveCode, live_key(mid, lid))
    if found is None:
        raise RippleError(NOT_FOUND)
    return found


def live_codes(
    mid: MerchantId, limit: int, after: dict[str, Any] | None
) -> tuple[list[LiveCode], dict[str, Any] | None]:
    """A page of the merchant's live codes, the newest first."""
    page = query(listed(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, LiveCode)], page.after


def create(intent: Intent, texts: Texts, wishes: Sequence[Wish]) -> LiveCode:
    """A new live code with its first targets; it runs at once. Raises `TARGETS_FULL`, `PICTURE_UNKNOWN`."""
    mid, lid = intent.mid, LiveId(intent.ident("live", LETTERS))
    key = live_key(mid, lid)

    def attempt() -> LiveCode:
        made = read(key).item(LiveCode, key)
        if made is not None:
            intent.insist_same(made.fingerprint)
            return made
        now = clock.now()
        _insist_may_say(mid, texts)
        new = LiveCode(
            *key,
            **_said(texts),
            status=LiveState.LIVE,
            edition=1,
            targets=added(mid, [], wishes, now, at="/targets/{}"),
            fingerprint=intent.fingerprint,
            created_at=now,
            created_by=intent.actor,
            updated_at=now,
        )
        new.gsi1pk, new.gsi1sk = listed(mid), f"{clock.iso(now)}#{lid}"
        new.set_due(rules.next_event(new.status, new.targets, now))
        tx = Transaction().put("code", new)
        for target in new.targets:
            add_parts(tx, new, target, stock.split(target.capacity, target.parts))
        audit.add(tx, mid, intent.actor, "live_code.create", lid, name=texts.name)
        tx.commit()
        return new

    return decided(attempt)


def edit(mid: MerchantId, actor: str, lid: str, edition: int, texts: Texts) -> LiveCode:
    """Say other texts, if it still is the ``edition`` that was read. Raises `EDITED_MEANWHILE`, `WRONG_STATE`."""

    def attempt() -> LiveCode:
        code = live_code(mid, lid)
        if code.edition == edition + 1 and texts_of(code) == texts:
            return code
        insist_edition(code, edition)
        insist_not_ended(code)
        _insist_may_say(mid, texts)
        actions = [getattr(LiveCode, name).set(said) for name, said in _said(texts).items() if said is not None]
        if texts.campaign_id is None:
            actions.append(LiveCode.campaign.remove())
        tx = Transaction()
        add_change(tx, code, actor, "live_code.edit", actions)
        tx.commit()
        return changed(mid, lid)

    return decided(attempt)


def move(intent: Intent, lid: str, act: str) -> LiveCode:
    """Pause, resume or end a live code; effective within the cache's life. Raises `WRONG_STATE`."""
    mid = intent.mid
    keys = (record_key(intent), live_key(mid, lid))
    sources, target = MOVES[act]

    def attempt(read: Read) -> LiveCode:
        found = read(*keys)
        code = found.item(LiveCode, keys[1])
        if code is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return code
        if code.status not in sources:
            raise RippleError(problems.WRONG_STATE, state=code.status.value)
        tx = Transaction()
        add_change(tx, code, intent.actor, f"live_code.{act}", [], status=target)
        add_record(tx, intent)
        tx.commit()
        return changed(mid, lid)

    return decided_or_refused(attempt)


def add_change(
    tx: Transaction,
    code: LiveCode,
    actor: str,
    act: str,
    actions: Sequence[Action],
    *,
    status: LiveState | None = None,
    targets: list[Target] | None = None,
    detail: dict[str, str] | None = None,
) -> None:
    """A live code changes as it was read, and with it what is due; the audit log says by whom."""
    now = clock.now()
    then, where = status or code.status, code.targets if targets is None else targets
    changes = [
        *actions,
        LiveCode.status.set(then),
        LiveCode.targets.set(where),
        LiveCode.edition.set(code.edition + 1),
        LiveCode.updated_at.set(now),
    ]
    as_read = {"edition": LiveCode.edition == code.edition}
    tx.update("code", code, changes, when=as_read, due=rules.next_event(then, where, now))
    audit.add(tx, code.mid, actor, act, code.lid, **(detail or {}))


def add_parts(tx: Transaction, code: LiveCode, target: Target, lefts: Sequence[int], *, behind: int = 0) -> None:
    """New parts of a target with so many places, ``behind`` as many as it has."""
    for number, left in enumerate(lefts, behind):
        key = part_key(code.mid, code.lid, target.number, number)
        part = Part(*key, left=left, taken=0, state=target.state, until=target.until)
        tx.put(f"part{target.number}-{number}", part)


def added(mid: MerchantId, before: Sequence[Target], wishes: Sequence[Wish], now: datetime, *, at: str) -> list[Target]:
    """The targets, with new ones behind them. ``at`` points to each wish.

    Raises `TARGETS_FULL`, `PICTURE_UNKNOWN`, and INVALID_FIELD for what cannot be.
    """
    widths = rules.widths([wish.capacity for wish in wishes], sum(target.parts for target in before))
    targets = list(before)
    for n, (wish, parts) in enumerate(zip(wishes, widths, strict=True)):
        place = at.format(n)
        insist_words(words_of(wish, place))
        rules.insist_fits(wish.to, wish.capacity, now, place)
        new = Target(
            number=len(targets) + 1,
            title=wish.title,
            to=wish.to,
            file=file_of(mid, wish, place),
            capacity=wish.capacity,
            parts=parts,
            state=TargetState.OPEN,
        )
        targets.append(new)
    return targets


def file_of(mid: MerchantId, wish: Wish, at: str) -> str | None:
    """The file of a group's picture. Raises `PICTURE_UNKNOWN`, and `PICTURE_UNREAD` for one that nobody can scan."""
    if not isinstance(wish.to, GroupTo):
        return None
    sent, pointer = plugged.picture(mid, wish.to.picture_id), f"{at}/to/picture_id"
    if sent is None:
        raise RippleError(problems.PICTURE_UNKNOWN, pointer, picture_id=wish.to.picture_id)
    if sent.reads is None:
        raise RippleError(problems.PICTURE_UNREAD, pointer)
    return sent.file


def changed(mid: MerchantId, lid: str) -> LiveCode:
    """The live code after a change; this process believes nothing older."""
    finding.forget(mid, lid)
    return live_code(mid, lid)


def texts_of(code: LiveCode) -> Texts:
    """What a live code says."""
    return Texts(name=code.name, title=code.title, text=code.text, campaign_id=code.campaign)


def insist_edition(code: LiveCode, edition: int) -> None:
    """Raise `EDITED_MEANWHILE` where it is not the edition that was read."""
    if code.edition != edition:
        raise RippleError(problems.EDITED_MEANWHILE, "/edition", edition=code.edition)


def insist_not_ended(code: LiveCode) -> None:
    """Raise `WRONG_STATE` once it has ended."""
    if code.status is LiveState.ENDED:
        raise RippleError(problems.WRONG_STATE, state=code.status.value)


def words_of(wish: Wish, at: str) -> dict[str, str]:
    """What people read of a target, by the pointer to its field."""
    shown = {f"{at}/title": wish.title}
    if isinstance(wish.to, StoreTo):
        shown |= {f"{at}/to/name": wish.to.name, f"{at}/to/address": wish.to.address}
    return shown


def insist_words(texts: dict[str, str]) -> None:
    """Raise `INVALID_FIELD` for a text that forces or rewards sharing, or says what else no text may say."""
    for pointer, text in texts.items():
        for match in copy_lint.matches(text, FORBIDDEN):
            kind = match.category
            reason = (f"{kind.zh}：{match.word}", f"{kind.en} ({match.word}).")
            raise RippleError(INVALID_FIELD, pointer, reason=reason)


def _insist_may_say(mid: MerchantId, texts: Texts) -> None:
    insist_words({"/title": texts.title, "/text": texts.text})
    if texts.campaign_id is not None:
        campaign = read_one(Campaign, campaign_key(mid, texts.campaign_id))
        if campaign is None or campaign.version == 0:
            reason = ("没有这个已发布的活动", "no campaign of that id was published")
            raise RippleError(INVALID_FIELD, "/campaign_id", reason=reason)


def _said(texts: Texts) -> dict[str, Any]:
    return {"name": texts.name, "title": texts.title, "text": texts.text, "campaign": texts.campaign_id}
