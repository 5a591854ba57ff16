"""What a merchant tells users is changed as a whole; the log tells what changed."""

from __future__ import annotations

from chalicelib.core.ids import MerchantId
from chalicelib.merchants.editions import replace
from chalicelib.notices import setup
from chalicelib.notices.items import NoticeSetup, setup_key
from chalicelib.notices.problems import NOTICES_CHANGED
from chalicelib.notices.templates import NoticeTerms, insist_fit


def say(mid: MerchantId, actor: str, edition: str | None, terms: NoticeTerms) -> NoticeSetup:
    """Replace the templates that were read as ``edition``, None where there were none; again is the same.

    Raises `NOTICES_CHANGED`, and `INVALID_FIELD` for a field that WeChat would not take.
    """
    insist_fit(terms.templates)
    said = replace(NoticeSetup, setup_key(mid), actor, edition, terms, changed=NOTICES_CHANGED)
    setup.forget(mid)
    return said
