"""Cash that can be claimed for a little longer, as something to be reminded of."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.live import any_live
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, shortly_before
from chalicelib.rewards import minors
from chalicelib.rewards.cash import Cash, cash_key
from chalicelib.rewards.states import CashState

BEFORE = timedelta(hours=12)
"""How long before the end of its time; of what can be claimed for less than twice that, when half of that is over."""


class CashEnds:
    """Implements `notices.reasons.Reasons`."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        """Cash of his that he may claim, now or when its hold is over; none of a minor's, who may not."""
        key, me = cash_key(mid, uid, ident), user_key(mid, uid)
        found = read(key, me)
        cash = found.item(Cash, key)
        if cash is None or cash.state is not CashState.CLAIMABLE or cash.revoked or clock.now() > cash.until:
            return None
        if minors.is_minor(found.item(User, me)):
            return None
        still: dict[str, Condition] = {
            "claimable": Cash.state == CashState.CLAIMABLE,
            "not_revoked": Cash.revoked.does_not_exist(),
            "until": Cash.until == cash.until,
        }
        until = clock.iso(cash.until)
        title = any_live(mid, CampaignId(cash.cid)).offer.title
        return Reason(
            moment=Moment.CASH_ENDING,
            facts={"title": title, "amount_fen": cash.amount, "until": until},
            best=shortly_before(cash.until, cash.since, BEFORE),
            until=cash.until,
            insists=lambda tx: tx.check("object", cash, when=still),
        )


REMINDING = CashEnds()
"""The one that is registered."""
