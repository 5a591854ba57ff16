"""What a merchant tells users, as it is now: read rarely, so that telling nothing costs nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.core import clock, log
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.table import Undecodable
from chalicelib.notices.items import Bans, NoticeSetup, bans_key, setup_key
from chalicelib.notices.moments import Moment
from chalicelib.notices.templates import NoticeTerms, Template

KEPT = timedelta(seconds=30)
"""How long a process relies on what it has read. A message is decided on what is read anew."""

NOTHING = NoticeTerms(templates=[])


class Voice(msgspec.Struct, frozen=True):
    """What a merchant tells, and the templates that WeChat has banned."""

    terms: NoticeTerms
    banned: frozenset[str]

    def of(self, moment: Moment) -> list[Template]:
        """The templates of a moment."""
        return [template for template in self.terms.templates if template.moment is moment]

    def usable(self, moment: Moment) -> list[Template]:
        """The templates that a moment can be told with."""
        return [template for template in self.of(moment) if template.template_id not in self.banned]

    def tells(self, moment: Moment) -> bool:
        """Whether he tells of a moment at all."""
        return bool(self.usable(moment))

    def named(self, moment: Moment, template_id: str | None) -> Template | None:
        """That template, if the moment can still be told with it."""
        return next((t for t in self.usable(moment) if t.template_id == template_id), None)

    def template(self, moment: Moment, language: Language | None) -> Template | None:
        """What he tells of a moment with, in the user's language if he can."""
        usable = self.usable(moment)
        return next((t for t in usable if t.language == (language or "zh")), usable[0] if usable else None)

    @property
    def template_ids(self) -> frozenset[str]:
        """All that he has named."""
        return frozenset(template.template_id for template in self.terms.templates)


_kept: dict[MerchantId, tuple[datetime, Voice]] = {}


def voice(mid: MerchantId) -> Voice:
    """What the merchant tells, at most `KEPT` old."""
    kept = _kept.get(mid)
    if kept and kept[0] > clock.now():
        return kept[1]
    return voice_now(mid)


def voice_now(mid: MerchantId) -> Voice:
    """What the merchant tells now: nothing, where that cannot be read, since a payment must not fail for it."""
    try:
        found = read(setup_key(mid), bans_key(mid))
    except Undecodable as spoiled:
        log.error("notices_unreadable", mid=mid, raised=spoiled)
        return _keep(mid, Voice(NOTHING, frozenset()))
    setup, bans = found.item(NoticeSetup, setup_key(mid)), found.item(Bans, bans_key(mid))
    banned = frozenset(ban.template_id for ban in bans.bans) if bans else frozenset()
    return _keep(mid, Voice(setup.terms if setup else NOTHING, banned))


def _keep(mid: MerchantId, said: Voice) -> Voice:
    _kept[mid] = clock.now() + KEPT, said
    return said


def forget(mid: MerchantId | None = None) -> None:
    """Read it anew the next time; of all merchants where none is named."""
    if mid is None:
        _kept.clear()
    else:
        _kept.pop(mid, None)
