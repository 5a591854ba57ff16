"""What is stored of families: the family, who is in it, what its wallet holds, gained and gave, and what is asked."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import NewType

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.items import NameCheck, NameState
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.family.states import (
    AskState,
    FamilyState,
    InvitationState,
    MemberState,
    Mode,
    Role,
)

FamilyId = NewType("FamilyId", str)


class Family(Item):
    """One family and its wallet, at most 1 KB. Given and bought value are apart (rules M1, M2)."""

    letter = "F"
    prefix = "META"

    name = UnicodeAttribute()
    name_state = StateAttribute(NameState)
    """Whether others than whoever gave it see it (rules W14)."""
    owner = UnicodeAttribute()
    status = StateAttribute(FamilyState)
    mode = StateAttribute(Mode)
    size = IntAttribute()
    """How many people belong to it, its owner among them."""
    granted = IntAttribute(default=0)
    """Fen that were given, and are spent first."""
    paid = IntAttribute(default=0)
    """Fen that somebody bought. They never expire."""
    held = IntAttribute(default=0)
    """How many orders hold something of it that may still come back unspent."""
    arriving = IntAttribute(null=True)
    """Fen of top-ups that were ordered and may still be paid."""
    cap = IntAttribute(null=True)
    """What all of its members together may spend in a month, in fen; absent where nothing bounds it."""
    month = UnicodeAttribute(null=True)
    """The month that ``spent`` counts, in China; it never goes back."""
    spent = IntAttribute(null=True)
    """What all of its members took of the wallet in that month, approved or not; counted where there is no cap too."""
    restores = IntAttribute(null=True)
    """1 where what comes back of an order may be spent again in its month."""
    open_balance = IntAttribute(null=True)
    """1 where members see what the wallet holds."""
    offered_to = UnicodeAttribute(null=True)
    """Who shall own it, as soon as he agrees."""
    offered_at = TimeAttribute(null=True)
    frozen_by = UnicodeAttribute(null=True)
    """``owner``, or the merchant's key; what the merchant froze its owner cannot unfreeze."""
    note = UnicodeAttribute(null=True)
    """Why, in the merchant's words."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    closed_at = TimeAttribute(null=True)
    named_at = TimeAttribute(null=True)
    """When it was given its name."""
    name_check = StructAttribute[NameCheck](NameCheck, null=True)
    """What WeChat said of it."""
    credits = IntAttribute(null=True)
    """How often bought value came in."""
    adjusted_on = UnicodeAttribute(null=True)
    """The day in China that ``adjusted`` counts."""
    adjusted = IntAttribute(null=True)
    """Fen that keys of the merchant have put right on that day, up or down, each without another's word."""
    frozen_at = TimeAttribute(null=True)
    """Since when nobody spends, whoever of owner and merchant froze it first; with ``frozen_by``."""

    @property
    def fid(self) -> FamilyId:
        """Its id."""
        return FamilyId(self.pk.split("#", 1)[1])

    @property
    def balance(self) -> int:
        """What can be spent of it, in fen."""
        return self.granted + self.paid

    def name_for(self, uid: str) -> str | None:
        """The name as somebody sees it; None where he may not (rules W14)."""
        return self.name if self.name_state is NameState.SHOWN or self.owner == uid else None


class Consent(msgspec.Struct, frozen=True, array_like=True):
    """That a minor's guardian agreed (rules D3)."""

    by: str
    """The guardian: the owner of the family, then."""
    at: datetime


class Member(Item):
    """Somebody in a family, its owner among them; who has left stays, so that his month is not forgotten."""

    letter = "F"
    prefix = "MBR#"

    role = StateAttribute(Role)
    state = StateAttribute(MemberState)
    active_from = TimeAttribute()
    """Before this he spends nothing."""
    per = IntAttribute(null=True)
    """The most that he may spend at once, in fen; absent for the owner, whose spending has no cap."""
    cap = IntAttribute(null=True)
    """The most that he may spend in a month; absent for the owner."""
    month = UnicodeAttribute(null=True)
    """The month that ``spent`` and ``approved`` count, in China; it never goes back."""
    spent = IntAttribute(default=0)
    """What he took of the wallet by himself in that month, held or captured."""
    approved = IntAttribute(default=0)
    """What the owner approved for him in that month, outside his caps."""
    consent = StructAttribute[Consent](Consent, null=True)
    """A minor's."""
    frozen_by = UnicodeAttribute(null=True)
    """``owner``, or the merchant's key; of who has left, who had him frozen then."""
    joined_at = TimeAttribute()
    left_at = TimeAttribute(null=True)
    frozen_at = TimeAttribute(null=True)
    """Since when he does not spend, whoever of owner and merchant froze him first; with ``frozen_by``."""

    @property
    def fid(self) -> FamilyId:
        """Of which family."""
        return FamilyId(self.pk.split("#", 1)[1])

    @property
    def uid(self) -> UserId:
        """Who."""
        return UserId(self.sk.removeprefix(self.prefix))


