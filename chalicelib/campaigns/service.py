"""Campaigns as merchants run them: draft, publication, pause and end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns import allowed, copy_lint, gate, live, posters, spelled, stock
from chalicelib.campaigns.allowed import Wish
from chalicelib.campaigns.items import (
    Campaign,
    Snapshot,
    StockShard,
    campaign_key,
    snapshot_key,
    status_index,
    stock_key,
)
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.offer import Escrow
from chalicelib.campaigns.problems import EDITED_MEANWHILE, GATE_REFUSED, WRONG_STATE
from chalicelib.campaigns.states import MOVES, CampaignState
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import query, read, read_all
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.merchants.cash import CashSetup, operations_fen, setup_key
from chalicelib.merchants.wallet import WalletSetup, wallet_key
from chalicelib.pictures.document import Poster

MOST_STOCK_ACTIONS = 90
"""Stock shards written by one publication, below the hundred actions of a transaction."""


def campaign(mid: MerchantId, cid: CampaignId) -> Campaign:
    """The campaign as its merchant sees it."""
    key = campaign_key(mid, cid)
    found = read(key).item(Campaign, key)
    if found is None:
        raise RippleError(NOT_FOUND)
    return found


def listed_as(status: CampaignState | None) -> str:
    """How the index rows of campaigns of one state begin; of all of them like nothing."""
    return f"{status.value}#" if status else ""


def campaigns(
    mid: MerchantId, status: CampaignState | None, limit: int, after: dict[str, Any] | None
) -> tuple[list[Campaign], dict[str, Any] | None]:
    """A page of the merchant's campaigns, of one state or of all, by state and latest start.

    The index may still list a campaign that has just left ``status``; the campaign itself decides.
    """
    page = query(
        status_index(mid), index="gsi1", begins=listed_as(status) or None, limit=limit, forward=False, after=after
    )
    found = [item for item in read_all(page.keys) if isinstance(item, Campaign)]
    return [item for item in found if status is None or item.status is status], page.after


def create(intent: Intent, offer: AnyOffer) -> Campaign:
    """A new draft."""
    mid = intent.mid
    cid = CampaignId(intent.ident("campaign"))
    key = campaign_key(mid, cid)

    def attempt() -> Campaign:
        made = read(key).item(Campaign, key)
        if made is not None:
            intent.insist_same(made.fingerprint)
            return made
        now = clock.now()
        draft = Campaign(
            *key,
            kind=offer.kind,
            status=CampaignState.DRAFT,
            edition=1,
            version=0,
            draft=offer,
            fingerprint=intent.fingerprint,
            created_at=now,
            updated_at=now,
        )
        draft.gsi1pk, draft.gsi1sk = _listed(mid, cid, CampaignState.DRAFT, offer)
        tx = Transaction().put("campaign", draft)
        audit.add(tx, mid, intent.actor, "campaign.create", cid)
        tx.commit()
        return draft

    return decided(attempt)


def edit(mid: MerchantId, actor: str, cid: CampaignId, edition: int, offer: AnyOffer) -> Campaign:
    """Replace a draft's document, if it still is the ``edition`` that was read. Raises `EDITED_MEANWHILE`.

    Words that were allowed stay so in the texts that stay.
    """

    def attempt() -> Campaign:
        found = campaign(mid, cid)
        if found.status is not CampaignState.DRAFT:
            raise RippleError(WRONG_STATE, status=found.status.value)
        if found.edition == edition + 1 and found.draft == offer:
            return found
        if found.edition != edition:
            raise RippleError(EDITED_MEANWHILE, "/edition", edition=found.edition)
        _, listed = _listed(mid, cid, CampaignState.DRAFT, offer)
        actions = [
            Campaign.draft.set(offer),
            Campaign.allowed.set(allowed.kept(found.allowed or [], found.draft, offer)),
            Campaign.edition.set(edition + 1),
            Campaign.updated_at.set(clock.now()),
            Campaign.gsi1sk.set(listed),
        ]
        when = {"draft": Campaign.status == CampaignState.DRAFT, "edition": Campaign.edition == edition}
        tx = Transaction().update("campaign", found, actions, when=when)
        audit.add(tx, mid, actor, "campaign.edit", cid)
        tx.commit()
        return campaign(mid, cid)

    return decided(attempt)


def allow(mid: MerchantId, actor: str, cid: CampaignId, edition: int, wishes: Sequence[Wish]) -> Campaign:
    """Say which words of a draft's lint may stand, instead of those said before. Raises `EDITED_MEANWHILE`."""

    def attempt() -> Campaign:
        found = campaign(mid, cid)
        if found.status is not CampaignState.DRAFT:
            raise RippleError(WRONG_STATE, status=found.status.value)
        before = found.allowed or []
        if found.edition == edition + 1 and allowed.same(before, wishes):
            return found
        if found.edition != edition:
            raise RippleError(EDITED_MEANWHILE, "/edition", edition=found.edition)
        now = clock.now()
        granted = allowed.granted(found.draft, wishes, before, actor, now)
        actions = [
            Campaign.allowed.set(granted),
            Campaign.edition.set(edition + 1),
            Campaign.updated_at.set(now),
        ]
        when = {"draft": Campaign.status == CampaignState.DRAFT, "edition": Campaign.edition == edition}
        tx = Transaction().update("campaign", found, actions, when=when)
        audit.add(tx, mid, actor, "campaign.allow", cid, words=allowed.told(granted))
        tx.commit()
        return campaign(mid, cid)

    return decided(attempt)


