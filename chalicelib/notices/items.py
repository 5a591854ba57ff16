"""What is stored of notices: consents, what a user wants and was told lately, messages, and plans of reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.merchants.items import Setup
from chalicelib.notices.moments import Moment, Sort
from chalicelib.notices.states import NoticeState
from chalicelib.notices.templates import NoticeTerms


class NoticeSetup(Setup):
    """What a merchant tells users; each change is an edition."""

    letter = "MER"
    prefix = "NOTICES"

    terms = StructAttribute[NoticeTerms](NoticeTerms)


class Ban(msgspec.Struct, frozen=True):
    """A template that WeChat no longer sends."""

    template_id: str
    code: str
    at: datetime


class Bans(Item):
    """The merchant's templates that WeChat has banned: nothing is sent with them until he says that they are mended."""

    letter = "MER"
    prefix = "BANS"

    bans = StructAttribute[list[Ban]](list[Ban])


class Act(msgspec.Struct, frozen=True):
    """A consent of which one side has told, and the other not yet."""

    by: Literal["client", "wechat"]
    at: datetime


class Consent(Item):
    """What a user lets be sent with one template: one message for each time that he said yes.

    ``granted ≥ left + sent``, always: what is missing WeChat knew nothing of, or the user took back.
    """

    letter = "U"
    prefix = "CON#"

    granted = IntAttribute()
    left = IntAttribute()
    sent = IntAttribute()
    """Taken by messages that were sent, or may have been."""
    acts = StructAttribute[list[Act]](list[Act])
    """The last ones, so that an act of which client and WeChat both tell counts once."""
    off_at = TimeAttribute(null=True)
    """Since when he wants no message of this template; his next consent ends that."""

    @property
    def template_id(self) -> str:
        """The template."""
        return self.sk.split("#", 1)[1]


class Habit(Item):
    """What a user wants, and what he was told lately."""

    letter = "U"
    prefix = "NOTICED"

    language = StructAttribute[Language](Language, null=True)
    """In which he reads the mini-program."""
    unwanted = StructAttribute[list[Sort]](list[Sort], null=True)
    """What he wants none of."""
    day = UnicodeAttribute(null=True)
    reminders = IntAttribute(null=True)
    """Reminders and offers of that day."""
    busy_until = TimeAttribute(null=True)
    """One message at a time is sent to a user (43108): until when this one may take."""


class Notice(Item):
    """What a user was told of one object at one moment, or why he was not. There is one at most."""

    letter = "U"
    prefix = "MSG#"

    state = StateAttribute(NoticeState)
    why = UnicodeAttribute(null=True)
    """Why it was dropped (`states.Why`), or WeChat's code."""
    sort = StructAttribute[Sort](Sort)
    template = UnicodeAttribute(null=True)
    taken = IntAttribute(default=0)
    """1 where it has taken a consent."""
    msgid = UnicodeAttribute(null=True)
    result = UnicodeAttribute(null=True)
    """What WeChat told of its delivery afterwards: ``ok``, or its code."""
    at = TimeAttribute()

    @property
    def uid(self) -> UserId:
        """Whose it is."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def moment(self) -> Moment:
        """Why it was told."""
        return Moment(self.sk.split("#", 2)[1])

    @property
    def object(self) -> str:
        """Of what."""
        return self.sk.split("#", 2)[2]


class Plan(Item):
    """That a user is to be reminded of an object when that is of most use; its due entry is when it is looked at."""

    letter = "U"
    prefix = "RMD#"

    created_at = TimeAttribute()
    moment = StateAttribute(Moment, null=True)
    """Of which he is told next."""

    @property
    def uid(self) -> UserId:
        """Who is reminded."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def object(self) -> tuple[str, str]:
        """Kind and id of what he is reminded of."""
        _, kind, ident = self.sk.split("#", 2)
        return kind, ident


def setup_key(mid: MerchantId) -> Key:
    """Where a merchant's templates stand."""
    return table(mid).key("MER", sk="NOTICES")


def bans_key(mid: MerchantId) -> Key:
    """Where his banned templates stand."""
    return table(mid).key("MER", sk="BANS")


def consent_key(mid: MerchantId, uid: str, template_id: str) -> Key:
    """Where a user's consents to a template stand."""
    return table(mid).key("U", uid, sk=f"CON#{template_id}")


def habit_key(mid: MerchantId, uid: str) -> Key:
    """Where what a user wants stands."""
    return table(mid).key("U", uid, sk="NOTICED")


def notice_key(mid: MerchantId, uid: str, moment: Moment, ident: str) -> Key:
    """Where what a user was told of an object stands."""
    return table(mid).key("U", uid, sk=f"MSG#{moment.value}#{ident}")


def plan_key(mid: MerchantId, uid: str, kind: str, ident: str) -> Key:
    """Where the plan to remind a user of an object stands."""
    return table(mid).key("U", uid, sk=f"RMD#{kind}#{ident}")