class Belonging(Item):
    """Which family a user belongs to: one at most."""

    letter = "U"
    prefix = "FAM"

    fid = UnicodeAttribute(null=True)
    locked_until = TimeAttribute(null=True)
    """Before this he joins none, since he has left one."""
    wallets = StructAttribute[list[str]](list[str], null=True)
    """The closed families whose wallets are his."""
    left = UnicodeAttribute(null=True)
    """The family that he was in last: what the merchant froze there he is frozen in again (`rules.kept_frozen`)."""

    @property
    def uid(self) -> UserId:
        """Who."""
        return UserId(self.pk.split("#", 1)[1])


class Invitation(Item):
    """An invitation, found by its code alone: for one person, once."""

    letter = "FI"
    prefix = "META"

    fid = UnicodeAttribute()
    state = StateAttribute(InvitationState)
    role = StateAttribute(Role)
    """Of whoever accepts: adult or minor."""
    per = IntAttribute()
    cap = IntAttribute()
    by = UnicodeAttribute()
    used_by = UnicodeAttribute(null=True)
    until = TimeAttribute()
    """The last instant at which it may be accepted."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()

    @property
    def code(self) -> str:
        """What is typed, scanned or tapped."""
        return self.pk.split("#", 1)[1]


class Cart(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks his owner to pay for: which act of a play, on what, and the options that decide its price."""

    act: str
    """By name in `plugged.CARTS`."""
    target: str
    """The campaign, group or bargain that it is done with."""
    sku_id: str | None = None
    province: str | None = None
    pickup_point: str | None = None
    terms: str | None = None
    """Which edition of the merchant's terms whoever asks has read; of a punch card."""


class Ask(Item):
    """A request to the owner. It holds no stock and has no order; approving it makes the order."""

    letter = "F"
    prefix = "ASK#"

    uid = UnicodeAttribute()
    state = StateAttribute(AskState)
    cart = StructAttribute[Cart](Cart)
    title = UnicodeAttribute()
    total_fen = IntAttribute()
    """What the order costs; an approval at another price is refused."""
    until = TimeAttribute()
    """The last instant at which it may be approved."""
    oid = UnicodeAttribute(null=True)
    """The order, once there is one."""
    decided_at = TimeAttribute(null=True)
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()

    @property
    def fid(self) -> FamilyId:
        """Of which family."""
        return FamilyId(self.pk.split("#", 1)[1])

    @property
    def ask_id(self) -> str:
        """Its id among its family's."""
        return self.sk.removeprefix(self.prefix)


def family_key(mid: MerchantId, fid: str) -> Key:
    """Where a family stands."""
    return table(mid).key("F", fid)


def member_key(mid: MerchantId, fid: str, uid: str) -> Key:
    """Where somebody in a family stands."""
    return table(mid).key("F", fid, sk=f"MBR#{uid}")


def belonging_key(mid: MerchantId, uid: str) -> Key:
    """Where it stands which family a user belongs to."""
    return table(mid).key("U", uid, sk="FAM")


def invitation_key(mid: MerchantId, code: str) -> Key:
    """Where an invitation stands."""
    return table(mid).key("FI", code)


def ask_key(mid: MerchantId, fid: str, ask_id: str) -> Key:
    """Where a request to the owner stands."""
    return table(mid).key("F", fid, sk=f"ASK#{ask_id}")


def month_of(instant: datetime) -> str:
    """The month in China at an instant, which is what caps count by; as text they sort as months do."""
    return clock.day_of(instant).isoformat()[:7]


def people_index(mid: MerchantId, fid: str) -> str:
    """The index partition that lists the invitations of a family (``I#time``) and its requests (``A#time``)."""
    return table(mid).pk("F", fid)


FAMILY_SHARDS = 8


def families_index(mid: MerchantId, shard: int) -> str:
    """One shard of the index (gsi3) that lists a merchant's families, by when they were made (`place`)."""
    return table(mid).pk("FAMS", str(shard))


def hidden_names_index(mid: MerchantId) -> str:
    """The index partition (gsi1) of families whose names wait for the merchant, by when they were given (`place`)."""
    return table(mid).pk("FNAMES", "0")


def shard_of(fid: str) -> int:
    """In which shard of its merchant's list a family is."""
    return zlib.crc32(fid.encode()) % FAMILY_SHARDS


def place(at: datetime, ident: str) -> str:
    """Where something of that instant is in a list by time."""
    return f"{clock.iso(at)}#{ident}"
