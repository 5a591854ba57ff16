"""What a merchant declares before he sells value that is spent later: his filing, and the terms that buyers read.

Nothing may be published that sells such value before it is there (`WALLET_KIND`; rules M1).
"""

from __future__ import annotations

import time
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.core.config import config
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.table import Key, StructAttribute, table
from chalicelib.merchants.items import Setup

UNNAMED_FEN = 100_000
"""The most that a card may hold whose holder nobody has written down: 1,000 yuan (rules M1)."""
NAMED_FEN = 500_000
"""The most that a card of a real name may hold: 5,000 yuan (rules M1)."""

Said = Annotated[str, Meta(min_length=1, max_length=64)]
TermsText = Annotated[str, Meta(min_length=1, max_length=2000, extra_json_schema={"x-multiline": True})]


class WalletTerms(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """How a merchant sells value that is spent later, as he declared it."""

    filing_number: Said
    """备案号: of his filing as an issuer of cards for one purpose."""
    filed_with: Said
    """The authority that has it."""
    named: bool = False
    """Whether he writes down the real name of whoever buys, which raises the cap."""
    terms_zh: TermsText
    """The terms of the card, which a buyer reads before he pays."""
    terms_en: TermsText
    paused: bool = False
    """Nothing is sold while this stands; what was bought stays good, and goes back to whoever may ask for it."""

    @property
    def cap_fen(self) -> int:
        """The most bought value that one wallet may hold when more is bought."""
        return NAMED_FEN if self.named else UNNAMED_FEN


class WalletSetup(Setup):
    """A merchant's declaration; whoever buys names the edition of it that he read."""

    letter = "MER"
    prefix = "WALLET"

    terms = StructAttribute[WalletTerms](WalletTerms)


class Declared(msgspec.Struct, frozen=True):
    """A declaration in force, and which edition of it."""

    terms: WalletTerms
    edition: str


def wallet_key(mid: MerchantId) -> Key:
    """Where a merchant's declaration stands."""
    return table(mid).key("MER", sk="WALLET")


_kept: dict[MerchantId, tuple[float, Declared | None]] = {}


def declared(mid: MerchantId) -> Declared | None:
    """What the merchant has declared, at most `Config.cache_seconds` old; None where he has not."""
    kept = _kept.get(mid)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = read_one(WalletSetup, wallet_key(mid))
    said = Declared(found.terms, found.edition) if found is not None else None
    if config().cache_seconds > 0:
        _kept[mid] = time.monotonic() + config().cache_seconds, said
    return said


def forget(mid: MerchantId) -> None:
    """Read it anew the next time."""
    _kept.pop(mid, None)


def cap_fen(mid: MerchantId) -> int:
    """The most bought value that a wallet of the merchant's may hold when more comes to it."""
    said = declared(mid)
    return said.terms.cap_fen if said is not None else UNNAMED_FEN
