"""Sending: decided in one transaction that takes the consent, done once, never done again in doubt (wechat.md 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, UserState, user_key
from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.metrics import count
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, Once, OutboxEntry
from chalicelib.core.rate import Rate
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.merchants.service import app_account, merchant
from chalicelib.notices import bans, planning, rules
from chalicelib.notices.items import Consent, Habit, Notice, consent_key, habit_key, notice_key
from chalicelib.notices.moments import MOMENTS, Facts, Moment, Sort
from chalicelib.notices.plugged import PAGES, REASONS
from chalicelib.notices.reasons import Reason
from chalicelib.notices.rules import Drop, Send, Wait
from chalicelib.notices.setup import Voice, voice_now
from chalicelib.notices.states import NoticeState, Why
from chalicelib.notices.templates import filled
from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Quota, Unsent, WechatError
from chalicelib.wechat.message import Message, send

AGAIN = rules.BUSY + timedelta(seconds=1)
"""When a message is tried again that surely was not sent: by then its own turn is over."""

NO_CONSENT = "43101"
OVERLAP = "43108"
BANNED = frozenset({"43107", "40037"})
"""The capability or the template is banned; there is no such template."""

STATES: Mapping[str, Literal["formal", "trial", "developer"]] = {
    "release": "formal",
    "trial": "trial",
    "develop": "developer",
}
LANGUAGES: Mapping[str, Literal["zh_CN", "en_US"]] = {"zh": "zh_CN", "en": "en_US"}

KEPT_SECONDS = 180 * 86_400
"""How long it is remembered what somebody was told."""


class _Message:
    """One message on its way: what its entry says, and what was read for it."""

    def __init__(self, entry: OutboxEntry) -> None:
        payload = entry.payload
        self.entry, self.mid = entry, MerchantId(entry.mid)
        self.uid, self.moment, self.ident = UserId(payload["uid"]), Moment(payload["moment"]), str(payload["ident"])
        self.facts: Facts = payload["facts"]
        self.kind, self.object = payload["about"]
        self.key = notice_key(self.mid, self.uid, self.moment, self.ident)
        self.sort = MOMENTS[self.moment].sort


def deliver(entry: OutboxEntry) -> Done | Later | Once:
    """Decide whether the message is sent, and with which consent; then send it."""
    mine = _Message(entry)
    mid, uid, voice = mine.mid, mine.uid, voice_now(mine.mid)
    consents = {t.template_id: consent_key(mid, uid, t.template_id) for t in voice.of(mine.moment)}
    user, habit = user_key(mid, uid), habit_key(mid, uid)
    reason = REASONS[mine.kind].reason(mid, uid, mine.object) if mine.sort is Sort.REMINDER else None
    if reason is not None and reason.known_as(mine.object) != mine.ident:
        reason = None
    found = read(user, habit, mine.key, *consents.values())
    person, before = found.item(User, user), found.item(Notice, mine.key)
    decision = rules.decided(
        mine.moment,
        voice,
        merchant(mid).time_zone,
        clock.now(),
        owed_at=entry.created_at,
        active=person is not None and person.status is UserState.ACTIVE,
        before=before,
        habit=found.item(Habit, habit),
        consents={name: row for name, key in consents.items() if (row := found.item(Consent, key)) is not None},
        reason=reason,
    )
    if mine.sort is Sort.EVENT:
        planning.plan(mid, uid, mine.kind, mine.object)
    if isinstance(decision, Wait):
        return Later(decision.pause, "another message is on its way", accepted=True)
    if isinstance(decision, Drop) or person is None:
        why = decision.why if isinstance(decision, Drop) else Why.GONE
        return Done(lambda tx: _drop(tx, mine, before, why))
    again = before is not None and before.state is NoticeState.SENDING
    heard = found.item(Habit, habit)
    # All that could fail for want of storage is at hand before anything is marked.
    account, said = app_account(mid), _said(mine, decision, voice, person.openid, heard)
    return Once(
        decide=lambda tx: _decide(tx, mine, decision, heard, reason, again=again),
        act=lambda: _act(mine, account, said),
    )


def uncertain(entry: OutboxEntry, tx: Transaction) -> None:
    """Nobody knows whether it was sent: its consent stays taken, and it is not sent again."""
    _end(tx, _Message(entry), [Notice.state.set(NoticeState.UNKNOWN)])


EFFECT = Effect(EffectClass.ONCE, deliver, Rate(normal=100, slow=5), uncertain)
"""How the outbox tells users: WeChat publishes no rate; this is far below its day's 10 million."""


def _decide(
    tx: Transaction,
    mine: _Message,
    decision: Send,
    habit: Habit | None,
    reason: Reason | None,
    *,
    again: bool,
) -> None:
    """The message is written down as being sent, its consent is taken, and the user's turn."""
    now, template_id = clock.now(), decision.template.template_id
    if again:
        tx.update("notice", mine.key, [Notice.at.set(now)], when={"sending": Notice.state == NoticeState.SENDING})
    else:
        notice = Notice(
            *mine.key,
            state=NoticeState.SENDING,
            sort=mine.sort,
            template=template_id,
            taken=1,
            at=now,
            ttl=int(now.timestamp()) + KEPT_SECONDS,
        )
        tx.put("notice", notice, when={"untold": Notice.pk.does_not_exist() | (Notice.state == NoticeState.DROPPED)})
        taken = [Consent.left.add(-1), Consent.sent.add(1)]
        tx.update("consent", consent_key(mine.mid, mine.uid, template_id), taken, when={"left": Consent.left >= 1})
    if mine.sort is Sort.EVENT or again:
        _add_turn(tx, mine)
    else:
        _add_counted(tx, mine, habit, decision.day)
    if reason is not None:
        reason.insists(tx)


