"""Words over HTTP, for merchants."""

from __future__ import annotations

from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.voucher import word_views
from chalicelib.voucher.word_views import WordRecord


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=WordRecord,
    name="inspect_word",
    summary="A word, and how often it was redeemed, today and altogether",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> WordRecord:
    """The word of a campaign of the merchant."""
    return word_views.inspect(call.mid, CampaignId(call.path["campaign_id"]))
