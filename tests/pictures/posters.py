"""Posters for the lint: ten that are good, and for each mistake some that make it and no other."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from chalicelib.core import files
from chalicelib.pictures import composer
from chalicelib.pictures.document import Box, Format, Layout, Mistake, Palette, Part, Poster, Sticker, Words
from chalicelib.pictures.errands import DrawPoster, Sharer
from chalicelib.pictures.page import Page
from tests.pictures import samples
from tests.pictures.painted import BADGE, BUSY, CODED, CODES, PHOTO, PICTURES, SCENE, SMALL, WIDE, file
from tests.pictures.samples import BLUE, GREEN, NIGHT, PINK


def but(words: Words, **fields: Any) -> Words:
    """The words with others among them."""
    return msgspec.structs.replace(words, **fields)


COFFEE = but(samples.COFFEE, endorsement="连续三年入选城市咖啡榜。", note="活动至 12 月 31 日，每人限 3 次。")
SHORT = Words(
    title="周末一起去爬山",
    subtitle="西山日出团",
    benefit="首次参加免费",
    points=["领队全程陪同", "早餐已含"],
    action="扫码报名",
    note="名额 20 人。",
)
ENGLISH = but(
    samples.ENGLISH,
    points=["Yunnan beans, roasted this week", "Good in all 26 shops"],
    endorsement=None,
    note="Until 31 December.",
)
EMOJI = Words(
    title="新米上市🌾拼着买",
    benefit="两人拼团减 20 元",
    points=["五常稻花香，当季新米", "产地直发，七天无理由"],
    action="长按扫码参团👇",
    note="每人限购 3 袋。",
)


class Case(NamedTuple):
    """A poster, its code, and its mistake where it makes one."""

    document: Poster
    code: str = "codes/qr"
    mistake: Mistake | None = None


def poster(words: Words = COFFEE, form: Format = Format.TALL, layout: Layout = Layout.BAND, **fields: Any) -> Poster:
    """A merchant's document."""
    return Poster(name="test", format=form, layout=layout, words=words, **fields)


_PLACES = {
    Part.PICTURE: Box(x=72, y=72, w=936, h=700),
    Part.TITLE: Box(x=72, y=900, w=936, h=190),
    Part.SUBTITLE: Box(x=72, y=1100, w=900, h=66),
    Part.BENEFIT: Box(x=72, y=1190, w=900, h=120),
    Part.POINTS: Box(x=72, y=1330, w=560, h=170),
    Part.CODE: Box(x=680, y=1500, w=320, h=320),
    Part.ACTION: Box(x=72, y=1620, w=540, h=90),
    Part.NOTE: Box(x=72, y=1840, w=900, h=50),
}

GOOD: dict[str, Case] = {
    "tall band": Case(poster()),
    "tall band, dark, with WeChat's code": Case(poster(palette=NIGHT), code="codes/mini"),
    "tall photo": Case(poster(layout=Layout.PHOTO, picture=PHOTO, palette=GREEN)),
    "tall photo of a scene, English": Case(poster(ENGLISH, layout=Layout.PHOTO, background=SCENE, palette=BLUE)),
    "tall card": Case(poster(EMOJI, layout=Layout.CARD, palette=PINK), code="codes/mini"),
    "tall card, nobody's": Case(poster(ENGLISH, layout=Layout.CARD, picture=PHOTO, shows_person=False)),
    "square band": Case(poster(SHORT, Format.SQUARE, palette=BLUE)),
    "square photo": Case(poster(EMOJI, Format.SQUARE, Layout.PHOTO, picture=PHOTO), code="codes/mini"),
    "square card, dark": Case(poster(COFFEE, Format.SQUARE, Layout.CARD, palette=NIGHT)),
    "a sticker, and its own places": Case(
        poster(
            SHORT,
            layout=Layout.PHOTO,
            picture=PHOTO,
            shows_person=False,
            stickers=[Sticker(box=Box(x=720, y=140, w=240, h=120), text="新团")],
            places=_PLACES,
        )
    ),
}

_STICKERS = [Sticker(box=Box(x=60 + 250 * n, y=60, w=200, h=110), text="热卖") for n in range(4)]


def _bad(mistake: Mistake, document: Poster, code: str = "codes/qr") -> Case:
    return Case(document, code, mistake)


