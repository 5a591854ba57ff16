"""Somebody whose help or claim has waited is told by WeChat's message what became of it, and never why it waited."""

from __future__ import annotations

from chalicelib.campaigns.live import any_live
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.transaction import Transaction
from chalicelib.notices.moments import Moment
from chalicelib.notices.setup import voice
from chalicelib.notices.telling import tell
from chalicelib.sharing.held import Decision

RESULTS = {Decision.APPROVED: "已生效", Decision.REJECTED: "未通过", Decision.MOOT: "未通过"}
"""How each decision is told."""


def add_told(
    tx: Transaction, mid: MerchantId, uid: UserId, cid: CampaignId, decision: Decision, about: tuple[str, str]
) -> None:
    """Whoever helped is told of the decision in ``tx``; ``about`` is what he helped, for which he does so once."""
    if not voice(mid).tells(Moment.HELP_DECIDED):
        return
    title = any_live(mid, cid).offer.title
    facts: dict[str, str | int] = {"title": title, "result": RESULTS[decision], "at": clock.iso(clock.now())}
    tell(tx, "help_told", mid, uid, Moment.HELP_DECIDED, about[1], facts, about=about)
