"""That somebody may ask his family's owner to pay for a punch card of the family's (`family.plugged.Carts`)."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.family import topup_rules
from chalicelib.family.items import Cart
from chalicelib.merchants import wallet
from chalicelib.orders.lines import Quoted
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.tenders import Pay
from chalicelib.punchcards import buying, quotes


class Buying:
    """Buying a card of a campaign, for the family in which it is asked for."""

    def quote(self, mid: MerchantId, uid: UserId, cart: Cart) -> Quoted:
        """Raises `TOPUP_TERMS` too, unless whoever asks has read the terms that are in force."""
        _insist_read(mid, cart)
        return quotes.quote(mid, uid, CampaignId(cart.target), cart.sku_id, [])

    def place(self, intent: Intent, fid: str, cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Placed:
        """Under the terms that he has read, or not at all."""
        wish = Wish(sku_id=cart.sku_id, pay_with=list(pay_with), payer=payer)
        return buying.buy(intent, CampaignId(cart.target), fid, cart.terms or "", wish)


BUYING = Buying()


def _insist_read(mid: MerchantId, cart: Cart) -> None:
    topup_rules.insist_read(topup_rules.in_force(wallet.declared(mid)), cart.terms or "")
