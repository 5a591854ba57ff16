"""Having a poster drawn: for a look at a draft, and for whoever sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.campaigns.poster_checks import exaggerated
from chalicelib.core import files
from chalicelib.core.errors import RippleError
from chalicelib.core.files import Lent
from chalicelib.core.ids import MerchantId, derived
from chalicelib.pictures.asking import RETRY_SECONDS, asked
from chalicelib.pictures.document import Fault, LeftOut, Poster
from chalicelib.pictures.errands import CODE, DrawnPoster, DrawPoster, Refused, Sharer
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.posters import rules
from chalicelib.posters.problems import PICTURE_UNKNOWN
from chalicelib.sharing import minicodes
from chalicelib.sharing.minicodes import Wanted

FINISHED = "jpg"


class Seen(NamedTuple):
    """A draft as it would look, and what is wrong with it."""

    picture: Lent
    """For a look; it is not what people get."""
    marked: Lent | None
    """The same with every mistake marked; None where there is none."""
    width: int
    height: int
    faults: Sequence[Fault]
    left_out: Sequence[LeftOut]


def seen(
    mid: MerchantId, poster: Poster, pictures: Mapping[str, str], person: Sharer, until: float | None = None
) -> Seen:
    """How a poster looks for somebody, with a sample code. Raises `PICTURES_BUSY` and `CODE_UNAVAILABLE`."""
    code = minicodes.code(mid, *minicodes.SAMPLE)
    name = derived("seen", mid, rules.look(poster, pictures, person, code))
    into, marked = f"seen/{mid}/{name}.{FINISHED}", f"seen/{mid}/{name}-marked.{FINISHED}"
    errand = DrawPoster(
        document=poster,
        pictures=dict(pictures),
        person=person,
        code=code,
        into=into,
        faults=exaggerated(poster),
        marked_into=marked,
    )
    done = drawn(mid, errand, minicodes.SAMPLE, until)
    shown = files.lent(marked) if done.faults else None
    return Seen(files.lent(into), shown, done.width, done.height, done.faults, done.left_out)


def drawn(mid: MerchantId, errand: DrawPoster, code: Wanted, until: float | None = None) -> DrawnPoster:
    """What became of it, waiting ``until`` at most (`asking.ask`). A code that cannot be opened is made anew.

    Raises `PICTURES_BUSY`, and `PICTURE_UNKNOWN` for a picture whose file is gone.
    """
    done = asked(errand, DrawnPoster, until)
    if isinstance(done, Refused) and done.which == CODE:
        minicodes.lost(mid, *code)
        raise RippleError(PICTURES_BUSY, retry_after=RETRY_SECONDS)
    if isinstance(done, Refused):
        raise RippleError(PICTURE_UNKNOWN, picture_id=done.which)
    return done
