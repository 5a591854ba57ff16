"""The documents of all plays that run as campaigns; a new play adds its own to both unions."""

from __future__ import annotations

from chalicelib.campaigns import cash_checks as cash_checks
from chalicelib.campaigns import poster_checks as poster_checks
from chalicelib.campaigns import reward_checks as reward_checks
from chalicelib.campaigns import wallet_checks as wallet_checks
from chalicelib.campaigns.kinds.bargain import BargainOffer, BargainTerms
from chalicelib.campaigns.kinds.codes import CodesOffer, CodesTerms
from chalicelib.campaigns.kinds.coupon import ClaimTerms, CouponOffer
from chalicelib.campaigns.kinds.gift import GiftOffer, GiftTerms
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer, GroupBuyTerms
from chalicelib.campaigns.kinds.invite import InviteOffer, InviteTerms
from chalicelib.campaigns.kinds.punchcard import PunchCardOffer, PunchCardTerms
from chalicelib.campaigns.kinds.rain import RainOffer, RainTerms
from chalicelib.campaigns.kinds.topup import TopUpOffer, TopUpTerms
from chalicelib.campaigns.kinds.unlock import UnlockOffer, UnlockTerms
from chalicelib.campaigns.kinds.word import WordOffer, WordTerms

AnyOffer = (
    GroupBuyOffer
    | BargainOffer
    | CouponOffer
    | InviteOffer
    | RainOffer
    | UnlockOffer
    | GiftOffer
    | CodesOffer
    | WordOffer
    | PunchCardOffer
    | TopUpOffer
)
"""Any play's document; ``kind`` tells which."""

AnyTerms = (
    GroupBuyTerms
    | BargainTerms
    | ClaimTerms
    | InviteTerms
    | RainTerms
    | UnlockTerms
    | GiftTerms
    | CodesTerms
    | WordTerms
    | PunchCardTerms
    | TopUpTerms
)
"""Any play's terms as users read them; ``kind`` tells which."""
