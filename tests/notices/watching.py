"""Whether what somebody is reminded of still stands in the very write that decides it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.notices.moments import Moment, Sort
from chalicelib.notices.states import NoticeState

OVER = "reminder of what was over"

Raw = dict[str, Any]

STANDS: dict[Moment, tuple[str, Callable[[Raw], bool]]] = {
    Moment.PAY_ENDING: ("|O#", lambda row: row["state"]["S"] == "held"),
    Moment.GROUP_ENDING: ("|G#", lambda row: row["status"]["S"] == "open" and int(row["left"]["N"]) >= 1),
    Moment.BARGAIN_ENDING: ("|B#", lambda row: row["status"]["S"] in ("active", "floor")),
    Moment.UNLOCK_ENDING: ("|R#", lambda row: row["status"]["S"] == "active"),
}
"""What a reminder of each moment rests on: the letter of its object, and what must be so of it."""


def over(body: bytes, items: Iterable[Raw]) -> list[tuple[str, str]]:
    """What reminders a transaction decides whose reason is gone as it commits: each kind with its object."""
    found = []
    for action in json.loads(body)["TransactItems"]:
        notice = action.get("Put", {}).get("Item", {})
        if not notice.get("sk", {}).get("S", "").startswith("MSG#") or notice["state"]["S"] != NoticeState.SENDING:
            continue
        _, moment, ident = notice["sk"]["S"].split("#", 2)
        if json.loads(notice["sort"]["S"]) != Sort.REMINDER or Moment(moment) not in STANDS:
            continue
        letter, stands = STANDS[Moment(moment)]
        rows = [row for row in items if row["pk"]["S"].endswith(f"{letter}{ident}") and row["sk"]["S"] == "META"]
        if not any(stands(row) for row in rows):
            found.append((OVER, f"{moment} {ident}"))
    return found
