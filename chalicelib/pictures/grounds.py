"""What is beneath the words of a poster: its background, bands, sheets, cards and panels."""

from __future__ import annotations

from PIL import Image, ImageFilter

from chalicelib.pictures.colours import READABLE, mixed, rgb
from chalicelib.pictures.document import Box, Palette
from chalicelib.pictures.light import contrast, luminance
from chalicelib.pictures.plans import UNDER, Ground, Kind
from chalicelib.pictures.shapes import bowed, gradient, panel, perforated, ripples, rounded, shadow

PAPER = "#ffffff"
"""Of a panel: a code is read best on white."""

ROUND = 36
"""Pixels of a card's corners."""

NOTCH = 26
"""Pixels of the half circles that are cut out of a card's fold."""

COARSE = 8
"""A background's brightness is looked at in squares of so many pixels: finer changes are no hindrance to reading."""

SPARE = 0.6
"""Contrast beyond what is needed: letters are thin."""

FEATHER = 64
"""Pixels over which a veil ends."""

VEILS = [one / 50 for one in range(36, 49)]
"""How thick a veil may be: thinner ones look like dirt, and behind thicker ones nothing is seen."""


def lay(image: Image.Image, ground: Ground, palette: Palette, *, pictured: bool) -> None:
    """Lay one of them; ``pictured`` where the background is a picture, which then shows where a picture would be."""
    box = ground.box
    match ground.kind:
        case Kind.BAND:
            _paste(image, _accent(box, palette), box, bowed(box.w, box.h, min(56, box.h // 8)))
        case Kind.HERO if not pictured:
            _paste(image, _accent(box, palette), box, None)
        case Kind.CARD:
            shadow(image, box, ROUND, "#000000", 0.28, 28)
            card = Image.new("RGB", (box.w, box.h), palette.background)
            ripples(card, (round(box.w * 0.96), round(box.h * 0.06)), range(90, 620, 100), palette.accent, 0.09)
            _paste(image, card, box, rounded(box.w, box.h, ROUND))
        case Kind.PANEL:
            shadow(image, box, ROUND, mixed(palette.ink, palette.accent, 0.4), 0.16, 20)
            panel(image, box, PAPER, ROUND)
        case _:
            return


def sheet(image: Image.Image, ground: Ground, behind: Image.Image) -> None:
    """Lay a sheet of what is behind everything; under its round corners shows what is above it."""
    box = ground.box
    mask = rounded(box.w, box.h + UNDER, UNDER).crop((0, 0, box.w, box.h))
    image.paste(behind.crop((0, box.y, box.w, box.y + box.h)), (0, box.y), mask)


def fold(image: Image.Image, ground: Ground, inside: Box, palette: Palette, around: Image.Image) -> None:
    """Cut a card's notches, through which shows what is around it, and lay the dashed line between them."""
    box = ground.box
    line = mixed(palette.background, palette.ink, 0.3)
    hole = rounded(NOTCH * 2, NOTCH * 2, NOTCH)
    ends = ((box.x, box.y), (box.x + box.w, box.y)) if box.w > box.h else ((box.x, box.y), (box.x, box.y + box.h))
    for x, y in ends:
        # Only what is on the card: beyond it lies its shadow.
        left, top = max(x - NOTCH, inside.x), max(y - NOTCH, inside.y)
        right, bottom = min(x + NOTCH, inside.x + inside.w), min(y + NOTCH, inside.y + inside.h)
        cut = hole.crop((left - x + NOTCH, top - y + NOTCH, right - x + NOTCH, bottom - y + NOTCH))
        image.paste(around.crop((left, top, right, bottom)), (left, top), cut)
    room = NOTCH + 20
    if box.w > box.h:
        perforated(image, (box.x + room, box.y), box.w - 2 * room, line, upright=False)
    else:
        perforated(image, (box.x, box.y + room), box.h - 2 * room, line, upright=True)


def plain(size: tuple[int, int], palette: Palette, *, carded: bool) -> Image.Image:
    """The page where no picture is behind it: the background's colour, or the accent around a card."""
    if not carded:
        return Image.new("RGB", size, palette.background)
    return _accent(Box(x=0, y=0, w=size[0], h=size[1]), palette)


def veiled(image: Image.Image, zones: list[Box], palette: Palette) -> Image.Image:
    """The picture with a veil of the background's colour from the first to the last of the words' zones.

    It is so thick that they can be read on it.
    """
    if not zones:
        return image
    top, bottom = min(zone.y for zone in zones), max(zone.y + zone.h for zone in zones)
    mask = Image.new("L", image.size)
    mask.paste(255, (0, top - FEATHER, image.width, bottom + FEATHER))
    darkest, lightest = _extremes(image, top, bottom)
    thick = next((one for one in VEILS if _reads(darkest, lightest, palette, one)), VEILS[-1])
    veil = mask.filter(ImageFilter.GaussianBlur(FEATHER // 2)).point([round(level * thick) for level in range(256)])
    return Image.composite(Image.new("RGB", image.size, palette.background), image, veil)


def _reads(darkest: list[int], lightest: list[int], palette: Palette, thick: float) -> bool:
    """Whether words can be read on both ends of a picture under a veil of that thickness."""
    ink, ground = rgb(palette.ink), rgb(palette.background)
    best = contrast(ink, ground)
    for end in (darkest, lightest):
        under = [one + (over - one) * thick for one, over in zip(end, ground, strict=True)]
        if contrast(ink, under) < min(READABLE + SPARE, best * 0.95):
            return False
    return True


def _extremes(image: Image.Image, top: int, bottom: int) -> tuple[list[int], list[int]]:
    """The darkest and the lightest square of the picture between two heights."""
    coarse = image.resize((image.width // COARSE, image.height // COARSE), Image.Resampling.BOX)
    top, bottom = max(top // COARSE, 0), min(bottom // COARSE + 1, coarse.height)
    raw = coarse.crop((0, top, coarse.width, bottom)).tobytes()
    seen = {tuple(raw[at : at + 3]) for at in range(0, len(raw), 3)}
    ranked = sorted(seen, key=luminance)
    return list(ranked[0]), list(ranked[-1])


def _accent(box: Box, palette: Palette) -> Image.Image:
    """The accent colour, a little darker below, with ripples from a corner."""
    made = gradient(
        box.w, box.h, mixed(palette.accent, palette.accent_ink, 0.06), mixed(palette.accent, "#000000", 0.1)
    )
    ripples(made, (round(box.w * 0.94), round(box.h * 0.1)), range(120, 900, 130), palette.accent_ink, 0.09)
    ripples(made, (round(box.w * 0.02), round(box.h * 0.96)), range(90, 500, 100), palette.accent_ink, 0.06)
    return made


def _paste(image: Image.Image, what: Image.Image, box: Box, mask: Image.Image | None) -> None:
    image.paste(what, (box.x, box.y), mask)
