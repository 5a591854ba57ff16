"""What is stored of invitations that are rewarded: a friend who may bring something, and how many of one's count."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.items import Snapshot, snapshot_key
from chalicelib.campaigns.kinds.invite import InviteOffer, StageOn
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.core.table import IntAttribute, Item, Key, TimeAttribute, table
from chalicelib.invite.items import bound
from chalicelib.rewards.items import grant_key

FOLLOWER = "invite"
"""By which name orders know that this room follows them."""


class Friend(Item):
    """Somebody for whom his inviter was promised something: what he does until then may bring it."""

    letter = "U"
    prefix = "FRIEND"

    inviter = UnicodeAttribute()
    cid = UnicodeAttribute()
    version = IntAttribute()
    """Of its campaign's rules: those hold to the end."""
    until = TimeAttribute()
    """What he does later brings nothing."""
    counts_at = TimeAttribute(null=True)
    """When he counts towards thresholds; absent where there are none, or where he does not count."""
    counted_at = TimeAttribute(null=True)
    order = UnicodeAttribute(null=True)
    """His first order that counts."""
    over_at = TimeAttribute(null=True)
    """When nothing more was awaited of him."""
    accepted_at = TimeAttribute()

    @property
    def uid(self) -> UserId:
        """Who he is."""
        return UserId(self.pk.split("#", 1)[1])


class Progress(Item):
    """How many friends of a user's count towards the thresholds of a campaign."""

    letter = "U"
    prefix = "FRIENDS#"

    n = IntAttribute()

    @property
    def uid(self) -> UserId:
        """Whose friends."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> str:
        """In which campaign."""
        return self.sk.removeprefix(self.prefix)


def friend_key(mid: MerchantId, uid: str) -> Key:
    """Where it stands what a user may bring his inviter."""
    return table(mid).key("U", uid, sk="FRIEND")


def progress_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where a user's progress in a campaign stands."""
    return table(mid).key("U", uid, sk=f"FRIENDS#{cid}")


def friends_index(mid: MerchantId, inviter: str, cid: str) -> str:
    """An index partition of those who may bring a user something in a campaign."""
    return table(mid).pk("FRIENDS", inviter, cid)


def listed(friend: Friend) -> tuple[str, str]:
    """Where a friend is in his inviter's list."""
    return friends_index(friend.mid, friend.inviter, friend.cid), bound(friend.accepted_at, friend.uid)


def stage_key(friend: Friend, on: StageOn) -> Key:
    """Where the grant for a stage of a friend's stands: at his inviter, once for each."""
    return grant_key(friend.mid, friend.inviter, stage_ref(friend.uid, on.value))


def stage_ref(child: str, what: str) -> str:
    """What the grant for a stage of a friend's, or for his welcome, is called."""
    return f"inv.{child}.{what}"


def threshold_ref(cid: str, friends: int) -> str:
    """What the grant for a threshold is called."""
    return f"thr.{cid}.{friends}"


def commissions(cid: str) -> str:
    """How the names of all commission of a campaign begin: they stand together."""
    return f"com.{cid}."


def commission_ref(cid: str, oid: str, level: int) -> str:
    """What the grant of an order's commission is called."""
    return f"{commissions(cid)}{oid}.{level}"


def level_of(ref: str) -> int:
    """The level that a commission's reference ends with."""
    return int(ref.rpartition(".")[2])


def offer_of(mid: MerchantId, cid: str, version: int) -> InviteOffer:
    """The rules under which something was promised."""
    snapshot = read_one(Snapshot, snapshot_key(mid, cid, version))
    if snapshot is None or not isinstance(snapshot.offer, InviteOffer):
        raise LookupError(f"the rules of a promise: {cid} {version}")
    return snapshot.offer


def over(friend: Friend, grace_until: datetime) -> datetime:
    """When a friend is looked at next: when he counts, if he has not yet, or when all is over."""
    if friend.counts_at is not None and friend.counted_at is None:
        return min(friend.counts_at, grace_until)
    return grace_until
