"""What WeChat is told of a transfer: its scene, what it is for, to whom, and the same each time."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.cash.problems import CASH_NAME_NEEDED, CASH_PAUSED
from chalicelib.core import secrets
from chalicelib.core.errors import RippleError
from chalicelib.merchants.cash import Marketing
from chalicelib.rewards.states import CashState, Why
from tests.cash import shop
from tests.town import Town

GREAT = shop.with_limits(fen_a_day=1_000_000, fen_a_year=1_000_000, most_fen=500_000)


def sent(town: Town, person: Any, ref: str = shop.REF) -> dict[str, Any]:
    """The body as WeChat got it."""
    found = shop.at_wechat(town, person, ref)
    assert found is not None
    body: dict[str, Any] = found["body"]
    return body


def reports(body: dict[str, Any]) -> dict[str, str]:
    return {info["info_type"]: info["info_content"] for info in body["transfer_scene_report_infos"]}


def test_what_a_campaign_gives_is_marketing(town: Town) -> None:
    title = "秋茶好友团" * 7
    ann, campaign = town.person("ann"), shop.opened(town, title=title)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    body = sent(town, ann)
    assert body["transfer_scene_id"] == "1000"
    assert reports(body) == {"活动名称": title[:32], "奖励说明": "下单有礼"}
    assert body["transfer_amount"] == 100
    assert "user_recv_style" not in body
    assert "user_name" not in body


def test_a_commission_is_one_with_its_post_and_description(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000", "1005"])
    shop.given(town, campaign, ann, why=shop.COMMISSION)
    assert shop.tap(town, ann).confirm
    body = sent(town, ann)
    assert body["transfer_scene_id"] == "1005"
    assert reports(body) == {"岗位类型": "推广员", "报酬说明": "好友下单的推荐奖励"}


@pytest.mark.parametrize(("fen", "styled"), [(20_000, True), (20_001, False)])
def test_a_small_one_may_look_like_a_red_packet(town: Town, fen: int, styled: bool) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.set_up(town, msgspec.structs.replace(GREAT, marketing=Marketing(red_packet=True)))
    shop.given(town, campaign, ann, amount=fen)
    assert shop.tap(town, ann).confirm
    assert (sent(town, ann).get("user_recv_style") == {"type": "RED_PACKET"}) == styled


def test_from_two_thousand_yuan_on_the_payee_is_named(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=1_000_000, cash=1_000_000)
    shop.set_up(town, GREAT)
    town.act("/_sim/real-names", name="ann", real_name="安小姐")
    shop.given(town, campaign, ann, amount=200_000)
    shop.given(town, campaign, ann, "gift-2", amount=199_999)
    for name in (None, "  "):
        with pytest.raises(RippleError, match=CASH_NAME_NEEDED.code):
            shop.tap(town, ann, name=name)
    shop.confirm(town, shop.tap(town, ann, name="安小姐"), ann)
    assert shop.cash(town, ann).state is CashState.PAID
    assert shop.tap(town, ann, "gift-2", name="安小姐").confirm
    assert "user_name" not in sent(town, ann, "gift-2")


def test_neither_body_nor_page_is_stored_to_be_read(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    tapped = shop.tap(town, ann)
    assert tapped.confirm is not None
    found = shop.cash(town, ann)
    assert found.body is not None
    assert found.package is not None
    stored = str([raw for raw in town.emulator.items() if raw["sk"]["S"].startswith("CSH#")])
    at_wechat = shop.at_wechat(town, ann)
    assert at_wechat is not None
    assert at_wechat["openid"] not in stored
    assert tapped.confirm["package"] not in stored


def test_a_merchant_without_a_key_to_seal_with_pays_nothing_yet(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    mid = shop.mid_of(town)
    before = secrets.merchant_secrets(mid)
    secrets.store_secrets(mid, msgspec.structs.replace(before, data_keys={}, data_kid=""))
    with pytest.raises(RippleError, match=CASH_PAUSED.code):
        shop.tap(town, ann)
    assert shop.cash(town, ann).state is CashState.CLAIMABLE


def test_a_merchant_who_pauses_his_cash_offers_nothing(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben)
    town.sim.faults.add("transfer", "unreachable")
    shop.tap(town, ann)
    shop.set_up(town, msgspec.structs.replace(shop.TERMS, paused=True))
    with pytest.raises(RippleError, match=CASH_PAUSED.code):
        shop.tap(town, ben)
    town.pass_time(1800)
    assert shop.at_wechat(town, ann) is None
    shop.set_up(town)
    town.pass_time(900)
    assert shop.cash(town, ann).state is CashState.WAITING


@pytest.mark.parametrize(("scene", "why"), [("marketing", Why.AFTER_ORDER), ("commission", shop.COMMISSION)])
def test_without_its_own_scene_nothing_is_offered_in_another(town: Town, scene: str, why: Why) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, why=why)
    shop.set_up(town, msgspec.structs.replace(shop.TERMS, **{scene: None}))
    with pytest.raises(RippleError, match=CASH_PAUSED.code):
        shop.tap(town, ann)
    assert shop.cash(town, ann).state is CashState.CLAIMABLE
