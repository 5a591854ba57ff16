"""Campaigns over HTTP: what users read, what merchants write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.campaigns import live, service
from chalicelib.campaigns.allowed import Allowed, Wish
from chalicelib.campaigns.items import Campaign, status_index
from chalicelib.campaigns.kinds import AnyOffer, AnyTerms
from chalicelib.campaigns.live import Live
from chalicelib.campaigns.offer import RuleSheet
from chalicelib.campaigns.problems import EDITED_MEANWHILE, GATE_REFUSED, WORD_TAKEN, WRONG_STATE
from chalicelib.campaigns.states import CampaignState
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import MERCHANT, USER, Answer, Call, operation


class AdminPage(Page):
    """Which page, and of which state."""

    status: CampaignState | None = None


class NewCampaign(msgspec.Struct, forbid_unknown_fields=True):
    """What a new draft says."""

    offer: AnyOffer


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    """A draft's new document, and the edition that it replaces."""

    edition: Annotated[int, msgspec.Meta(ge=1)]
    offer: AnyOffer


class AllowedWords(msgspec.Struct, forbid_unknown_fields=True):
    """The words of a draft that may stand, and the edition in which they were read."""

    edition: Annotated[int, msgspec.Meta(ge=1)]
    allowed: Annotated[list[Wish], msgspec.Meta(max_length=20)]


class CampaignPage(msgspec.Struct, kw_only=True):
    """A running campaign as users see it: everything up front (rules W6)."""

    campaign_id: str
    kind: str
    status: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    terms: AnyTerms
    """What its play promises: goods, prices, limits of time."""
    rule_sheet: RuleSheet
    version: int
    rules_hash: str
    now: datetime


class Running(msgspec.Struct, kw_only=True):
    """A page of running campaigns, latest start first."""

    campaigns: list[CampaignPage]
    cursor: str | None


class CampaignRecord(msgspec.Struct, kw_only=True):
    """A campaign as its merchant sees it."""

    campaign_id: str
    kind: str
    status: str
    edition: int
    version: int
    offer: AnyOffer
    allowed: list[Allowed]
    """Words that an owner lets stand, where, and why."""
    created_at: datetime
    updated_at: datetime


class CampaignRecords(msgspec.Struct, kw_only=True):
    """A page of a merchant's campaigns."""

    campaigns: list[CampaignRecord]
    cursor: str | None


@operation(auth=USER, query=Page, answer=Running, summary="Campaigns that run or will run")
def running(call: Call[None]) -> Running:
    """A page of the merchant's published campaigns."""
    page: Page = call.query
    after = cursor.decode(page.cursor, status_index(call.mid), "gsi1", service.listed_as(CampaignState.PUBLISHED))
    found, more = service.campaigns(call.mid, CampaignState.PUBLISHED, page.limit, after)
    pages = [page_of(one) for one in live.lives(found) if one.offer.ends_at > clock.now()]
    return Running(campaigns=pages, cursor=cursor.encode(more))


@operation(auth=MERCHANT, role="viewer", query=AdminPage, answer=CampaignRecords, summary="The merchant's campaigns")
def listed(call: Call[None]) -> CampaignRecords:
    """A page of campaigns of one state, or of all."""
    page: AdminPage = call.query
    after = cursor.decode(page.cursor, status_index(call.mid), "gsi1", service.listed_as(page.status))
    found, more = service.campaigns(call.mid, page.status, page.limit, after)
    return CampaignRecords(campaigns=[_record(campaign) for campaign in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=NewCampaign,
    answer=CampaignRecord,
    status=201,
    idempotent=True,
    summary="A new draft campaign",
)
def create(call: Call[NewCampaign]) -> CampaignRecord:
    """Write a draft; nobody sees it before it is published."""
    return _record(service.create(call.intent, call.body.offer))


@operation(
    auth=MERCHANT, role="viewer", answer=CampaignRecord, summary="One campaign of the merchant", problems=(NOT_FOUND,)
)
def inspect(call: Call[None]) -> CampaignRecord:
    """A campaign with its document."""
    return _record(service.campaign(call.mid, CampaignId(call.path["campaign_id"])))


@operation(
    auth=MERCHANT,
    role="operator",
    body=Edit,
    answer=CampaignRecord,
    summary="Change a draft",
    problems=(NOT_FOUND, WRONG_STATE, EDITED_MEANWHILE),
)
def edit(call: Call[Edit]) -> CampaignRecord:
    """Replace a draft's document; a published campaign is immutable."""
    cid = CampaignId(call.path["campaign_id"])
    return _record(service.edit(call.mid, call.key_id, cid, call.body.edition, call.body.offer))


@operation(
    auth=MERCHANT,
    role="owner",
    body=AllowedWords,
    answer=CampaignRecord,
    summary="Let single words stand that the gate refuses",
    description="Only words that the gate calls `allowable`; each in one field, as its text is now, with a reason.",
    problems=(NOT_FOUND, WRONG_STATE, EDITED_MEANWHILE),
)
def allow(call: Call[AllowedWords]) -> CampaignRecord:
    """Say which words may stand; an empty list takes all permissions back. The reasons stay in the audit log."""
    cid = CampaignId(call.path["campaign_id"])
    return _record(service.allow(call.mid, call.key_id, cid, call.body.edition, call.body.allowed))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=CampaignRecord,
    idempotent=True,
    summary="Publish a draft through the gate",
    description="422 `gate_refused` lists in `findings` what fails which check, and whether its `word` is `allowable`.",
    problems=(NOT_FOUND, WRONG_STATE, GATE_REFUSED, WORD_TAKEN),
)
def publish(call: Call[None]) -> CampaignRecord:
    """Make the snapshot under which users take part, and its stock."""
    return _record(service.publish(call.intent, CampaignId(call.path["campaign_id"])))


def _move(act: str, summary: str) -> Callable[[Call[None]], CampaignRecord | Answer[CampaignRecord]]:
    def handler(call: Call[None]) -> CampaignRecord:
        return _record(service.move(call.intent, CampaignId(call.path["campaign_id"]), act))

    handler.__name__ = act
    handler.__doc__ = summary
    return operation(
        auth=MERCHANT,
        role="operator",
        answer=CampaignRecord,
        idempotent=True,
        summary=summary,
        problems=(NOT_FOUND, WRONG_STATE),
    )(handler)


pause = _move("pause", "Stop opening and joining at once; held seats can still be paid")
resume = _move("resume", "Take part again")
end = _move("end", "Stop opening; groups that are open can still be completed")


def page_of(campaign: Live[AnyOffer]) -> CampaignPage:
    """A campaign as users see it."""
    offer = campaign.offer
    return CampaignPage(
        campaign_id=campaign.cid,
        kind=offer.kind,
        status=campaign.status.value,
        title=offer.title,
        description=offer.description,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        terms=offer.terms(),
        rule_sheet=offer.rule_sheet,
        version=campaign.version,
        rules_hash=campaign.hash,
        now=clock.now(),
    )


def _record(campaign: Campaign) -> CampaignRecord:
    return CampaignRecord(
        campaign_id=campaign.cid,
        kind=campaign.kind,
        status=campaign.status.value,
        edition=campaign.edition,
        version=campaign.version,
        offer=campaign.draft,
        allowed=campaign.allowed or [],
        created_at=campaign.created_at,
        updated_at=campaign.updated_at,
    )
