"""What a client sees of ordering with a code."""

from __future__ import annotations

from datetime import datetime

from chalicelib.orders.lines import Quoted
from chalicelib.orders.views import OrderHeld


class CodeQuote(Quoted, kw_only=True):
    """What is still paid for the goods of a code and why; nothing is held by asking."""

    until: datetime | None
    """Before this the code may be ordered with; null where it does not expire."""


class CodeOrder(OrderHeld, kw_only=True):
    """An order of the goods of a code, and what ``wx.requestPayment`` takes; without ``pay`` (202) ask again."""

    campaign_id: str
