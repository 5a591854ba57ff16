"""A consent of which WeChat and the client both tell, while messages are sent and it is taken back."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from chalicelib.notices.moments import Moment
from infra.local.wechat_sim.push import Letter
from tests.notices import shop
from tests.proof.acts import one_key, people
from tests.proof.stage import Act, Scene
from tests.push import mall
from tests.town import Town


def handed_on(town: Town, letter: Letter) -> Act:
    """WeChat, or a mall, tells of it, as often as it likes."""

    def act() -> int | None:
        answer = mall.handed_on(town, letter)
        return answer[0] if answer else None

    return act


def pushed_consents(town: Town) -> Mapping[str, Act]:
    """Ann has agreed twice, has been told nothing yet of what happened, and switched it off in between."""
    shop.says(town, Moment.PAID)
    town.listen()
    ann, ben = people(town, "ann", "ben")
    shop.consents(town, ben, Moment.PAID)
    for person in (ann, ben):
        mall.chooses(town, person, paid="accept")
    anns, bens = mall.letters(town)
    clock.advance(1)
    mall.switches_off(town, ben, Moment.PAID)
    (off,) = mall.letters(town)
    shop.told(town, ann)
    shop.told(town, ben)
    template = shop.template_id(Moment.PAID)
    return {
        "WeChat tells of ann's consent": handed_on(town, anns),
        "a mall hands it on too": handed_on(town, anns),
        "ann's client tells of it": lambda: shop.reports(ann, {template: "accept"}, key=one_key(ann, "agreed")),
        "WeChat tells of ben's second": handed_on(town, bens),
        "WeChat tells that ben switched it off": handed_on(town, off),
    }


SCENES = [Scene("pushed_consents", pushed_consents)]
