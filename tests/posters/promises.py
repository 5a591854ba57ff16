"""What holds of posters: what people get was released, is kept for ever, and says nothing that nobody may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chalicelib.campaigns.poster_checks import exaggerated
from chalicelib.campaigns.poster_states import TemplateState
from chalicelib.campaigns.posters import Template
from chalicelib.merchants.items import Audit
from chalicelib.pictures.document import Palette
from chalicelib.posters.items import Everyday, MadePoster, Picture, Release
from chalicelib.sharing.items import Sharing
from tests.breaking import Break, change, drop
from tests.invariants import Books, invariant
from tests.posters import shop
from tests.town import Town


@invariant("Whatever was released of a poster is kept, numbered from 1 on, and the last of it is what people get.")
def releases_are_kept(books: Books) -> Iterator[str]:
    kept = {(row.pk, row.sk): row for row in books.of(Release)}
    for poster in books.of(Template):
        rows = [kept.get((poster.pk, f"{Release.prefix}{n:05d}")) for n in range(1, poster.released + 1)]
        last = rows[-1].document if rows and rows[-1] is not None else None
        if None in rows or last != poster.release or (poster.state is TemplateState.DRAFT) != (not rows):
            yield f"{poster.pk}, {poster.state.value}, was released {poster.released} times"


@invariant("No poster that was released says what no poster may say.")
def posters_say_nothing_forbidden(books: Books) -> Iterator[str]:
    for row in books.of(Release):
        yield from (f"{row.pk} {row.sk}: {fault.en}" for fault in exaggerated(row.document))


@invariant("Whatever is done to a poster, and every picture that was sent, stands in the merchant's log once.")
def posters_are_in_the_log(books: Books) -> Iterator[str]:
    noted = Counter((entry.mid, entry.action, entry.subject) for entry in books.of(Audit))
    for poster in books.of(Template):
        told = {"poster.create": 1, "poster.edit": poster.edition - 1, "poster.release": poster.released}
        for action, times in told.items():
            if noted[poster.mid, action, poster.poster_id] != times:
                yield f"{action} of {poster.poster_id}: {times} times"
    for picture in books.of(Picture):
        if noted[picture.mid, "picture.send", picture.picture_id] != 1:
            yield f"picture {picture.picture_id}"


@invariant("A poster that was made is of a share of its owner's.")
def made_posters_are_their_owners(books: Books) -> Iterator[str]:
    owners = {row.share_id: row.uid for row in books.of(Sharing)}
    for made in books.of(MadePoster):
        share = made.sk.removeprefix(MadePoster.prefix).partition("#")[0]
        if f"U#{owners.get(share)}" != made.pk.partition("|")[2]:
            yield f"{made.pk} {made.sk}"


@invariant("An everyday poster is one that was released.")
def everyday_posters_were_released(books: Books) -> Iterator[str]:
    posters = {(poster.mid, poster.poster_id): poster for poster in books.of(Template)}
    for said in books.of(Everyday):
        for form, ident in said.posters.items():
            poster = posters.get((said.mid, ident))
            if poster is None or poster.released == 0:
                yield f"{said.pk}: {ident} as {form}"


def situation(town: Town) -> None:
    """A picture, a draft, a poster that was released and changed, one that was withdrawn, and somebody's own."""
    shop.written(town, shop.document(picture=shop.sent(town), layout="photo"))
    alone = shop.document(shows_person=False)
    ident, gone = shop.released(town, alone), shop.released(town, {**alone, "format": "square"})
    _, person, share = shop.offered(town, ident, gone)
    shop.asks(person, share).expect(200)
    shop.stands(town, "campaign", tall=ident).expect(200)
    shop.edits(town, ident).expect(200)
    shop.withdraws(town, gone).expect(200)


def _shouts(books: Books) -> None:
    row = books.of(Release)[0]
    words = type(row.document.words)(title="史上最低价")
    row.document = type(row.document)(name="x", format=row.document.format, words=words, palette=Palette())


BREAKS: dict[str, Break] = {
    "releases_are_kept": drop(Release),
    "posters_say_nothing_forbidden": _shouts,
    "posters_are_in_the_log": drop(Audit),
    "made_posters_are_their_owners": drop(Sharing),
    "everyday_posters_were_released": change(Everyday, {"posters": {"tall": "0" * 26}}),
}
