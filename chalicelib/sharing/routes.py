"""Sharing over HTTP: the page of a campaign with its card, what is opened, and what WeChat makes for a share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.mask import public_avatar, seen
from chalicelib.campaigns import routes as campaigns
from chalicelib.campaigns.live import any_live
from chalicelib.campaigns.routes import CampaignPage
from chalicelib.core import clock
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId
from chalicelib.core.store import read_one
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.sharing import entries, links, minicodes, objects, shares, text_codes, texts
from chalicelib.sharing.entries import Entered, Led, Way
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Shareable
from chalicelib.sharing.proof import PrivateProof
from chalicelib.sharing.refusals import (
    CARD_UNAVAILABLE,
    CODE_UNAVAILABLE,
    LINK_UNAVAILABLE,
    PAGE_NOT_RELEASED,
    SHARE_UNKNOWN,
)
from chalicelib.sharing.rules import NotCounted
from chalicelib.sharing.views import EntryView, Opened, Person, PrivateCard, Share, ShareCode, ShareText, ShortLink
from chalicelib.wechat.card import PRIVATE_PROVED_WITHIN, PRIVATE_SHARED_WITHIN

CAMPAIGN = "campaign"
"""The kind of a whole campaign."""


class CampaignDetail(CampaignPage, kw_only=True):
    """A campaign, and the card to send of it."""

    share: Share | None


class NewEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How one comes: exactly one of ``scene``, ``query`` and ``text``."""

    scene: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    """Of a scanned code, decoded."""
    query: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None
    """Of the page that a card or link opened."""
    text: Annotated[str, Meta(min_length=1, max_length=500, extra_json_schema={"x-multiline": True})] | None = None
    """What somebody typed or pasted: perhaps a whole message of several lines."""
    scene_value: Annotated[int, Meta(ge=0, le=9999)]
    """WeChat's number of the way: ``wx.getEnterOptionsSync().scene``."""
    private_message: PrivateProof | None = None


class NewText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the line of a share is to say."""

    code: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    """A text code that is passed on with it."""


@operation(auth=USER, answer=CampaignDetail, summary="One campaign: rules, goods, prices", problems=(NOT_FOUND,))
def campaign(call: Call[None]) -> CampaignDetail:
    """A campaign with everything a user must know before taking part."""
    found = any_live(call.mid, CampaignId(call.path["campaign_id"]))
    row = read_one(Sharing, shares.key_of(call.mid, call.uid, CAMPAIGN, found.cid))
    card = found.offer.share
    thing = Shareable(
        kind=CAMPAIGN,
        id=found.cid,
        title=card.title,
        image_url=card.image_url,
        campaign=found.cid,
        ends_at=found.offer.ends_at,
    )
    page = msgspec.structs.asdict(campaigns.page_of(found))
    return CampaignDetail(**page, share=shares.shown(call.mid, call.uid, thing, row))


@operation(
    auth=USER,
    body=NewEntry,
    answer=EntryView,
    summary="I come by somebody's share: what to open, and who invited",
    description="Noted once a person and object; nothing is granted by it. Repeating it is harmless.",
    problems=(SHARE_UNKNOWN,),
)
def enter(call: Call[NewEntry]) -> EntryView:
    """Resolve a scene, a query or a text."""
    asked = call.body
    if [asked.scene, asked.query, asked.text].count(None) != 2:
        reason = ("scene、query、text 必须且只能有一个", "exactly one of scene, query and text")
        raise RippleError(INVALID_FIELD, "", reason=reason)
    way = Way(scene=asked.scene, query=asked.query, text=asked.text)
    entered = entries.enter(call.mid, call.uid, way, asked.scene_value, asked.private_message)
    if isinstance(entered, Entered):
        return _entered(entered)
    if isinstance(entered, Led):
        return _alone(entered.kind, entered.object, objects.opened(entered.kind, entered.object), None)
    return _alone(text_codes.KIND, text_codes.EVERYBODYS, entered.page, entered.code)


@operation(
    auth=USER,
    answer=ShortLink,
    summary="A Short Link of my share",
    description="Made when it is first asked for, and the same for 29 days.",
    problems=(SHARE_UNKNOWN, LINK_UNAVAILABLE),
)
def short_link(call: Call[None]) -> ShortLink:
    """A line of text that opens the page from a chat."""
    link, until = links.link(call.mid, call.uid, call.path["share_id"])
    return ShortLink(short_link=link, until=until)


@operation(
    auth=USER,
    answer=ShareCode,
    summary="A mini-program code of my share",
    description="Made when it is first asked for, the same for ever; the link to its picture opens for ten minutes.",
    problems=(SHARE_UNKNOWN, CODE_UNAVAILABLE, PAGE_NOT_RELEASED, PICTURES_BUSY),
)
def code(call: Call[None]) -> ShareCode:
    """A picture that opens the page when it is scanned."""
    return minicodes.of_share(call.mid, call.uid, call.path["share_id"])


@operation(
    auth=USER,
    body=NewText,
    answer=ShareText,
    summary="A line of text that opens my share's page, with a text code or without",
    description=(
        "With a Short Link, which WeChat opens; where there is none, with the share's mark, to be pasted inside the "
        "mini-program and told to `POST /v1/entries`. Whether the code is genuine is not asked."
    ),
    problems=(SHARE_UNKNOWN,),
    example=NewText(code="7KMQ-4X2A"),
    answer_example=ShareText(
        text=(
            "一起拼2026年秋茶礼盒 兑换码：7KMQ-4X2A 点开链接，在小程序里查看：#小程序://湖畔茶铺/一起拼2026年秋茶礼盒/8DAvGWkkpWnUqyd"
        ),
        how="link",
        until=datetime(2026, 12, 10, 12, tzinfo=UTC),
    ),
)
def text(call: Call[NewText]) -> ShareText:
    """What to send instead of a card."""
    return texts.text(call.mid, call.uid, call.path["share_id"], call.body.code, call.language)


@operation(
    auth=USER,
    answer=PrivateCard,
    summary="A private card of my share, whose receivers can prove that they are",
    description="Made when it is first asked for, and the same for six days.",
    problems=(SHARE_UNKNOWN, CARD_UNAVAILABLE),
)
def private_card(call: Call[None]) -> PrivateCard:
    """What a card needs that nobody can send on."""
    made = links.card(call.mid, call.uid, call.path["share_id"])
    return PrivateCard(
        activity_id=made.id,
        share_until=made.made_at + PRIVATE_SHARED_WITHIN,
        prove_until=made.made_at + PRIVATE_PROVED_WITHIN,
    )


def _entered(entered: Entered) -> EntryView:
    target, why = entered.target, entered.not_counted
    person = None
    if entered.sharer is not None and why is not NotCounted.OWN:
        person = Person(nickname=seen(entered.sharer), avatar_url=public_avatar(entered.sharer))
    return EntryView(
        open=Opened(kind=target.kind, id=target.object, path=objects.path(target.kind, target.object, entered.share)),
        inviter=person,
        counted=why is None,
        why_not=why.value if why else None,
        evidence=entered.evidence.value if entered.evidence else None,
        code=entered.code.code if entered.code else None,
        now=clock.now(),
    )


def _alone(kind: str, ident: str, page: str, code: str | None) -> EntryView:
    return EntryView(
        open=Opened(kind=kind, id=ident, path=page),
        inviter=None,
        counted=False,
        why_not=NotCounted.NO_SHARE.value,
        evidence=None,
        code=code,
        now=clock.now(),
    )
