"""Posters as merchants and people have them: the cases of the tests, and the sheet of them all in the documents.

`python -m tests.pictures.samples` writes docs/pictures/samples.jpg.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import qrcode
from PIL import Image, ImageDraw, ImageFilter

from chalicelib.core import files
from chalicelib.pictures import composer, faces, typeset
from chalicelib.pictures.document import Format, Layout, Palette, Poster, Words
from chalicelib.pictures.errands import DrawPoster, Sharer
from chalicelib.pictures.page import Page
from infra.local.wechat_sim import roundcode
from tests.emulator import Emulator

SHEET = Path(__file__).absolute().parents[2] / "docs" / "pictures" / "samples.jpg"

LINK = "https://go.example.com/s/8ZK4M2PQ7R?c=YX3N"
"""What the samples' QR code says."""

SCENE_MARK = "8ZK4M2PQ"
"""What their round code says."""

AVATAR = "https://thirdwx.qlogo.cn/mmopen/vi_32/sample/132"
PHOTO = "01JC0FFEE0000000000000SAMP"
SCENE = "01JSCENE00000000000000SAMP"
RIDGE = "01JR1DGE00000000000000SAMP"

WARM = Palette()
GREEN = Palette(background="#f4f8f1", ink="#16291d", accent="#1f6f4a", accent_ink="#ffffff")
NIGHT = Palette(background="#14182b", ink="#eef0fa", accent="#f2b84b", accent_ink="#231603")
BLUE = Palette(background="#f3f7fd", ink="#132238", accent="#2456c9", accent_ink="#ffffff")
PINK = Palette(background="#fff5f6", ink="#3a1420", accent="#c2185b", accent_ink="#ffffff")

COFFEE = Words(
    title="带上好友，第二杯半价",
    subtitle="满山咖啡 · 秋季新品拼着喝",
    benefit="扫码立减 18 元",
    points=["云南小粒咖啡豆，当日现磨", "两人成团，三十分钟内有效", "全市 26 家门店通用"],
    endorsement="连续三年入选城市咖啡榜，十万街坊的早晨。",
    action="长按识别，和我一起拼",
    note="活动至 12 月 31 日，每人限参与 3 次，规则见活动页。",
)
ENGLISH = Words(
    title="Bring a friend, second cup half price",
    subtitle="Full Hill Coffee, autumn blend",
    benefit="Save ¥18 when you scan",
    points=["Yunnan beans, roasted this week", "Two people make a group", "Good in all 26 shops"],
    endorsement="In the city's top ten three years running.",
    action="Press and hold to join me",
    note="Until 31 December. Three times a person.",
)
LONG_TITLE = Words(
    title="双十一年终回馈：全场家居用品满三百减五十，老朋友带新朋友再各得一份暖冬礼盒（含运费）",
    subtitle="只在本周末，线上线下同价",
    benefit="新朋友首单立减 50 元",
    points=["满 300 减 50，可与会员折扣同享", "礼盒随订单一起寄出"],
    action="扫码看看有什么",
    note="礼盒共 2000 份，送完为止。",
)
ONLY_TITLE = Words(title="周末一起去爬山")
LONGEST = Words(
    title=("深秋感恩回馈季全场商品满减叠加会员折扣新老朋友同享好礼限时开启先到先得送完为止欢迎扫码了解详情" * 2)[:60],
    subtitle=("精选来自二十六个产地的当季好物由专业买手逐一试用后推荐给每一位热爱生活的你和你的家人朋友" * 2)[:80],
    benefit=("扫码即可领取价值一百八十八元新人礼包一份另享首单包邮与七天无理由退换服务保障" * 2)[:40],
    points=[
        ("全程冷链配送坏果包赔下单后四十八小时内发货支持七天无理由退换并赠送运费险让每一次购买都安心放心省心" * 2)[:60]
    ]
    * 8,
    endorsement=("十万家庭的共同选择连续五年复购率行业领先权威机构检测合格每一批次都可以扫码追溯源头放心购买" * 2)[:80],
    action=("长按识别二维码进入小程序和我一起拼单享受优惠价格数量有限先到先得不要错过" * 2)[:40],
    note=("活动时间自十一月一日起至十二月三十一日止每人限参与三次奖品数量有限送完即止具体规则以活动页面公示为准" * 3)[
        :120
    ],
)

