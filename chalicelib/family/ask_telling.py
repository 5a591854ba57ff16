"""Telling an owner that somebody asks him to pay, and whoever asked what came of it."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts import mask, nicknames
from chalicelib.core import clock
from chalicelib.core.ids import UserId
from chalicelib.core.transaction import Transaction
from chalicelib.family.items import Ask
from chalicelib.family.states import AskState
from chalicelib.notices.moments import Moment
from chalicelib.notices.setup import voice
from chalicelib.notices.telling import tell

RESULTS = {
    AskState.APPROVED: "已同意",
    AskState.TAKEN: "已同意",
    AskState.REFUSED: "已拒绝",
    AskState.EXPIRED: "已过期",
}
"""What an end of a request is in a word; of one that he withdrew himself nobody is told."""


def add_request(tx: Transaction, owner: str, ask: Ask) -> None:
    """Tell the owner of a new request; who asks is masked, as he sees him everywhere."""
    if voice(ask.mid).tells(Moment.FAMILY_REQUEST):
        who = nicknames.seen(ask.mid, [ask.uid]).get(ask.uid, mask.NOBODY)
        facts: dict[str, str | int] = {
            "title": ask.title,
            "who": who,
            "amount_fen": ask.total_fen,
            "until": clock.iso(ask.until),
        }
        about = "family", ask.fid
        tell(tx, "told", ask.mid, UserId(owner), Moment.FAMILY_REQUEST, ask.ask_id, facts, about=about)


def add_answer(tx: Transaction, ask: Ask, state: AskState, now: datetime) -> None:
    """Tell whoever asked how his request ended."""
    if state in RESULTS:
        facts: dict[str, str | int] = {
            "title": ask.title,
            "amount_fen": ask.total_fen,
            "result": RESULTS[state],
            "at": clock.iso(now),
        }
        about = "family", ask.fid
        tell(tx, "ask_told", ask.mid, UserId(ask.uid), Moment.FAMILY_ANSWER, ask.ask_id, facts, about=about)
