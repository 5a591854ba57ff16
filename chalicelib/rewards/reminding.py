"""Points that are about to expire, as something to be reminded of."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason
from chalicelib.rewards import balances
from chalicelib.rewards.items import Account, account_key

POINTS = "points"
"""What all points of a user are called together."""

BEFORE = timedelta(days=1)
"""How long before they expire he is reminded."""


class PointsEnd:
    """Implements `notices.reasons.Reasons`: of what a user has, only points expire by themselves."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        """The points of his that expire first."""
        account = read_one(Account, account_key(mid, uid, Currency.POINTS)) if ident == POINTS else None
        lots = balances.live(account) if account is not None else []
        if account is None or not lots:
            return None
        first = lots[0]
        return Reason(
            moment=Moment.REWARD_ENDING,
            facts={"title": "积分", "reward": f"{first.amount} 积分", "until": clock.iso(first.until)},
            best=first.until - BEFORE,
            until=first.until,
            part=f"{first.until:%Y%m%d}",
            insists=lambda tx: tx.check("object", account, when={"lots": Account.lots == account.lots}),
        )


REMINDING = PointsEnd()
"""The one that is registered."""
