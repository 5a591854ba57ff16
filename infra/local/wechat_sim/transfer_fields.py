"""Field rules of a transfer: its members, what each scene wants to be told, and the payee's name.

The rules of scenes 1000 and 1005 are WeChat's; of the other scenes it is only known that they exist, so any report and
any perception is taken there. Ours: which of two applicable refusals comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.local.wechat_sim import crypto
from infra.local.wechat_sim.fields import Field, array, notify_url, number, record, text
from infra.local.wechat_sim.refusal import PayRefusal, invalid
from infra.local.wechat_sim.world import Merchant

NAME_ALLOWED = 30
NAME_NEEDED = 200_000
RED_PACKET_MOST = 20_000

REPORT = record({"info_type": Field(text(15), required=True), "info_content": Field(text(32), required=True)})
TRANSFER = record(
    {
        "appid": Field(text(32), required=True),
        "out_bill_no": Field(text(32, pattern=r"[0-9A-Za-z]+"), required=True),
        "transfer_scene_id": Field(text(36), required=True),
        "openid": Field(text(64), required=True),
        "user_name": Field(text(1024)),
        "transfer_amount": Field(number(1), required=True),
        "transfer_remark": Field(text(32), required=True),
        "notify_url": Field(notify_url(256)),
        "user_recv_perception": Field(text(32)),
        "transfer_scene_report_infos": Field(array(REPORT), required=True),
        "user_recv_style": Field(
            record({"type": Field(text(32, one_of=("CONFIRM_PAGE", "RED_PACKET")), required=True)})
        ),
    }
)


@dataclass(frozen=True)
class Scene:
    """What transfers of one scene must say; None where that is not known."""

    reports: frozenset[str] | None = None
    perceptions: frozenset[str] | None = None
    least: int = 1
    red_packet: bool = False


MARKETING = Scene(frozenset({"活动名称", "奖励说明"}), frozenset({"活动奖励", "现金奖励"}), least=10, red_packet=True)
COMMISSION = Scene(frozenset({"岗位类型", "报酬说明"}), frozenset({"劳务报酬", "企业补贴"}))
SCENES = {"1000": MARKETING, "1005": COMMISSION} | {
    number: Scene() for number in ("1002", "1004", "1009", "1010", "1011", "1013")
}


def check(merchant: Merchant, sent: dict[str, Any], key_id: str | None) -> str | None:
    """The payee's name that is sealed in what was sent. Raises `PayRefusal` for anything that is not as it must be."""
    TRANSFER("", sent)
    if sent["appid"] != merchant.appid:
        raise invalid("/appid", "appid与商户号没有绑定关系", sent["appid"])
    scene = SCENES.get(sent["transfer_scene_id"])
    if scene is None:
        raise invalid("/transfer_scene_id", "转账场景不存在", sent["transfer_scene_id"])
    _check_scene(scene, sent)
    return _name(merchant, sent, key_id)


def _check_scene(scene: Scene, sent: dict[str, Any]) -> None:
    reported = [info["info_type"] for info in sent["transfer_scene_report_infos"]]
    if len(set(reported)) != len(reported) or scene.reports not in (None, frozenset(reported)):
        raise invalid("/transfer_scene_report_infos", "未传入完整且对应的转账场景报备信息，请根据接口文档检查")
    if sent["transfer_amount"] < scene.least:
        raise invalid("/transfer_amount", "转账金额低于该场景的最低限额", sent["transfer_amount"])
    perception = sent.get("user_recv_perception")
    if perception and scene.perceptions is not None and perception not in scene.perceptions:
        raise PayRefusal(400, "INVALID_REQUEST", "暂不支持展示当前传入的用户收款感知")
    if sent.get("user_recv_style", {}).get("type") == "RED_PACKET":
        if not scene.red_packet:
            raise invalid("/user_recv_style/type", "该转账场景不支持红包样式")
        if sent["transfer_amount"] > RED_PACKET_MOST:
            raise invalid("/transfer_amount", "红包样式单笔不能超过200元", sent["transfer_amount"])


def _name(merchant: Merchant, sent: dict[str, Any], key_id: str | None) -> str | None:
    if "user_name" not in sent:
        if sent["transfer_amount"] >= NAME_NEEDED:
            raise invalid("/user_name", "转账金额大于等于2000元时，收款用户姓名必填")
        return None
    if sent["transfer_amount"] < NAME_ALLOWED:
        raise invalid("/user_name", "转账金额小于0.3元时，不支持传入收款用户姓名")
    if key_id is None:
        raise PayRefusal(400, "PARAM_ERROR", "含敏感字段的请求，Http头缺少Wechatpay-Serial")
    try:
        return crypto.opened(merchant.key, sent["user_name"])
    except ValueError:
        raise invalid("/user_name", "敏感字段解密失败") from None
