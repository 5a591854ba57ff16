"""What a page asks a user's consent for: the templates that matter at this moment, at most three (wechat.md 3)."""

from __future__ import annotations

import msgspec

from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId
from chalicelib.notices.moments import Moment
from chalicelib.notices.setup import voice

MOST = 3
"""Templates that ``wx.requestSubscribeMessage`` takes at once."""


class Ask(msgspec.Struct, kw_only=True):
    """Message templates to ask consent for at this moment, at most three."""

    template_ids: list[str]


def ask(mid: MerchantId, language: Language, *moments: Moment) -> Ask:
    """The templates of these moments, the first ones first; none where the merchant tells of none of them."""
    said = voice(mid)
    found = (said.template(moment, language) for moment in moments)
    return Ask(template_ids=list(dict.fromkeys(template.template_id for template in found if template))[:MOST])
