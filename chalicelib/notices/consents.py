"""What users let be sent: told by their client, which is believed one consent an act, and by WeChat's pushes.

One consent is one message (wechat.md 3). What is counted too much WeChat corrects: it answers 43101, and all is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.metrics import count
from chalicelib.core.store import Found, query, read
from chalicelib.core.table import Item, Key, table
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.notices import planning, problems, rules
from chalicelib.notices.items import Act, Consent, Habit, Notice, consent_key, habit_key
from chalicelib.notices.setup import voice_now

Answer = Literal["accept", "acceptWithAudio", "reject", "ban", "filter"]
"""What ``wx.requestSubscribeMessage`` tells of a template."""

YES = ("accept", "acceptWithAudio")
MOST_MESSAGES = 100


class About(msgspec.Struct, frozen=True):
    """The object on whose page a user was asked."""

    kind: str
    ident: str


class Ledger(msgspec.Struct, frozen=True):
    """The counts of a `Consent`."""

    granted: int = 0
    left: int = 0
    acts: tuple[Act, ...] = ()


def report(intent: Intent, answers: Mapping[str, Answer], about: About | None, language: Language) -> Mapping[str, int]:
    """A client tells what its user answered; how many messages each template may bring him now.

    He is planned to be reminded of what he was asked about. Raises `TEMPLATE_UNUSED` for a template that his
    merchant does not use.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    known = voice_now(mid).template_ids
    for template_id in answers:
        if template_id not in known:
            raise RippleError(problems.TEMPLATE_UNUSED, f"/results/{template_id}")
    record, habit = record_key(intent), habit_key(mid, uid)
    keys = {template_id: consent_key(mid, uid, template_id) for template_id in answers}

    def attempt() -> Mapping[str, int]:
        found = read(record, habit, *keys.values())
        if (before := recorded(intent, found[record])) is not None:
            return {template_id: int(left) for template_id, left in before.items()}
        now, tx, left = clock.now(), Transaction(), dict[str, int]()
        for n, (template_id, key) in enumerate(keys.items()):
            consent = found.item(Consent, key)
            after = ledger(consent)
            if answers[template_id] in YES:
                after = accepted(after, "client", now)
                _add(tx, f"consent{n}", key, consent, after, wanted=True)
            left[template_id] = after.left
        _add_language(tx, habit, found, language)
        if about is not None:
            planning.add(tx, mid, uid, about.kind, about.ident)
        add_record(tx, intent, **{template_id: str(number) for template_id, number in left.items()})
        tx.commit()
        return left

    return decided(attempt)


def popped(mid: MerchantId, uid: UserId, answers: Sequence[tuple[str, bool]], at: datetime, event: Item) -> None:
    """WeChat tells what a user answered when he was asked; ``event`` is written with it, and says that it was heard.

    What he has switched off since, it leaves off.
    """
    told = dict(answers)

    def change(template_id: str, before: Ledger) -> Ledger:
        return accepted(before, "wechat", at) if told[template_id] else denied(before, at)

    _heard(mid, uid, list(told), at, event, change, [template_id for template_id, yes in answers if yes])


def switched_off(mid: MerchantId, uid: UserId, template_ids: Sequence[str], at: datetime, event: Item) -> None:
    """WeChat tells that a user wants no messages of these templates any more, unless he has said yes since."""

    def change(_: str, before: Ledger) -> Ledger:
        since = any(act.at > at for act in before.acts)
        return before if since else emptied(before)

    _heard(mid, uid, template_ids, at, event, change, [], off_at=at)


