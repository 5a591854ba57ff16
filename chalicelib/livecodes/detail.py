"""A live code's page, as whoever scanned it sees it."""

from __future__ import annotations

from chalicelib.campaigns.views import why_not
from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read, read_one
from chalicelib.livecodes import rules, service
from chalicelib.livecodes.items import LIVE, LiveCode, Part
from chalicelib.livecodes.service import Look
from chalicelib.livecodes.states import LiveState
from chalicelib.livecodes.views import LiveCodePage, place_view
from chalicelib.sharing import shares
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Shareable
from chalicelib.sharing.views import Share


def show(mid: MerchantId, uid: UserId, lid: str, language: Language) -> LiveCodePage:
    """What it is, my place, and whether I would be given one. Nothing is taken by looking. Raises `NOT_FOUND`."""
    seen, part = service.look(mid, uid, lid, read)
    code, refused = seen.code, _refusal(seen, part)
    return LiveCodePage(
        live_id=code.lid,
        title=code.title,
        text=code.text,
        status=code.status.value,
        campaign_id=code.campaign,
        place=place_view(seen.mine, language) if seen.mine is not None else None,
        can_place=refused is None,
        why_not=why_not(refused, language),
        share=_share(mid, uid, code),
        now=clock.now(),
    )


def _refusal(seen: Look, part: Part | None) -> RippleError | None:
    """Why asking for a place would be refused."""
    if seen.stays:
        return None
    try:
        rules.insist_running(seen.code)
    except RippleError as refused:
        return refused
    return rules.no_place(seen.parts) if part is None else None


def _share(mid: MerchantId, uid: UserId, code: LiveCode) -> Share | None:
    if code.status is LiveState.ENDED:
        return None
    thing = Shareable(
        kind=LIVE,
        id=code.lid,
        title=code.title,
        campaign=CampaignId(code.campaign) if code.campaign is not None else None,
    )
    return shares.shown(mid, uid, thing, read_one(Sharing, shares.key_of(mid, uid, LIVE, code.lid)))
