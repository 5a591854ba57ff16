"""The document of a shared word (口令): one word, said to everybody, that brings each who types it the same.

There are so many of it, and nobody learns the word from the campaign: its merchant says it where he likes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns import spelling
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import SharedGift
from chalicelib.campaigns.kinds.brings import (
    BringsCoupon,
    BringsGift,
    Brought,
    Redeemable,
    budget_fits,
    coupon_fits,
    shown,
)
from chalicelib.campaigns.offer import Escrow

WORD = "~word"
"""The escrow of a word: one unit a redemption."""

MOST_EACH = 10
"""Redemptions of one user: they are all read before each."""

LINK = re.compile(r"://|www\.|[a-z0-9]\.[a-z]{2}")
PHONE = re.compile("[0-9]{7}")
"""So many digits in a row are a number to call or to add, and no word."""

Each = Annotated[int, Meta(ge=1, le=MOST_EACH)]


class BringsSharedGift(BringsGift, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="gift"):
    """So much balance, points, or a coupon of just the amount: what everybody may have is never cash."""

    gift: SharedGift


class WordOffer(Redeemable, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="word"):
    """A whole campaign of one word."""

    word: Annotated[str, Meta(min_length=2, max_length=20)]
    """As its merchant writes it. Width, case, spaces and signs make no other word of it."""
    brings: BringsSharedGift | BringsCoupon
    total: Annotated[int, Meta(ge=1, le=1_000_000)]
    """How often it may be redeemed, by all together."""
    per_user: Each = 1
    """How often one user may redeem it."""
    per_user_a_day: Each | None = None
    """How often on one of the merchant's days; no bound of its own where absent."""

    @property
    def spelled(self) -> Sequence[str]:
        return (spelling.normal(self.word),)

    @property
    def escrows(self) -> Sequence[Escrow]:
        return (Escrow(WORD, self.total, 1),)

    def terms(self) -> WordTerms:
        """What users read of it."""
        return WordTerms(
            brings=shown(self.brings),
            total=self.total,
            per_user=self.per_user,
            per_user_a_day=self.per_user_a_day,
            who_may_redeem=self.who_may_redeem,
            new_user=self.only_new,
        )


class WordTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="word"):
    """The terms of a word as users read them: everything but the word itself."""

    brings: Brought
    total: int
    per_user: int
    per_user_a_day: int | None
    who_may_redeem: str
    new_user: NewUser | None


@check("WORD_FITS", WordOffer)
def word_fits(offer: WordOffer, now: datetime) -> Iterator[Finding]:
    """The word can be typed and is no code, link or number; what it brings is there for each, and limits fit."""
    if (wrong := unfit(offer.word)) is not None:
        yield Finding("WORD_FITS", "/word", *wrong)
    yield from budget_fits("WORD_FITS", offer)
    if isinstance(offer.brings, BringsCoupon):
        yield from coupon_fits("WORD_FITS", offer.brings, offer.ends_at)
    if offer.per_user > offer.total:
        zh, en = "每人限领数大于总量", "One user may redeem it more often than all together."
        yield Finding("WORD_FITS", "/per_user", zh, en)
    if offer.per_user_a_day is not None and offer.per_user_a_day > offer.per_user:
        zh, en = "每人每日限领数大于每人限领数", "One user may redeem it more often on a day than altogether."
        yield Finding("WORD_FITS", "/per_user_a_day", zh, en)


def unfit(text: str) -> tuple[str, str] | None:
    """Why a text is no word, in both languages; None where it is one."""
    word = spelling.normal(text)
    if not spelling.FEWEST <= len(word) <= spelling.MOST:
        zh = f"口令须有 {spelling.FEWEST} 至 {spelling.MOST} 个文字或数字，空格和符号不计"
        en = f"A word has {spelling.FEWEST} to {spelling.MOST} letters and digits; spaces and signs do not count."
        return zh, en
    if LINK.search(unicodedata.normalize("NFKC", text).casefold()):
        return "口令不能是网址或链接", "A word is no address of a page."
    if PHONE.search(word):
        return "口令不能含有电话号码或账号", "A word holds no number to call or to add."
    if spelling.reads_as_code(word):
        zh = "这样的字母和数字会被当作兑换码，请只用字母或换个长度，或加入汉字"
        en = "Latin letters and digits of this length are read as a text code: leave out one sort, or add others."
        return zh, en
    return None