def publish(intent: Intent, cid: CampaignId) -> Campaign:
    """Put a draft through the gate, and make its snapshot and its stock.

    What gives cash, or sells value that is spent later, is published by what the merchant said of that as the gate saw
    it, or decided anew. Raises `WORD_TAKEN`, and `GATE_REFUSED` with findings.
    """
    mid = intent.mid
    keys = (record_key(intent), campaign_key(mid, cid), setup_key(mid), wallet_key(mid))

    def attempt(read: Read) -> Campaign:
        found = read(*keys)
        draft = found.item(Campaign, keys[1])
        if draft is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return draft
        if draft.status is not CampaignState.DRAFT:
            raise RippleError(WRONG_STATE, status=draft.status.value)
        now, setup, wallet = clock.now(), found.item(CashSetup, keys[2]), found.item(WalletSetup, keys[3])
        shop = _shop(setup, wallet, _posters(mid, draft.draft, read))
        refused = allowed.without(draft.allowed or [], gate.findings(draft.draft, now, shop))
        if refused:
            raise RippleError(GATE_REFUSED, findings=[msgspec.to_builtins(finding) for finding in refused])
        tx = Transaction()
        _add_publication(tx, intent, draft, now)
        spelled.add(tx, draft, read, now)
        if draft.draft.gives_cash and setup is not None:
            tx.check("cash", setup, when={"as_read": CashSetup.edition == setup.edition})
        if draft.draft.sells_prepaid and wallet is not None:
            tx.check("wallet", wallet, when={"as_read": WalletSetup.edition == wallet.edition})
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "campaign.publish", cid)
        tx.commit()
        return campaign(mid, cid)

    return decided_or_refused(attempt)


def move(intent: Intent, cid: CampaignId, act: str, **why: str) -> Campaign:
    """Pause, resume or end a campaign; effective within the cache's life. The audit log says ``why``.

    Raises `WRONG_STATE`.
    """
    mid = intent.mid
    keys = (record_key(intent), campaign_key(mid, cid))
    sources, target = MOVES[act]

    def attempt(read: Read) -> Campaign:
        found = read(*keys)
        current = found.item(Campaign, keys[1])
        if current is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return current
        if current.status not in sources:
            raise RippleError(WRONG_STATE, status=current.status.value)
        _, listed = _listed(mid, cid, target, current.draft)
        actions = [Campaign.status.set(target), Campaign.updated_at.set(clock.now()), Campaign.gsi1sk.set(listed)]
        tx = Transaction().update("campaign", current, actions, when={"status": Campaign.status == current.status})
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, f"campaign.{act}", cid, **why)
        tx.commit()
        live.forget(mid, cid)
        return campaign(mid, cid)

    return decided_or_refused(attempt)


def content_hash(offer: AnyOffer) -> str:
    """SHA-256 of the document in its canonical form: what users are shown as the rules they took part under."""
    return hashlib.sha256(msgspec.json.encode(offer, order="sorted")).hexdigest()


def _posters(mid: MerchantId, offer: AnyOffer, read: Read) -> Mapping[str, Poster]:
    """The posters that a document names, as they are released."""
    keys = [posters.template_key(mid, ident) for ident in dict.fromkeys(offer.posters)]
    return posters.given(read(*keys), mid, offer.posters) if keys else {}


def _shop(setup: CashSetup | None, wallet: WalletSetup | None, pictures: Mapping[str, Poster]) -> gate.Shop:
    """What the gate may know of a merchant."""
    shop = gate.Shop(posters=pictures, wallet=wallet.terms if wallet is not None else None)
    return shop._replace(cash=setup.terms, operations_fen=operations_fen(setup)[0]) if setup is not None else shop


def _add_publication(tx: Transaction, intent: Intent, draft: Campaign, now: datetime) -> None:
    mid, cid, offer = intent.mid, draft.cid, draft.draft
    version = draft.version + 1
    stocks = [Escrow(sku.sku_id, sku.stock, offer.units_at_once) for sku in offer.goods] + list(offer.escrows)
    most = MOST_STOCK_ACTIONS // max(1, len(stocks))
    shards = {one.name: min(most, stock.shard_count(one.total, one.at_once)) for one in stocks}
    _, listed = _listed(mid, cid, CampaignState.PUBLISHED, offer)
    actions = [
        Campaign.status.set(CampaignState.PUBLISHED),
        Campaign.version.set(version),
        Campaign.updated_at.set(now),
        Campaign.gsi1sk.set(listed),
    ]
    when = {"draft": Campaign.status == CampaignState.DRAFT, "edition": Campaign.edition == draft.edition}
    tx.update("campaign", draft, actions, when=when)
    snapshot = Snapshot(
        *snapshot_key(mid, cid, version),
        offer=offer,
        hash=content_hash(offer),
        shards=shards,
        checks=list(gate.checks(offer)),
        rules=copy_lint.rules(),
        allowed=draft.allowed or [],
        published_at=now,
        published_by=intent.actor,
    )
    tx.put("snapshot", snapshot)
    for one in stocks:
        for n, left in enumerate(stock.split(one.total, shards[one.name])):
            shard = StockShard(*stock_key(mid, cid, one.name, n), left=left, taken=0)
            shard.budget = one.name if offer.watched and one in offer.escrows else None
            tx.put(f"stock.{one.name}.{n}", shard)


def _listed(mid: MerchantId, cid: CampaignId, status: CampaignState, offer: AnyOffer) -> tuple[str, str]:
    return status_index(mid), f"{listed_as(status)}{clock.iso(offer.starts_at)}#{cid}"