def delivered(mid: MerchantId, uid: UserId, msgid: str, code: str) -> None:
    """WeChat tells what became of a message that it took: ``0``, or why it did not arrive."""
    page = query(table(mid).pk("U", uid), begins="MSG#", limit=MOST_MESSAGES, forward=False)
    notice = next((item for item in page.items if isinstance(item, Notice) and item.msgid == msgid), None)
    if notice is None:
        log.info("message_unknown", msgid=msgid, code=code)
        return
    if code != "0":
        log.warning("message_undelivered", uid=uid, moment=notice.moment.value, code=code)
        count("MessagesUndelivered")
    try:
        update_one(notice, [Notice.result.set("ok" if code == "0" else code)], when={"same": Notice.msgid == msgid})
    except Lost:
        log.info("message_gone", msgid=msgid)


def ledger(consent: Consent | None) -> Ledger:
    """The counts that stand."""
    if consent is None:
        return Ledger()
    return Ledger(consent.granted, consent.left, tuple(consent.acts))


def accepted(before: Ledger, by: Literal["client", "wechat"], at: datetime) -> Ledger:
    """He said yes: one more, unless the other side has told of it already, or far too many wait."""
    other = rules.told_already(before.acts, by, at)
    if other is not None:
        return msgspec.structs.replace(before, acts=tuple(act for act in before.acts if act is not other))
    if before.left >= rules.MOST_LEFT:
        return before
    acts = (*before.acts, Act(by, at))[-rules.KEPT_ACTS :]
    return msgspec.structs.replace(before, granted=before.granted + 1, left=before.left + 1, acts=acts)


def denied(before: Ledger, at: datetime) -> Ledger:
    """He said no, as WeChat knows: what his client made of it counts no more."""
    lie = rules.told_already(before.acts, "wechat", at)
    if lie is None:
        return before
    less = 1 if before.left else 0
    acts = tuple(act for act in before.acts if act is not lie)
    return msgspec.structs.replace(before, left=before.left - less, acts=acts)


def emptied(before: Ledger) -> Ledger:
    """Nothing may be sent any more."""
    return Ledger(before.granted, 0)


def _heard(
    mid: MerchantId,
    uid: UserId,
    template_ids: Sequence[str],
    at: datetime,
    event: Item,
    change: Callable[[str, Ledger], Ledger],
    wanted: Sequence[str],
    off_at: datetime | None = None,
) -> None:
    keys = {template_id: consent_key(mid, uid, template_id) for template_id in template_ids}

    def attempt() -> None:
        found, tx = read(event.key, *keys.values()), Transaction()
        if found[event.key] is not None:
            return
        tx.put("event", event)
        for n, (template_id, key) in enumerate(keys.items()):
            consent = found.item(Consent, key)
            if consent is not None and consent.off_at is not None and at < consent.off_at:
                continue
            after = change(template_id, ledger(consent))
            off = off_at if after.left == 0 else None
            _add(tx, f"consent{n}", key, consent, after, wanted=template_id in wanted, off_at=off)
        tx.commit()

    decided(attempt)


def _add(
    tx: Transaction,
    name: str,
    key: Key,
    consent: Consent | None,
    after: Ledger,
    *,
    wanted: bool,
    off_at: datetime | None = None,
) -> None:
    """The counts become ``after``, if they are still what they were; what changes nothing is not written."""
    before = ledger(consent)
    if consent is None:
        if after != before:
            tx.put(
                name,
                Consent(*key, granted=after.granted, left=after.left, sent=0, acts=list(after.acts)),
            )
        return
    turned = consent.off_at is not None if wanted else off_at is not None
    if after == before and not turned:
        return
    actions = [
        Consent.granted.add(after.granted - before.granted),
        Consent.left.add(after.left - before.left),
        Consent.acts.set(list(after.acts)),
    ]
    if wanted:
        actions.append(Consent.off_at.remove())
    elif off_at is not None:
        actions.append(Consent.off_at.set(off_at))
    same = {"left": Consent.left == before.left, "acts": Consent.acts == consent.acts}
    tx.update(name, key, actions, when=same)


def _add_language(tx: Transaction, key: Key, found: Found, language: Language) -> None:
    habit = found.item(Habit, key)
    if habit is None or habit.language != language:
        tx.upsert("habit", key, [Habit.language.set(language)])
