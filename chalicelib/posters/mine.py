"""My poster: of what I share, with a code that tells who came by it. Made once a look, and kept for a month."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.accounts.items import User
from chalicelib.accounts.mask import public_avatar, public_name
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.live import Live, any_live
from chalicelib.campaigns.poster_checks import exaggerated, unfit
from chalicelib.campaigns.posters import given, template_key
from chalicelib.core import clock, files, log
from chalicelib.core.errors import RippleError
from chalicelib.core.files import Lent
from chalicelib.core.ids import CampaignId, MerchantId, UserId, derived
from chalicelib.core.metrics import count
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.pictures.asking import within
from chalicelib.pictures.document import Format, Mistake, Poster
from chalicelib.pictures.errands import DrawnPoster, DrawPoster, Sharer
from chalicelib.posters import drawing, rules, sending
from chalicelib.posters.items import Everyday, MadePoster, everyday_key, made_key
from chalicelib.posters.problems import NO_POSTER
from chalicelib.sharing import links, minicodes, objects
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.minicodes import Wanted


class Mine(NamedTuple):
    """Somebody's poster, and what opens it."""

    poster: MadePoster
    link: Lent


def mine(mid: MerchantId, uid: UserId, share: str, form: Format) -> Mine:
    """The poster of a share of one's own, drawn where it is not there as it would look now.

    Raises `SHARE_UNKNOWN`, `NO_POSTER`, `NOT_RUNNING` once its campaign is over, `CODE_UNAVAILABLE`,
    `POSTER_UNREADABLE`, `PICTURES_BUSY`.
    """
    until = within(rules.PATIENCE)
    row, user = links.own(mid, uid, share)
    chosen = _chosen(mid, row, form)
    poster, made = chosen.poster, chosen.made
    person = _sharer(user) if poster.shows_person else Sharer()
    wanted = Wanted(objects.page(row.kind), objects.mark(share))
    code = minicodes.code(mid, *wanted)
    pictures = rules.insist_pictures(poster, sending.there(mid, poster.pictures))
    look = rules.look(poster, pictures, person, code)
    good = rules.still_good(made, look, clock.now())
    if good is None:
        _insist_fit(chosen, share)
        errand = _errand(mid, poster, pictures, person, code, look)
        done = drawing.drawn(mid, errand, wanted, until)
        good = _made(mid, uid, share, form, look, chosen.ident, errand.into, done)
    return Mine(good, files.lent(good.file))


class Chosen(NamedTuple):
    """Which poster it is, what was made of it before, and of which campaign it is."""

    ident: str
    poster: Poster
    made: MadePoster | None
    campaign: Live[AnyOffer] | None


def _chosen(mid: MerchantId, row: Sharing, form: Format) -> Chosen:
    """Raises `NO_POSTER`, `NOT_RUNNING`."""
    named, campaign = list[str](), None
    if row.campaign is not None:
        campaign = any_live(mid, CampaignId(row.campaign))
        campaign.insist_not_over(clock.now())
        named += campaign.offer.posters
    mine, everyday = made_key(mid, UserId(row.uid), row.share_id, form), everyday_key(mid, row.kind)
    found = read(mine, everyday, *(template_key(mid, ident) for ident in named))
    there = dict(given(found, mid, named))
    chosen = rules.chosen(form, named, there)
    usual = found.item(Everyday, everyday)
    if chosen is None and usual is not None and form in usual.posters:
        chosen = usual.posters[form]
        there |= given(read(template_key(mid, chosen)), mid, [chosen])
    if chosen is None or chosen not in there or there[chosen].format is not form:
        raise RippleError(NO_POSTER, "/format")
    return Chosen(chosen, there[chosen], found.item(MadePoster, mine), campaign)


def _insist_fit(chosen: Chosen, share: str) -> None:
    """Raise `NO_POSTER` for one that was released since, or stands everyday, and says what its campaign may not."""
    campaign, now = chosen.campaign, clock.now()
    wrong = (
        unfit(campaign.offer, now, chosen.poster)
        if campaign is not None
        else [fault.zh for fault in exaggerated(chosen.poster)]
    )
    if wrong:
        count("PosterUnfit")
        log.error("poster_unfit", poster=chosen.ident, share=share, why=wrong[:3])
        raise RippleError(NO_POSTER, "/format")


def _sharer(user: User) -> Sharer:
    """Whoever shares, as others may see him: by a name that was cleared, or by none."""
    return Sharer(nickname=public_name(user), avatar_url=public_avatar(user))


def _errand(
    mid: MerchantId, poster: Poster, pictures: dict[str, str], person: Sharer, code: str, look: str
) -> DrawPoster:
    into = f"made/{mid}/{derived('poster', mid, look)}.{drawing.FINISHED}"
    return DrawPoster(document=poster, pictures=pictures, person=person, code=code, into=into)


def _made(
    mid: MerchantId, uid: UserId, share: str, form: Format, look: str, poster: str, file: str, done: DrawnPoster
) -> MadePoster:
    """Remember what was drawn. Whoever asks at the same time draws the same picture under the same name."""
    if done.faults:
        log.warning("poster_has_faults", poster=poster, faults=sorted({fault.mistake.value for fault in done.faults}))
    try:
        rules.insist_readable(done.faults)
    except RippleError:
        count("PosterUnreadable")
        measured = [fault.measured for fault in done.faults if fault.mistake is Mistake.CODE]
        log.error("poster_unreadable", poster=poster, share=share, file=file, measured=measured)
        raise
    now = clock.now()
    made = MadePoster(
        *made_key(mid, uid, share, form),
        look=look,
        file=file,
        width=done.width,
        height=done.height,
        left_out=done.left_out,
        made_at=now,
        until=rules.good_until(done.left_out, now),
    )
    made.ttl = int(made.until.timestamp())
    Transaction().put("poster", made, when={}).commit()
    return made