SHORT_NAME, LONG_NAME, EMOJI_NAME = "安妮", "西门吹雪与叶孤城的小猫咪", "🐳小鲸鱼🌊"


class Case(NamedTuple):
    """One poster of the sheet, in all layouts and formats."""

    words: Words
    person: Sharer
    palette: Palette = WARM
    picture: str | None = None
    background: str | None = None
    code: str = "codes/sample"


ROUND = "codes/round-sample"
"""The simulator's, in the manner of WeChat's."""

CASES = {
    "short": Case(COFFEE, Sharer(nickname=SHORT_NAME, avatar_url=AVATAR), WARM, PHOTO),
    "long_name": Case(COFFEE, Sharer(nickname=LONG_NAME, avatar_url=AVATAR), GREEN, code=ROUND),
    "emoji": Case(COFFEE, Sharer(nickname=EMOJI_NAME, avatar_url=None), PINK, None, SCENE),
    "no_portrait": Case(COFFEE, Sharer(nickname="Lina"), NIGHT, PHOTO),
    "long_title": Case(LONG_TITLE, Sharer(nickname=SHORT_NAME, avatar_url=AVATAR), BLUE, RIDGE),
    "english": Case(ENGLISH, Sharer(nickname="Maximilian W", avatar_url=AVATAR), GREEN, PHOTO),
    "only_title": Case(ONLY_TITLE, Sharer()),
    "longest": Case(LONGEST, Sharer(nickname=LONG_NAME * 2, avatar_url=AVATAR), BLUE, PHOTO, SCENE),
}


def document(case: Case, form: Format, layout: Layout) -> Poster:
    """The case's poster in one form."""
    return Poster(
        name="sample",
        format=form,
        layout=layout,
        words=case.words,
        palette=case.palette,
        picture=case.picture,
        background=case.background,
    )


def errand(case: Case, form: Format, layout: Layout) -> DrawPoster:
    """What is asked for it."""
    return DrawPoster(
        document=document(case, form, layout),
        pictures={PHOTO: "sent/photo", SCENE: "sent/scene", RIDGE: "sent/ridge"},
        person=case.person,
        code=case.code,
        into="made/sample",
    )


def lay(emulator: Emulator) -> None:
    """Put the samples' pictures and code into the bucket."""
    for name, content in _painted().items():
        files.keep(name, content, "image/png" if name.startswith("codes/") else "image/jpeg")
    emulator.calls.clear()


@cache
def _painted() -> dict[str, bytes]:
    """Them by their names, painted once in this process."""
    return {
        "sent/photo": jpeg(cup()),
        "sent/scene": jpeg(hills()),
        "sent/ridge": jpeg(hills().crop((0, 420, 1400, 1300))),
        "codes/sample": png(code(LINK)),
        ROUND: png(roundcode.drawn(SCENE_MARK, 430)),
    }


def composed(case: Case, form: Format, layout: Layout) -> Page:
    """The case's poster; the portrait comes from here."""
    with mock.patch.object(faces, "fetched", return_value=png(face())):
        return composer.page(errand(case, form, layout))


def code(text: str) -> Image.Image:
    """A QR code."""
    made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, box_size=8)
    made.add_data(text)
    rows = made.get_matrix()
    image = Image.new("L", (len(rows), len(rows)))
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    return image.resize((len(rows) * 8, len(rows) * 8), Image.Resampling.NEAREST)


def png(image: Image.Image) -> bytes:
    """A file of it."""
    into = io.BytesIO()
    image.save(into, "PNG")
    return into.getvalue()


def jpeg(image: Image.Image) -> bytes:
    """A file of it."""
    into = io.BytesIO()
    image.save(into, "JPEG", quality=88)
    return into.getvalue()


