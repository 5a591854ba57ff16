"""What a bargain's owner and its helpers are told by WeChat's messages, and what they are asked to agree to."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.bargain import rules
from chalicelib.bargain.items import Bargain, Help, bargain_key
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, shortly_before

BEFORE = timedelta(hours=2)
"""How long before a bargain ends, or can be bought no more, its owner is reminded."""


def asked(bargain: Bargain, given: Help | None, language: Language, *, own: bool, may_help: bool) -> Ask:
    """What somebody is asked to let himself be told, who looks at a bargain: its owner, or who helps him."""
    moments: tuple[Moment, ...] = ()
    if own and bargain.status is BargainState.BOUGHT:
        moments = (Moment.SHIPPED, Moment.REFUNDED)
    elif own:
        moments = (Moment.BARGAIN_ENDING, Moment.PAID, Moment.SHIPPED)
    elif may_help or (given is not None and given.state is HelpState.HELD):
        moments = (Moment.HELP_DECIDED,)
    return ask(bargain.mid, language, *moments)


class Ending:
    """The owner of a bargain may ask for more helps, or buy at its floor (`notices.reasons.Reasons`)."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        bargain = read_one(Bargain, bargain_key(mid, ident))
        if bargain is None or bargain.uid != uid or bargain.status not in (BargainState.ACTIVE, BargainState.FLOOR):
            return None
        offer = live(mid, bargain.cid, BargainOffer).offer
        begins_at, ends_at, until = _time(bargain, offer)
        return Reason(
            moment=Moment.BARGAIN_ENDING,
            facts={
                "title": offer.title,
                "left": len(bargain.slots) - bargain.helps,
                "amount_fen": rules.price_of(bargain),
                "until": clock.iso(ends_at),
            },
            best=shortly_before(ends_at, begins_at, BEFORE),
            until=until,
            insists=lambda tx: tx.check("object", bargain, when={"status": Bargain.status == bargain.status}),
        )


def _time(bargain: Bargain, offer: BargainOffer) -> tuple[datetime, datetime, datetime]:
    """From when to when a bargain can be brought on, and the last instant at which something can be done for it."""
    if bargain.claim_until is None:
        return bargain.created_at, bargain.expires_at, bargain.expires_at
    begins_at = bargain.claim_until - timedelta(seconds=offer.claim_seconds)
    return begins_at, bargain.claim_until, bargain.claim_until - rules.LAST_ORDER


ENDING = Ending()
"""Who knows whether there is something to be reminded of a bargain."""
