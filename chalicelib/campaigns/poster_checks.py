"""The check of a campaign's posters, and what of a poster's words is wrong wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from chalicelib.campaigns import copy_lint, gate, words, words_of_sharing
from chalicelib.campaigns.copy_lint import matches
from chalicelib.campaigns.gate import Finding, Shop, shop_check
from chalicelib.campaigns.offer import Offer

if TYPE_CHECKING:
    from chalicelib.pictures.document import Fault, Poster

NAME = "POSTER_LINT"

EVERYWHERE = (
    words.LURE,
    words.PRESSING,
    words.CERTAIN,
    words.SUPERLATIVE,
    words.INVENTED,
    words.LEVELS,
    words_of_sharing.FORCED_SHARE,
    words_of_sharing.REWARDED_SHARE,
)
"""What no poster may say, whatever it is for: a poster is sent on where nobody reads the rules."""


@shop_check(NAME, Offer)
def poster_lint(offer: Offer, now: datetime, shop: Shop) -> Iterator[Finding]:
    """Its posters are released, one of a format, and say nothing that its own texts may not say."""
    formats = set[str]()
    for n, ident in enumerate(offer.posters):
        pointer, poster = f"/posters/{n}", shop.posters.get(ident)
        if poster is None:
            zh, en = (
                "该海报不存在或尚未发布：请先发布海报",
                "No such poster is released: release it first.",
            )
            yield Finding(NAME, pointer, zh, en)
            continue
        if poster.format in formats:
            zh, en = "每种尺寸只能有一张海报", "A campaign has one poster of a format."
            yield Finding(NAME, pointer, zh, en)
        formats.add(poster.format)
        yield from _said(offer, now, shop, pointer, poster)


def unfit(offer: Offer, now: datetime, poster: Poster) -> list[str]:
    """What a poster says that no poster may, by today's words, or that this campaign's own texts may not.

    A poster is released as often as its merchant likes, also after the campaign's publication.
    """
    said = [found.zh for found in _said(offer, now, gate.UNKNOWN, "", poster)]
    return [fault.zh for fault in exaggerated(poster)] + said


def _said(offer: Offer, now: datetime, shop: Shop, pointer: str, poster: Poster) -> Iterator[Finding]:
    """What the campaign's checks find in a poster's texts, each read as if it were the campaign's description."""
    plain = msgspec.structs.replace(offer, description="", posters=[])
    known = {(found.check, found.word) for found in gate.findings(plain, now, shop)}
    for text in [*texts(poster).values(), *neighbours(poster)]:
        spoken = msgspec.structs.replace(plain, description=text)
        for found in gate.findings(spoken, now, shop):
            if found.pointer == "/description" and (found.check, found.word) not in known:
                known.add((found.check, found.word))
                yield Finding(NAME, pointer, f"海报文案：{found.zh}", f"On the poster: {found.en}", found.word)


def texts(poster: Poster) -> dict[str, str]:
    """Every text of a poster that people read, by the pointer to its field."""
    found = {f"/words{pointer}": text for pointer, text in copy_lint.texts_of(poster.words).items()}
    stickers = {f"/stickers/{n}/text": sticker.text for n, sticker in enumerate(poster.stickers) if sticker.text}
    return found | stickers


def neighbours(poster: Poster) -> list[str]:
    """Every two texts that stand one below the other, as one: what is forbidden in a line is so in two."""
    return [f"{one} {other}" for one, other in pairwise(texts(poster).values())]


def exaggerated(poster: Poster) -> list[Fault]:
    """The words of a poster that nobody may say: lures, pressure, sure wins, superlatives, gains for a share."""
    # Imported late: only a poster's own acts judge one, and every cold start reads this module.
    from chalicelib.pictures.document import Fault, Mistake, Part

    found = list[Fault]()
    for pointer, text in texts(poster).items():
        part = Part(pointer.split("/")[2]) if pointer.startswith("/words/") else Part.STICKERS
        for match in matches(text, EVERYWHERE):
            zh, en = f"{match.category.zh}：{match.word}", f"{match.category.en} ({match.word})."
            found.append(Fault(Mistake.EXAGGERATED, zh, en, part=part, pointer=pointer))
    known = {fault.zh for fault in found}
    for match in (match for both in neighbours(poster) for match in matches(both, EVERYWHERE)):
        zh, en = f"{match.category.zh}：{match.word}", f"{match.category.en} ({match.word})."
        if zh not in known:
            known.add(zh)
            found.append(Fault(Mistake.EXAGGERATED, zh, en))
    return found
