"""What a poster says: too much, too loud, without a benefit or an action."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.pictures.document import Fault, Format, Mistake, Part, Poster
from chalicelib.pictures.found import apart, at, first, of_page, of_part
from chalicelib.pictures.page import Page
from chalicelib.pictures.wording import text as text_of

MOST_LETTERS = {Format.TALL: 140, Format.SQUARE: 120}
"""What is read in less than half a minute, at 300 to 400 Han letters a minute; a square one has less room."""
WORD_WEIGHS = 2
"""Han letters that a Latin word or a number counts for."""
MOST_LINES = {Format.TALL: 16, Format.SQUARE: 14}
"""Of text in all: beside the code there is room for no more at sizes that can be told apart."""
MOST_POINTS = 4
"""Selling points: what is kept in mind at once (Cowan, 2001)."""

MOST_MARKS = 2
"""Exclamation marks in a row, of any width."""
LEAST_CAPITALS = 12
"""Letters of a sentence without a small one that is shouted: brands, sizes and headings of two words are shorter."""
MOST_FIRES = 2
"""Fires, bombs and alarms on one poster."""

MOST_AWAY = 540
"""Pixels between action and code: half of the width, so that one stands beside the other and nowhere else."""

_HAN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{_HAN}]")
"""A letter that is read by itself: Han, kana, hangul."""
WORD = re.compile(rf"[^\W_{_HAN}]+")
"""A Latin word or a number."""
SENTENCE_END = re.compile(r"[.!?。！？…\n]")
FIRES = re.compile("[🔥💣💥🧨🚨]")
BENEFITS = re.compile(
    r"[0-9０-９]|[一二两三四五六七八九十百千][元折张份件天次杯盒]|[免送省减赠礼惠券返折领]|红包|半价|特价|包邮|积分|试用|试吃|"
    r"\b(?:free|save[sd]?|savings?|gifts?|off|discounts?|coupons?|vouchers?|bonus|half|rewards?|extra|trial)\b",
    re.IGNORECASE,
)
"""A number, or a word for something that one gets or need not pay."""


def said(document: Poster) -> Iterator[tuple[str, str]]:
    """Every text of a poster by its pointer."""
    words = document.words
    for name in ("title", "subtitle", "benefit", "endorsement", "action", "note"):
        if (text := getattr(words, name)) is not None:
            yield f"/words/{name}", text
    for n, text in enumerate(words.points):
        yield f"/words/points/{n}", text
    for n, sticker in enumerate(document.stickers):
        if sticker.text is not None:
            yield f"/stickers/{n}/text", sticker.text


def weighed(text: str) -> int:
    """How much there is to read, in Han letters.

    >>> weighed("买一杯 Latte 送 1 杯！")
    9
    """
    return len(HAN.findall(text)) + WORD_WEIGHS * len(WORD.findall(text))


def too_much(page: Page) -> Iterator[Fault]:
    """Too many letters, lines or points for a glance."""
    document = page.document
    letters = sum(weighed(text) for _, text in said(document))
    if letters > (limit := MOST_LETTERS[document.format]):
        zh = f"文字太多，请删到 {limit} 字以内（一个英文单词算两字）。"
        en = f"There is too much text; cut it to {limit} Chinese letters, or half as many words."
        yield of_page("/words", Mistake.TOO_MUCH_TEXT, zh, en, letters=letters, limit=limit)
    lines = sum(len(piece.laid.lines) for piece in page.pieces if piece.laid and piece.part is not Part.PERSON)
    if lines > (limit := MOST_LINES[document.format]):
        zh, en = f"行数太多，请删到 {limit} 行以内。", f"There are too many lines; cut them to {limit}."
        yield of_page("/words", Mistake.TOO_MUCH_TEXT, zh, en, lines=lines, limit=limit)
    if (points := len(document.words.points)) > MOST_POINTS:
        zh, en = (
            f"卖点太多，请只留最要紧的 {MOST_POINTS} 条。",
            f"There are too many points; keep the best {MOST_POINTS}.",
        )
        part, pointer = Part.POINTS, "/words/points"
        yield of_part(page, part, pointer, Mistake.TOO_MUCH_TEXT, zh, en, points=points, limit=MOST_POINTS)


def exaggerated(page: Page) -> Iterator[Fault]:
    """What shouts: rows of exclamation marks, sentences in capitals, fires; forbidden words are judged elsewhere."""
    texts = list(said(page.document))
    for pointer, text in texts:
        if (marks := marks_in_a_row(text)) > MOST_MARKS:
            zh, en = "感叹号太多，请改成一个。", "There are too many exclamation marks; one is enough."
            yield _told(page, pointer, zh, en, marks=marks, limit=MOST_MARKS)
        if (capitals := most_capitals(text)) >= LEAST_CAPITALS:
            zh, en = "整句大写像在喊叫，请改成小写。", "A sentence in capitals shouts; write it in small letters."
            yield _told(page, pointer, zh, en, capitals=capitals, limit=LEAST_CAPITALS - 1)
    if (fires := sum(len(FIRES.findall(text)) for _, text in texts)) > MOST_FIRES:
        pointer = next(pointer for pointer, text in texts if FIRES.search(text))
        zh, en = "火焰、炸弹一类的表情太多，请删掉。", "There are too many fires, bombs or alarms; take them out."
        yield _told(page, pointer, zh, en, fires=fires, limit=MOST_FIRES)


def no_action(page: Page) -> Iterator[Fault]:
    """Nothing says what to do, or it says so far from the code."""
    action, code = first(page, Part.ACTION), first(page, Part.CODE)
    if action is None or text_of(page.document, Part.ACTION) is None:
        zh, en = "没有行动引导，请写明扫码做什么。", "Nothing says what to do; write what scanning is for."
        yield of_part(page, Part.ACTION, "/words/action", Mistake.NO_ACTION, zh, en)
    elif code is not None and (away := apart(action.box, code.box)) > MOST_AWAY:
        zh, en = "行动引导离码太远，请放到码旁边。", "What to do stands far from the code; put it beside it."
        yield at(page, action, Mistake.NO_ACTION, zh, en, away=away, limit=MOST_AWAY)


def no_benefit(page: Page) -> Iterator[Fault]:
    """Nothing says what one gets, or it names nothing."""
    benefit = text_of(page.document, Part.BENEFIT)
    if benefit is None:
        zh, en = "没有利益点，请写明扫码能得到什么。", "Nothing says what one gets; write the benefit."
        yield of_part(page, Part.BENEFIT, "/words/benefit", Mistake.NO_BENEFIT, zh, en)
    elif BENEFITS.search(benefit) is None:
        zh = "利益点没有说出得到什么，请写出数额，或“免、送、省、减”的内容。"
        en = "The benefit names nothing; write an amount, or what is free, given or saved."
        yield of_part(page, Part.BENEFIT, "/words/benefit", Mistake.NO_BENEFIT, zh, en)


def marks_in_a_row(text: str) -> int:
    """The most exclamation marks that follow one another, blanks between them or not; ‼ is two."""
    rows = re.findall(r"[!！‼❗❕](?:[\s\ufe0f]*[!！‼❗❕])*", text)
    return max((sum(2 if mark == "‼" else mark in "!！❗❕" for mark in row) for row in rows), default=0)


def most_capitals(text: str) -> int:
    """The letters of the longest sentence of several words that has capitals alone."""
    sentences = [re.findall(r"[A-Za-z]+", sentence) for sentence in SENTENCE_END.split(text)]
    loud = [sum(map(len, words)) for words in sentences if len(words) > 1 and all(word.isupper() for word in words)]
    return max(loud, default=0)


def _told(page: Page, pointer: str, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of the text at the pointer, at the piece that shows it."""
    shown = [piece for piece in page.pieces if piece.pointer and pointer.startswith(piece.pointer)]
    if shown:
        return at(page, shown[0]._replace(pointer=pointer), Mistake.EXAGGERATED, zh, en, **measured)
    return of_page(pointer, Mistake.EXAGGERATED, zh, en, **measured)