def cup() -> Image.Image:
    """A cup of coffee on a table, as a photo would be."""
    image = Image.linear_gradient("L").resize((1600, 1200))
    image = Image.composite(Image.new("RGB", image.size, "#b9824f"), Image.new("RGB", image.size, "#f0dcc2"), image)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 780, 1600, 1200), "#8a5a35")
    for y in range(800, 1200, 46):
        draw.line((0, y, 1600, y + 10), "#7d5030", 5)
    blot = Image.new("L", image.size)
    ImageDraw.Draw(blot).ellipse((420, 900, 1240, 1060), 150)
    image.paste((40, 22, 12), mask=blot.filter(ImageFilter.GaussianBlur(28)))
    draw.ellipse((420, 860, 1180, 1010), "#f7f1e8")
    draw.ellipse((500, 885, 1100, 975), "#e6dccb")
    draw.ellipse((980, 560, 1220, 800), "#fbf7f0")
    draw.ellipse((1030, 610, 1170, 750), "#c99763")
    draw.polygon([(520, 480), (1080, 480), (985, 900), (615, 900)], "#fbf7f0")
    draw.ellipse((615, 860, 985, 940), "#fbf7f0")
    draw.ellipse((520, 420, 1080, 540), "#efe6d8")
    draw.ellipse((548, 434, 1052, 528), "#5b3218")
    draw.ellipse((650, 452, 950, 512), "#c58f58")
    draw.ellipse((720, 464, 880, 500), "#f0d5ae")
    steam = Image.new("L", image.size)
    pen = ImageDraw.Draw(steam)
    for x in (680, 800, 920):
        pen.line([(x, 400), (x + 40, 320), (x - 20, 240), (x + 30, 140)], 120, 30, joint="curve")
    image.paste((255, 255, 255), mask=steam.filter(ImageFilter.GaussianBlur(16)))
    return image.filter(ImageFilter.GaussianBlur(1.5))


def hills() -> Image.Image:
    """Hills in the evening."""
    image = Image.linear_gradient("L").resize((1400, 1900))
    image = Image.composite(Image.new("RGB", image.size, "#f9c58d"), Image.new("RGB", image.size, "#3d5a9e"), image)
    draw = ImageDraw.Draw(image)
    draw.ellipse((880, 420, 1120, 660), "#ffe9bd")
    for number, shade in enumerate(("#8a7fb0", "#6b6aa3", "#454f86", "#28335f")):
        base = 760 + number * 260
        ridge = [
            (x, base + ((x * (number + 3) // 7) % 331 - 160) * (1 if x % 2 else -1) // 2) for x in range(0, 1401, 175)
        ]
        draw.polygon([(0, 1900), *ridge, (1400, 1900)], shade)
    return image.filter(ImageFilter.GaussianBlur(3))


def face() -> Image.Image:
    """A portrait."""
    image = Image.new("RGB", (264, 264), "#9fd0d8")
    draw = ImageDraw.Draw(image)
    draw.ellipse((62, 40, 202, 200), "#4a2f22")
    draw.ellipse((30, 190, 234, 360), "#e06a4c")
    draw.ellipse((82, 66, 182, 190), "#f4cfae")
    draw.polygon([(82, 112), (182, 96), (176, 66), (92, 60)], "#4a2f22")
    draw.ellipse((106, 122, 116, 134), "#2b1d14")
    draw.ellipse((148, 122, 158, 134), "#2b1d14")
    draw.arc((112, 136, 152, 168), 20, 160, "#a8402f", 5)
    return image


def drawn(name: str, form: Format, layout: Layout) -> Image.Image:
    """A case's picture."""
    return composed(CASES[name], form, layout).image


def sheet(picture: Callable[[str, Format, Layout], Image.Image] = drawn) -> Image.Image:
    """Every case on one picture: a row each, tall ones and square ones."""
    wide, gap, top = 180, 14, 34
    tall = wide * 16 // 9
    column = len(Layout) * (2 * wide + 2 * gap) + 40
    paper = Image.new("RGB", (column, len(CASES) * (tall + gap + top) + gap), "#e9e9ec")
    y = gap
    for name in CASES:
        laid = typeset.one_line(name.replace("_", " "), 22, 600, bold=True)
        typeset.draw(paper, laid, 20, y, "#333333")
        x = 20
        for form in Format:
            for layout in Layout:
                image = picture(name, form, layout)
                small = image.resize((wide, round(wide * image.height / image.width)), Image.Resampling.LANCZOS)
                paper.paste(small, (x, y + top))
                x += wide + gap
        y += tall + gap + top
    return paper


def main() -> None:
    """Write the sheet."""
    from tests.conftest import EMULATOR
    from tests.pictures import type as letters

    EMULATOR.fresh()
    letters.lay(EMULATOR)
    lay(EMULATOR)
    SHEET.parent.mkdir(exist_ok=True)
    sheet().save(SHEET, "JPEG", quality=80, optimize=True)


if __name__ == "__main__":
    main()
