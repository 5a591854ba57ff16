"""A merchant declares how he sells value that is spent later; the log tells what changed, terms and all."""

from __future__ import annotations

from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.merchants.editions import replace
from chalicelib.merchants.problems import WALLET_TERMS_CHANGED
from chalicelib.merchants.wallet import WalletSetup, WalletTerms, forget, wallet_key
from chalicelib.merchants.wallet_words import void_terms


def say(mid: MerchantId, actor: str, edition: str | None, terms: WalletTerms) -> WalletSetup:
    """Replace the declaration that was read as ``edition``, None where there was none; again is the same.

    Raises `WALLET_TERMS_CHANGED`, and `INVALID_FIELD` for a text that says nothing or what the law makes void.
    """
    _insist_said(terms)
    setup = replace(WalletSetup, wallet_key(mid), actor, edition, terms, changed=WALLET_TERMS_CHANGED)
    forget(mid)
    return setup


def _insist_said(terms: WalletTerms) -> None:
    """Each text says something, and no term is one that the law makes void (rules M3)."""
    for name in ("filing_number", "filed_with", "terms_zh", "terms_en"):
        if not any(sign.isalnum() for sign in getattr(terms, name)):
            raise _wrong(name, "不能为空白", "it is blank")
    for name in ("terms_zh", "terms_en"):
        if (void := void_terms(getattr(terms, name))) is not None:
            zh = f"“{void}”属于法律规定无效的条款（不退、不换、不得转让、过期作废等），请删除"
            en = f"the law makes such terms void (no refund, no replacement, no transfer): take out “{void}”"
            raise _wrong(name, zh, en)


def _wrong(name: str, zh: str, en: str) -> RippleError:
    return RippleError(INVALID_FIELD, f"/terms/{name}", reason=(zh, en))
