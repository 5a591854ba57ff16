"""Whether a reminder or an offer may come, as things stand in the very write that decides it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.core.table import Key, decode
from chalicelib.merchants.items import Merchant, merchant_key
from chalicelib.notices.items import Notice, NoticeSetup, setup_key
from chalicelib.notices.moments import Moment, Sort
from chalicelib.notices.states import NoticeState
from chalicelib.notices.templates import NoticeTerms, local_day

OVER = "reminder of what was over"
AT_NIGHT = "reminder at night"
TOO_MANY = "reminder too many"

Raw = dict[str, Any]

STANDS: dict[Moment, tuple[str, Callable[[Raw], bool]]] = {
    Moment.PAY_ENDING: ("|O#", lambda row: row["state"]["S"] == "held"),
    Moment.GROUP_ENDING: ("|G#", lambda row: row["status"]["S"] == "open" and int(row["left"]["N"]) >= 1),
    Moment.BARGAIN_ENDING: ("|B#", lambda row: row["status"]["S"] in ("active", "floor")),
    Moment.UNLOCK_ENDING: ("|R#", lambda row: row["status"]["S"] == "active"),
}
"""What a reminder of each moment rests on: the letter of its object, and what must be so of it."""


def untimely(body: bytes, items: Iterable[Raw]) -> list[tuple[str, str]]:
    """Which of the reminders and offers that a transaction decides may not come as it commits, each with why not.

    ``items`` are all that is stored then.
    """
    found, rows = list[tuple[str, str]](), list(items)
    for action in json.loads(body)["TransactItems"]:
        raw = action.get("Put", {}).get("Item", {})
        if not raw.get("sk", {}).get("S", "").startswith("MSG#") or raw["state"]["S"] != NoticeState.SENDING:
            continue
        notice = decode(raw)
        assert isinstance(notice, Notice)
        if notice.sort is not Sort.EVENT:
            found += [(kind, f"{notice.moment} {notice.object}") for kind in _amiss(notice, rows)]
    return found


def _amiss(notice: Notice, rows: list[Raw]) -> Iterator[str]:
    at = {Key(row["pk"]["S"], row["sk"]["S"]): row for row in rows}
    setup, merchant = (decode(at[key(notice.mid)]) for key in (setup_key, merchant_key))
    assert isinstance(setup, NoticeSetup)
    assert isinstance(merchant, Merchant)
    zone, terms = merchant.time_zone, setup.terms
    if _asleep(notice.at, terms, zone):
        yield AT_NIGHT
    today = [
        row
        for row in rows
        if row["pk"]["S"] == notice.pk and row["sk"]["S"].startswith("MSG#") and _counts(row, notice.at, zone)
    ]
    if len(today) > terms.reminders_a_day:
        yield TOO_MANY
    if notice.sort is Sort.REMINDER and notice.moment in STANDS:
        letter, stands = STANDS[notice.moment]
        row = at.get(Key(f"{notice.mid}{letter}{notice.object}", "META"))
        if row is None or not stands(row):
            yield OVER


def _asleep(at: datetime, terms: NoticeTerms, zone: str) -> bool:
    """Whether it is night, said in other words than the rule's."""
    minute = f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
    if terms.quiet_from == terms.quiet_until:
        return False
    day = sorted((terms.quiet_until, terms.quiet_from))
    between = day[0] <= minute < day[1]
    return between if terms.quiet_from < terms.quiet_until else not between


def _counts(row: Raw, now: datetime, zone: str) -> bool:
    """Whether a message is a reminder or an offer of that day that has a consent."""
    notice = decode(row)
    assert isinstance(notice, Notice)
    return notice.sort is not Sort.EVENT and bool(notice.taken) and local_day(notice.at, zone) == local_day(now, zone)
