"""What WeChat pushes, as whoever is told of it hands it on: late, often, in any order."""

from __future__ import annotations

from typing import Any

from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import merchant_secrets
from chalicelib.notices.moments import Moment
from infra.local.client import Person
from infra.local.wechat_sim.push import Letter, Push
from tests.notices import shop
from tests.town import Town


def listens(town: Town, form: str = "json") -> None:
    """WeChat pushes from now on, in JSON or XML."""
    secrets = merchant_secrets(MerchantId(town.merchant.mid))
    known = {"token": secrets.push_token, "aes_key": secrets.push_aes_key, "format": form}
    url = f"https://ripple.test/notify/wechat/{town.merchant.mid}/push"
    town.act("/_sim/push", appid=town.merchant.appid, url=url, **known)


def chooses(town: Town, person: Person, **results: str) -> None:
    """Somebody is asked in WeChat, and answers of each moment; the server is told, his client not."""
    chosen = {shop.template_id(Moment(moment)): result for moment, result in results.items()}
    asked = {"appid": town.merchant.appid, "openid": shop.openid(town, person), "results": chosen}
    town.act("/_sim/messages/subscribe", **asked)


def switches_off(town: Town, person: Person, moment: Moment) -> None:
    """Somebody wants no more messages of a moment."""
    asked = {"appid": town.merchant.appid, "openid": shop.openid(town, person)}
    town.act("/_sim/messages/switch-off", **asked, template_id=shop.template_id(moment))


def letters(town: Town) -> list[Letter]:
    """All that WeChat would push now, sealed and signed; it pushes none of it itself."""
    waiting = [push for push in town.sim.pushes.all if push.due_at is not None]
    for push in waiting:
        push.due_at = None
    return [town.sim.pushes.letter(push) for push in waiting]


def handed_on(town: Town, letter: Letter) -> tuple[int, bytes] | None:
    """The mall sends us query and body as they came."""
    return town.sim.deliver(letter.url, letter.headers, letter.body)


def pushes(town: Town, openid: str, event: str, **members: Any) -> tuple[int, bytes] | None:
    """WeChat pushes one event of a kind, whatever is in it."""
    head = town.sim.pushes._head(town.merchant.appid, openid, event)
    return handed_on(town, town.sim.pushes.letter(Push(town.merchant.appid, head | members, None)))
