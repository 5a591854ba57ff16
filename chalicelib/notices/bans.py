"""Templates that WeChat has banned: nothing is sent with them until the merchant says that they are mended."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.notices import setup
from chalicelib.notices.items import Ban, Bans, bans_key


def ban(mid: MerchantId, template_id: str, code: str) -> None:
    """WeChat sends nothing with a template any more; somebody is told."""

    def attempt() -> None:
        row = read_one(Bans, bans_key(mid))
        if row is not None and any(found.template_id == template_id for found in row.bans):
            return
        new, tx = Ban(template_id, code, clock.now()), Transaction()
        if row is None:
            tx.put("bans", Bans(*bans_key(mid), bans=[new]))
        else:
            tx.update("bans", row, [Bans.bans.set([*row.bans, new])], when={"as_seen": Bans.bans == row.bans})
        tx.commit()
        count("TemplateBanned", template=template_id, code=code)

    decided(attempt)
    setup.forget(mid)


def mended(mid: MerchantId, actor: str, template_id: str) -> Bans:
    """The merchant has mended a template at WeChat: it is used again. Raises `NOT_FOUND` where it was never banned."""

    def attempt() -> Bans:
        row = read_one(Bans, bans_key(mid))
        if row is None:
            raise RippleError(NOT_FOUND)
        kept = [found for found in row.bans if found.template_id != template_id]
        if len(kept) < len(row.bans):
            tx = Transaction()
            tx.update("bans", row, [Bans.bans.set(kept)], when={"as_seen": Bans.bans == row.bans})
            audit.add(tx, mid, actor, "notices.mended", template_id)
            tx.commit()
        row.bans = kept
        return row

    row = decided(attempt)
    setup.forget(mid)
    return row
