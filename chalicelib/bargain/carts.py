"""That somebody may ask his family's owner to pay for what he bargained for (`family.plugged.Carts`)."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.bargain import buying, quotes
from chalicelib.bargain.items import BargainId
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.family.items import Cart
from chalicelib.orders.lines import Quoted
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.tenders import Pay


class Buying:
    """Buying it at its price now; while an order of it may be paid, there is none to be asked for."""

    def quote(self, mid: MerchantId, uid: UserId, cart: Cart) -> Quoted:
        return quotes.quote(mid, uid, BargainId(cart.target), cart.province, [])

    def place(self, intent: Intent, fid: str, cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Placed:
        wish = Wish(
            sku_id=cart.sku_id,
            province=cart.province,
            pickup_point=cart.pickup_point,
            pay_with=list(pay_with),
            payer=payer,
        )
        return buying.buy(intent, BargainId(cart.target), wish, anew=True)


BUYING = Buying()
