"""A family's wallet pays for an order: its owner's within his and everybody's caps, or what he approves beyond them."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, read, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import ask_rules, caps, spends, standing
from chalicelib.family.ask_items import add_decided
from chalicelib.family.items import (
    Ask,
    Belonging,
    Family,
    Member,
    ask_key,
    belonging_key,
    family_key,
    member_key,
    month_of,
)
from chalicelib.family.problems import FAMILY_UNKNOWN, MEMBER_FROZEN, NOT_OWNER
from chalicelib.family.spends import Wallet
from chalicelib.family.states import AskState, FamilyState
from chalicelib.orders.items import Order, Part
from chalicelib.orders.problems import TENDER_UNKNOWN
from chalicelib.orders.tenders import Bill, Choice, Pay

NAME = "family"


class Approved(Pay, frozen=True, kw_only=True):
    """The owner pays for all that a member asked for. No request is decoded to it (`approved`)."""

    by: str
    """The owner who approves; whoever owns the family by now has not."""


def approved(fid: str, ask_id: str, by: str) -> Approved:
    """What pays for an order that its buyer asked for: alone, and all of it."""
    return Approved(tender=NAME, ref=f"{fid}.{ask_id}", by=by)


class FamilyTender:
    """What a wallet does for an order (`orders.tenders.Tender`); ``ref`` is its family, with the request it is for."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        fid, _, ask_id = ref.partition(".")
        return [*standing.keys(mid, fid, uid), *([ask_key(mid, fid, ask_id)] if ask_id else [])]

    def worth(self, bill: Bill, pay: Pay, rest_fen: int, found: Found) -> int:
        """As much as the wallet and the caps allow of an adult; of a minor no less than is wanted.

        Raises `TENDER_UNKNOWN`, `FAMILY_UNKNOWN`, what `standing.insist_may_spend` and `caps.Room.within` raise; of
        what the owner approves `NOT_OWNER`, and what `ask_rules.insist_fits` and `caps.Room.all_of` raise.
        """
        if "." in pay.ref and not isinstance(pay, Approved):
            raise RippleError(TENDER_UNKNOWN, tender=f"{NAME} {pay.ref}")
        wallet = _wallet(found, bill.mid, bill.uid, pay.ref)
        room = caps.room(wallet.family, wallet.member, month_of(clock.now()))
        if not isinstance(pay, Approved):
            return room.within(rest_fen)
        if wallet.family.owner != pay.by:
            raise RippleError(NOT_OWNER)
        ask_rules.insist_fits(_ask(found, bill.mid, wallet), bill.uid, bill.total_fen, clock.now())
        return room.all_of(bill.total_fen)

    def choices(self, bill: Bill) -> list[Choice]:
        """The wallet of his family, and those of closed ones that are his."""
        belonging = read_one(Belonging, belonging_key(bill.mid, bill.uid))
        if belonging is None:
            return []
        there = [*([belonging.fid] if belonging.fid else []), *(belonging.wallets or [])]
        found = read(*(key for fid in there for key in self.keys(bill.mid, bill.uid, fid))) if there else Found({})
        return [_choice(bill, found, fid) for fid in there]

    def may_hold(self, order: Order, part: Part, found: Found) -> bool:
        """Whether the wallet, the caps of the month in which it was ordered, and everybody's state allow it now."""
        try:
            wallet = _wallet(found, order.mid, order.uid, part.ref)
            room = caps.room(wallet.family, wallet.member, month_of(order.created_at))
            return room.within(part.fen) == part.fen
        except RippleError:
            return False

    def add_hold(self, tx: Transaction, order: Order, part: Part, found: Found, *, captured: bool) -> None:
        wallet = _wallet(found, order.mid, order.uid, part.ref)
        spends.add_hold(tx, order, part, wallet, captured=captured)
        if wallet.ask_id is not None:
            add_decided(tx, found, ask_key(order.mid, wallet.family.fid, wallet.ask_id), AskState.APPROVED, order)

    def add_capture(self, tx: Transaction, order: Order, part: Part) -> None:
        spends.add_capture(tx, order, part)

    def add_release(self, tx: Transaction, order: Order, part: Part) -> None:
        spends.add_release(tx, order, part)

    def add_back(self, tx: Transaction, order: Order, part: Part, fen: int) -> None:
        spends.add_back(tx, order, part, fen)


FAMILY = FamilyTender()


def _wallet(found: Found, mid: MerchantId, uid: str, ref: str) -> Wallet:
    """The wallet, of somebody who may spend of it; that of a closed family is its owner's alone, unless he is frozen.

    Raises `FAMILY_UNKNOWN`, `MEMBER_FROZEN` and what `standing.insist_may_spend` raises.
    """
    fid, _, ask_id = ref.partition(".")
    family, member = found.item(Family, family_key(mid, fid)), found.item(Member, member_key(mid, fid, uid))
    if family is None or member is None:
        raise RippleError(FAMILY_UNKNOWN)
    if family.status is not FamilyState.CLOSED or family.owner != uid:
        standing.insist_may_spend(*standing.seen(found, mid, fid, uid), clock.now())
    elif member.frozen_by is not None:
        raise RippleError(MEMBER_FROZEN)
    return Wallet(family, member, ask_id or None)


def _ask(found: Found, mid: MerchantId, wallet: Wallet) -> Ask | None:
    return found.item(Ask, ask_key(mid, wallet.family.fid, wallet.ask_id or ""))


def _choice(bill: Bill, found: Found, fid: str) -> Choice:
    """What it would pay now, or why not and what he can do instead."""
    family, worth, why = found.item(Family, family_key(bill.mid, fid)), 0, None
    try:
        wallet = _wallet(found, bill.mid, bill.uid, fid)
        worth = caps.room(wallet.family, wallet.member, month_of(clock.now())).within(bill.total_fen)
    except RippleError as refused:
        why = refused
    return Choice(
        tender=NAME,
        ref=fid,
        **_titles(family, bill.uid),
        worth_fen=worth,
        why_not=why.problem.code if why else None,
        why_not_zh=_said(why, "zh"),
        why_not_en=_said(why, "en"),
        until=None,
    )


def _titles(family: Family | None, uid: str) -> dict[str, str]:
    """What a wallet is called: by its family's name, where he may see that."""
    zh, en = "家庭钱包", "Family wallet"
    if family is not None and (name := family.name_for(uid)) is not None:
        zh, en = f"{zh}「{name}」", f"{en} “{name}”"
    if family is not None and family.status is FamilyState.CLOSED:
        zh, en = f"{zh}（已关闭）", f"{en} (closed)"
    return {"title_zh": zh, "title_en": en}


def _said(why: RippleError | None, language: Language) -> str | None:
    """What forbids it, and what he can do instead."""
    if why is None:
        return None
    told = why.told(language)
    return f"{told['detail']}{'；' if language == 'zh' else ' '}{told['next']}"