BAD: dict[str, Case] = {
    "the title is small": _bad(Mistake.PROPORTIONS, poster(SHORT, places={Part.TITLE: Box(x=72, y=80, w=900, h=64)})),
    "a strip of a picture": _bad(Mistake.PROPORTIONS, poster(SHORT, layout=Layout.PHOTO, picture=WIDE)),
    "too near the edge": _bad(
        Mistake.PROPORTIONS, poster(SHORT, layout=Layout.PHOTO, places={Part.NOTE: Box(x=10, y=1840, w=700, h=60)})
    ),
    "a stretched sticker": _bad(
        Mistake.PROPORTIONS,
        poster(
            SHORT,
            picture=PHOTO,
            layout=Layout.PHOTO,
            stickers=[Sticker(box=Box(x=60, y=60, w=300, h=200), picture=BADGE)],
        ),
    ),
    "a busy picture everywhere": _bad(
        Mistake.CLUTTER, poster(SHORT, layout=Layout.PHOTO, picture=BUSY, background=BUSY)
    ),
    "four stickers": _bad(Mistake.CLUTTER, poster(SHORT, layout=Layout.PHOTO, picture=PHOTO, stickers=_STICKERS)),
    "a sticker over the title": _bad(
        Mistake.CLUTTER, poster(SHORT, stickers=[Sticker(box=Box(x=120, y=150, w=300, h=200), text="新")])
    ),
    "pale on pale": _bad(
        Mistake.CONTRAST, poster(SHORT, palette=Palette(accent="#f3c9b5", accent_ink="#ffffff", ink="#5c3a22"))
    ),
    "a pale sticker": _bad(
        Mistake.CONTRAST,
        poster(
            SHORT,
            layout=Layout.PHOTO,
            picture=PHOTO,
            stickers=[Sticker(box=Box(x=700, y=80, w=300, h=90), text="今天开团", colour="#f2b84b", ink="#ffffff")],
        ),
    ),
    "a sticker over the code": _bad(
        Mistake.CODE,
        poster(
            SHORT,
            places={Part.CODE: Box(x=680, y=1400, w=320, h=320), Part.ACTION: Box(x=72, y=1500, w=540, h=90)},
            stickers=[Sticker(box=Box(x=800, y=1520, w=80, h=80), text="抢")],
        ),
    ),
    "a small code": _bad(
        Mistake.CODE,
        poster(
            SHORT, places={Part.CODE: Box(x=800, y=1450, w=180, h=180), Part.ACTION: Box(x=200, y=1500, w=540, h=90)}
        ),
    ),
    "a stretched code": _bad(
        Mistake.CODE,
        poster(
            SHORT, places={Part.CODE: Box(x=600, y=1450, w=400, h=300), Part.ACTION: Box(x=72, y=1500, w=480, h=90)}
        ),
        "codes/mini",
    ),
    "a code without its margin": _bad(
        Mistake.CODE,
        poster(
            SHORT,
            shows_person=False,
            palette=NIGHT,
            places={Part.CODE: Box(x=680, y=1450, w=320, h=320), Part.ACTION: Box(x=72, y=1560, w=540, h=90)},
        ),
        "codes/bare",
    ),
    "another code in the picture": _bad(Mistake.CODE, poster(SHORT, layout=Layout.PHOTO, picture=CODED)),
    "a pale code of WeChat's": _bad(Mistake.CODE, poster(SHORT), "codes/pale"),
    "five points": _bad(
        Mistake.TOO_MUCH_TEXT,
        poster(but(SHORT, points=["领队全程陪同", "早餐已含", "装备可租", "天天发团", "风雨无阻"])),
    ),
    "an essay": _bad(Mistake.TOO_MUCH_TEXT, poster(but(COFFEE, note="活动至十二月三十一日，每人限参与三次。" * 5))),
    "many lines": _bad(
        Mistake.TOO_MUCH_TEXT,
        poster(
            but(
                SHORT,
                points=["领队\n全程\n陪同", "早餐\n午餐\n已含", "装备\n可租\n可买", "周末\n天天\n发团"],
                note="名额\n二十\n人",
            )
        ),
    ),
    "three marks": _bad(Mistake.EXAGGERATED, poster(but(SHORT, title="周末一起去爬山！！！"))),
    "a sentence in capitals": _bad(Mistake.EXAGGERATED, poster(but(ENGLISH, action="SCAN NOW AND JOIN ME"))),
    "fires": _bad(Mistake.EXAGGERATED, poster(but(SHORT, points=["🔥领队全程陪同", "🔥早餐已含💣"]))),
    "a picture of few pixels": _bad(Mistake.RESOLUTION, poster(SHORT, layout=Layout.PHOTO, picture=SMALL)),
    "a code of few pixels": _bad(Mistake.RESOLUTION, poster(SHORT), "codes/tiny"),
    "no action": _bad(Mistake.NO_ACTION, poster(but(SHORT, action=None))),
    "an action far from the code": _bad(
        Mistake.NO_ACTION,
        poster(SHORT, layout=Layout.PHOTO, picture=PHOTO, places={Part.ACTION: Box(x=72, y=80, w=600, h=80)}),
    ),
    "no benefit": _bad(Mistake.NO_BENEFIT, poster(but(SHORT, benefit=None))),
    "a benefit that names nothing": _bad(Mistake.NO_BENEFIT, poster(but(SHORT, benefit="精彩等你来"))),
    "a small note": _bad(Mistake.UNREADABLE, poster(SHORT, places={Part.NOTE: Box(x=72, y=1850, w=400, h=30)})),
    "a text that is cut off": _bad(
        Mistake.UNREADABLE,
        poster(
            but(SHORT, note="名额二十人，报满即止，请自备饮水和防晒用品，风雨无阻，准时出发，谢谢配合。"),
            places={Part.NOTE: Box(x=72, y=1800, w=300, h=18)},
        ),
    ),
    "a text that leaves the page": _bad(
        Mistake.UNREADABLE, poster(SHORT, places={Part.NOTE: Box(x=960, y=1840, w=400, h=60)})
    ),
}


def composed(case: Case, nickname: str = "安妮") -> Page:
    """The case's poster as it is composed; its files are in the bucket (`lay`)."""
    pictures = {name: f"sent/{name}" for name in PICTURES}
    sharer = Sharer(nickname=nickname)
    return composer.page(DrawPoster(document=case.document, pictures=pictures, person=sharer, code=case.code, into="x"))


def lay() -> None:
    """Put the pictures and codes into the bucket."""
    for name in PICTURES:
        files.keep(f"sent/{name}", file(f"sent/{name}"), "image/png")
    for name in CODES:
        files.keep(name, file(name), "image/png")
