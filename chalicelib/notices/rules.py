"""When a user may be reminded, and whether a message is sent: pure decisions over what one read round found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.notices.moments import MOMENTS, Moment, Sort
from chalicelib.notices.states import NoticeState, Why
from chalicelib.notices.templates import NoticeTerms, Template, local_day

if TYPE_CHECKING:
    from chalicelib.core.errors import Language
    from chalicelib.notices.items import Act, Consent, Habit, Notice
    from chalicelib.notices.reasons import Reason
    from chalicelib.notices.setup import Voice

MOST_LEFT = 10
"""Consents of a user to a template that may wait: what a client reports beside that counts for nothing."""

SAME_ACT = timedelta(minutes=5)
"""Within what of each other client and WeChat tell of the same act."""

KEPT_ACTS = 6

LATE = timedelta(hours=24)
"""After that nobody is told of an event any more."""

BUSY = timedelta(seconds=30)
"""How long a message may take of a user's turn."""

SHORTEST = timedelta(minutes=2)
"""A reminder that leaves less time than this is of no use."""

IN_TIME = timedelta(minutes=5)
"""What a reminder may take from its plan to WeChat, where the stream has lost it and the sweeper comes twice."""

EARLIEST = timedelta(hours=24)
"""How much before the end a reminder may come, where its best time is at night."""


class Drop(msgspec.Struct, frozen=True):
    """Not sent, and why."""

    why: Why


class Wait(msgspec.Struct, frozen=True):
    """Another message is on its way to this user."""

    pause: timedelta


class Send(msgspec.Struct, frozen=True):
    """Sent with a template, by a consent."""

    template: Template
    day: str
    """The user's day on which a reminder or offer counts."""


Decision = Drop | Wait | Send


def quiet(instant: datetime, terms: NoticeTerms, zone: str) -> bool:
    """Whether users are left alone at an instant."""
    now = instant.astimezone(ZoneInfo(zone)).time()
    start, end = time.fromisoformat(terms.quiet_from), time.fromisoformat(terms.quiet_until)
    return start <= now < end if start <= end else now >= start or now < end


def next_waking(instant: datetime, terms: NoticeTerms, zone: str) -> datetime:
    """The first instant from ``instant`` on at which users may be reminded."""
    if not quiet(instant, terms, zone):
        return instant
    return _at(instant, terms.quiet_until, zone, after=True)


def last_waking(instant: datetime, terms: NoticeTerms, zone: str) -> datetime:
    """The last instant up to ``instant`` from which a reminder surely comes before the night."""
    if not quiet(instant, terms, zone):
        return instant
    return _at(instant, terms.quiet_from, zone, after=False) - IN_TIME


def _at(instant: datetime, clock_time: str, zone: str, *, after: bool) -> datetime:
    """The next or the last instant at which the clock in the zone says so."""
    local = instant.astimezone(ZoneInfo(zone))
    there = datetime.combine(local.date(), time.fromisoformat(clock_time), local.tzinfo)
    if after and there < local:
        there += timedelta(days=1)
    if not after and there > local:
        there -= timedelta(days=1)
    return there.astimezone(instant.tzinfo)


def when(reason: Reason, terms: NoticeTerms, zone: str, now: datetime, habit: Habit | None) -> datetime | None:
    """The one moment, now or later, at which a reminder is of most use; None where there is none.

    At its best time; where that is at night, in the evening before, or else in the morning after, if that is in time.
    On a day on which the user has been told enough, on the next.
    """
    best = max(now, reason.best)
    if quiet(best, terms, zone):
        evening = max(now, last_waking(best, terms, zone))
        early = evening >= reason.until - EARLIEST and not quiet(evening, terms, zone)
        best = evening if early else next_waking(best, terms, zone)
    if told_enough(habit, terms, local_day(best, zone)):
        midnight = datetime.combine(
            best.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), time(0), ZoneInfo(zone)
        ).astimezone(best.tzinfo)
        best = next_waking(midnight, terms, zone)
    return best if best <= reason.until - SHORTEST else None


def unwanted(moment: Moment, habit: Habit) -> bool:
    """Whether a user wants to be told nothing of the sort."""
    return MOMENTS[moment].sort in (habit.unwanted or ())


def told_enough(habit: Habit | None, terms: NoticeTerms, day: str) -> bool:
    """Whether a user has had his reminders and offers of a day."""
    today = habit.reminders or 0 if habit is not None and habit.day == day else 0
    return today >= terms.reminders_a_day


def decided(
    moment: Moment,
    voice: Voice,
    zone: str,
    now: datetime,
    *,
    owed_at: datetime,
    active: bool,
    before: Notice | None,
    habit: Habit | None,
    consents: dict[str, Consent],
    reason: Reason | None,
) -> Decision:
    """Whether a message is sent now; ``before`` is what stands of this moment and this object.

    What stands as being sent is this very message, which was surely not sent, and has its consent.
    """
    mine = before if before is not None and before.state is NoticeState.SENDING else None
    if before is not None and mine is None and before.taken:
        return Drop(Why.TOLD)
    why = Why.GONE if not active else Why.LATE if now >= owed_at + LATE else None
    if habit is not None and unwanted(moment, habit):
        why = why or Why.UNWANTED
    if MOMENTS[moment].sort is not Sort.EVENT:
        why = why or _untimely(moment, voice.terms, zone, now, habit if mine is None else None, reason)
    if not voice.tells(moment):
        why = why or (Why.BANNED if voice.of(moment) else Why.UNTOLD)
    if why is not None:
        return Drop(why)
    if mine is not None:
        template = voice.named(moment, mine.template)
    else:
        template = with_consent(voice, moment, habit.language if habit else None, consents)
    if template is None:
        return Drop(Why.NO_CONSENT if mine is None else Why.BANNED)
    if habit is not None and habit.busy_until is not None and now < habit.busy_until:
        return Wait(min(habit.busy_until - now, BUSY))
    return Send(template, local_day(now, zone))


def _untimely(
    moment: Moment, terms: NoticeTerms, zone: str, now: datetime, habit: Habit | None, reason: Reason | None
) -> Why | None:
    """Why a reminder or an offer may not come now."""
    if quiet(now, terms, zone):
        return Why.QUIET
    if MOMENTS[moment].sort is Sort.REMINDER and (reason is None or reason.moment is not moment or now >= reason.until):
        return Why.OVER
    return Why.ENOUGH if told_enough(habit, terms, local_day(now, zone)) else None


def with_consent(
    voice: Voice, moment: Moment, language: Language | None, consents: dict[str, Consent]
) -> Template | None:
    """The template of a moment to which there is a consent, in the user's language if there is one."""
    usable = sorted(voice.usable(moment), key=lambda template: template.language != (language or "zh"))
    return next((t for t in usable if (found := consents.get(t.template_id)) is not None and found.left >= 1), None)


def told_already(acts: Sequence[Act], by: str, at: datetime) -> Act | None:
    """The act of which the other side has told before, and this side not yet."""
    return next((act for act in acts if act.by != by and abs(act.at - at) <= SAME_ACT), None)
