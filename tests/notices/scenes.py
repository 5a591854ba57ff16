"""The situations of messages in which things may happen at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import entry_key
from chalicelib.notices.moments import Moment
from chalicelib.notices.telling import MESSAGE, number
from infra.local.client import Person
from tests.notices import shop
from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act, Scene
from tests.town import Town

NIGHT = 7_500
"""Seconds from when scenes begin to five past ten in the evening."""


def sent(town: Town, person: Person, moment: Moment = Moment.PAID, ident: str = "o1") -> Act:
    """A worker takes the message."""
    known = number(UserId(person.uid), moment, ident)
    return falls_due(town, entry_key(MerchantId(town.merchant.mid), MESSAGE, known))


def says_yes(person: Person, *moments: Moment) -> Act:
    """A client tells that its user agreed, however often."""
    results = {shop.template_id(moment): "accept" for moment in moments}
    return lambda: shop.reports(person, results, key=one_key(person, "says yes"))


def wants(person: Person, *unwanted: str) -> Act:
    return lambda: person.api.call("PUT", "/v1/me/notices", {"unwanted": list(unwanted)})


def resets(town: Town, said: dict[str, Any]) -> Act:
    """The merchant replaces the templates as he sees them now, however often his request is sent."""
    edition = town.admin.get("/v1/admin/notices")["edition"]
    return lambda: shop.put(town, said, edition)


def one_consent(town: Town) -> Mapping[str, Act]:
    """Ann has agreed once and is told twice; Ben has agreed, as his client says, and WeChat knows nothing of it."""
    ann, ben = people(town, "ann", "ben")
    first = resets(town, shop.terms(Moment.PAID))
    shop.says(town, Moment.PAID, Moment.SHIPPED)
    shop.consents(town, ann, Moment.PAID)
    shop.reports(ben, {shop.template_id(Moment.PAID): "accept"}).expect(200)
    for ident in ("o1", "o2"):
        shop.told(town, ann, ident=ident)
    shop.told(town, ben, ident="o3")
    return {
        "ann is told of one": sent(town, ann, ident="o1"),
        "ann is told of another": sent(town, ann, ident="o2"),
        "ben is told": sent(town, ben, ident="o3"),
        "ann says yes": says_yes(ann, Moment.PAID, Moment.SHIPPED),
        "the shop tells of one thing only": resets(town, shop.terms(Moment.PAID)),
        "the shop's first words come late": first,
    }


def in_trouble(town: Town) -> Mapping[str, Act]:
    """Somebody else sends to Ann just now; a word is forbidden; two templates are banned; of Eve nobody will know."""
    ann, ben, cat, dan, eve = people(town, "ann", "ben", "cat", "dan", "eve")
    shop.says(town, Moment.PAID, Moment.SHIPPED, Moment.REFUNDED)
    moments = (Moment.PAID, Moment.PAID, Moment.SHIPPED, Moment.REFUNDED, Moment.PAID)
    for person, moment in zip((ann, ben, cat, dan, eve), moments, strict=True):
        ident, title = f"of-{person.name}", "赌博" if person is ben else "茶"
        shop.consents(town, person, moment)
        shop.told(town, person, moment, ident, ("order", ident), title=title)
    shop.bans_at_wechat(town, Moment.SHIPPED, Moment.REFUNDED)
    shop.fault(town, "overlap", match="o=of-ann")
    shop.fault(town, "lost", match="o=of-eve")
    mended = f"/v1/admin/notices/templates/{shop.template_id(Moment.SHIPPED)}/mended"
    return {
        "ann is told": sent(town, ann, ident="of-ann"),
        "ben is told": sent(town, ben, ident="of-ben"),
        "cat is told": sent(town, cat, Moment.SHIPPED, "of-cat"),
        "dan is told": sent(town, dan, Moment.REFUNDED, "of-dan"),
        "eve is told": sent(town, eve, ident="of-eve"),
        "one is mended": lambda: town.admin.call("POST", mended, {}, key="mended-by-the-owner"),
    }


def offered(town: Town) -> Mapping[str, Act]:
    """Two offers of which Ann may have one a day, one of which Ben may have; each may want none."""
    ann, ben = people(town, "ann", "ben")
    old = f"/v1/admin/notices/templates/{shop.banned(town)}/mended"
    shop.says(town, Moment.RECALL, Moment.THANKS, reminders_a_day=2)
    shop.consents(town, ann, Moment.RECALL, Moment.THANKS)
    shop.consents(town, ben, Moment.RECALL)
    wants(ben, "reminder")()
    shop.told(town, ann, Moment.THANKS, "of-old", ("campaign", "c1"))
    sent(town, ann, Moment.THANKS, "of-old")()
    shop.consents(town, ann, Moment.RECALL)
    shop.says(town, Moment.RECALL, Moment.THANKS, reminders_a_day=2)
    for ident in ("r1", "r2"):
        shop.told(town, ann, Moment.RECALL, ident, ("campaign", "c1"))
    shop.told(town, ben, Moment.RECALL, "r1", ("campaign", "c1"))
    return {
        "ann is told of one": sent(town, ann, Moment.RECALL, "r1"),
        "ann is told of another": sent(town, ann, Moment.RECALL, "r2"),
        "ben is told": sent(town, ben, Moment.RECALL, "r1"),
        "ann wants no offers": wants(ann, "offer"),
        "ben wants no offers": wants(ben, "offer", "reminder"),
        "an old template is mended": lambda: town.admin.call("POST", old, {}, key="mended-by-the-owner"),
        "night falls": lambda: clock.advance(NIGHT),
    }


SCENES = [
    Scene("notices_one_consent", one_consent),
    Scene("notices_in_trouble", in_trouble),
    Scene("notices_offered", offered),
]