def _add_turn(tx: Transaction, mine: _Message) -> None:
    """It is this message's turn to be sent to the user."""
    now = clock.now()
    free = {"free": Habit.busy_until.does_not_exist() | (Habit.busy_until <= now)}
    tx.upsert("habit", habit_key(mine.mid, mine.uid), [Habit.busy_until.set(now + rules.BUSY)], when=free)


def _add_counted(tx: Transaction, mine: _Message, habit: Habit | None, day: str) -> None:
    """It is its turn, and one more of the day, if what was decided on still stands."""
    now = clock.now()
    actions: list[Action] = [Habit.busy_until.set(now + rules.BUSY)]
    when = {"free": Habit.busy_until.does_not_exist() | (Habit.busy_until <= now)}
    if habit is not None and habit.day == day:
        actions.append(Habit.reminders.add(1))
        when["as_many"] = (Habit.day == day) & (Habit.reminders == habit.reminders)
    else:
        actions += [Habit.day.set(day), Habit.reminders.set(1)]
        when["new_day"] = Habit.day.does_not_exist() | (Habit.day < day)
    if habit is not None and habit.unwanted is not None:
        when["wishes"] = Habit.unwanted == habit.unwanted
    else:
        when["no_wishes"] = Habit.unwanted.does_not_exist()
    tx.upsert("habit", habit_key(mine.mid, mine.uid), actions, when=when)


def _said(mine: _Message, decision: Send, voice: Voice, openid: str, habit: Habit | None) -> Message:
    """The message as WeChat takes it."""
    return Message(
        touser=openid,
        template_id=decision.template.template_id,
        page=PAGES[mine.kind].format(id=mine.object),
        data=filled(decision.template, mine.facts, merchant(mine.mid).time_zone),
        language=LANGUAGES[(habit.language if habit else None) or "zh"],
        state=STATES[voice.terms.version],
    )


def _act(mine: _Message, account: AppAccount, said: Message) -> Done | Later:
    """Send it. Raises `Unknown` where it may have been sent."""
    try:
        msgid = send(account, said)
    except (Quota, Unsent) as not_yet:
        return Later(AGAIN, str(not_yet))
    except WechatError as refused:
        return _refused(mine, said.template_id, refused)
    count("MessagesSent")
    return Done(lambda tx: _end(tx, mine, [Notice.state.set(NoticeState.SENT), Notice.msgid.set(msgid)]))


def _refused(mine: _Message, template_id: str, refused: WechatError) -> Done | Later:
    code = refused.code
    if code == OVERLAP:
        return Later(AGAIN, code, accepted=True)
    said = [Notice.state.set(NoticeState.REFUSED), Notice.why.set(code), Notice.taken.set(0)]
    if code == NO_CONSENT:
        return Done(lambda tx: _end(tx, mine, said, lambda end: _empty(end, mine, template_id)))
    log.error(
        "message_refused", moment=mine.moment.value, template=template_id, wechat_code=code, rid=refused.request_id
    )
    if code in BANNED:
        bans.ban(mine.mid, template_id, code)
    else:
        count("MessagesRefused")
    return Done(lambda tx: _end(tx, mine, said, lambda end: _give_back(end, mine, template_id)))


def _end(
    tx: Transaction,
    mine: _Message,
    actions: Sequence[Action],
    also: Callable[[Transaction], None] | None = None,
) -> None:
    """The message has come to an end, and the user's turn is free."""
    tx.update("notice", mine.key, actions, when={"sending": Notice.state == NoticeState.SENDING})
    if also is not None:
        also(tx)
    tx.update("habit", habit_key(mine.mid, mine.uid), [Habit.busy_until.remove()], when={})


def _empty(tx: Transaction, mine: _Message, template_id: str) -> None:
    """WeChat knows of no consent: this one and all that are left are gone."""
    gone = [Consent.sent.add(-1), Consent.left.set(0), Consent.acts.set([])]
    tx.update("consent", consent_key(mine.mid, mine.uid, template_id), gone, when={"sent": Consent.sent >= 1})


def _give_back(tx: Transaction, mine: _Message, template_id: str) -> None:
    """It was surely not sent: its consent is there again."""
    back = [Consent.sent.add(-1), Consent.left.add(1)]
    tx.update("consent", consent_key(mine.mid, mine.uid, template_id), back, when={"sent": Consent.sent >= 1})


def _drop(tx: Transaction, mine: _Message, before: Notice | None, why: Why) -> None:
    """It is not sent, and stands there with why; what it has taken is given back."""
    count("MessagesDropped")
    if before is not None and before.state is NoticeState.SENDING:
        dropped = [Notice.state.set(NoticeState.DROPPED), Notice.why.set(why.value), Notice.taken.set(0)]
        template_id = before.template or ""
        _end(tx, mine, dropped, lambda end: _give_back(end, mine, template_id))
        return
    if before is not None:
        return
    now: datetime = clock.now()
    notice = Notice(*mine.key, state=NoticeState.DROPPED, why=why.value, sort=mine.sort, at=now)
    notice.ttl = int(now.timestamp()) + KEPT_SECONDS
    tx.put("notice", notice)
