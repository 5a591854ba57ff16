"""The notice of a transfer's end: believed only when WeChat provably sent it, to this merchant, just now."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat import notification, transfer
from chalicelib.wechat.notification import Forged, Notification, Probe
from chalicelib.wechat.transfer import TransferState
from infra.local.wechat_sim.notices import VARIANTS
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.wechat.scene import Scene, enter
from tests.wechat.test_notification import REASONS, Letter, Postman, read
from tests.wechat.transfers import DAY, NOTIFY_URL, confirm, offered, rich


@pytest.fixture(autouse=True)
def _money(scene: Scene) -> None:
    rich(scene)


def letter(scene: Scene, variant: str = "good", **options: Any) -> Letter:
    postman = Postman(scene)
    document = {"out_bill_no": "T1", "mchid": scene.account.mchid, "variant": variant, **options}
    scene.sim.control("POST", "/_sim/notify", document)
    return postman.letters[0]


def paid(scene: Scene) -> None:
    confirm(scene, offered(scene))


def test_a_payment_is_told_with_everything_that_matters(scene: Scene) -> None:
    paid(scene)
    event = read(scene, letter(scene))
    assert (event.event_type, event.original_type) == ("MCHTRANSFER.BILL.FINISHED", "mch_payment")
    told = notification.transfer(event)
    assert (told.out_bill_no, told.state, told.amount) == ("T1", TransferState.SUCCESS, 100)
    assert (told.mchid, told.openid, told.update_time) == (scene.account.mchid, scene.openid, clock.now())
    assert told == transfer.query(scene.account, "T1")


@pytest.mark.parametrize(
    ("end", "state", "reason"),
    [
        ("overdue", TransferState.FAIL, "OVERDUE_CLOSE"),
        ("risk", TransferState.FAIL, "TRANSFER_RISK"),
        ("cancel", TransferState.CANCELLED, "MCH_CANCEL"),
    ],
)
def test_every_end_without_payment_is_told_with_its_reason(
    scene: Scene, end: str, state: TransferState, reason: str
) -> None:
    postman = Postman(scene)
    if end == "risk":
        scene.fault("transfer", "risk")
    offered(scene)
    if end == "cancel":
        transfer.cancel(scene.account, "T1")
    clock.advance(DAY)
    scene.sim.flush()
    (came,) = postman.letters
    told = notification.transfer(read(scene, came))
    assert (told.state, told.fail_reason, told.over) == (state, reason, True)


@pytest.mark.parametrize("variant", REASONS)
def test_a_forgery_is_refused_with_its_reason(scene: Scene, variant: str) -> None:
    paid(scene)
    with pytest.raises(Forged) as forged:
        read(scene, letter(scene, variant))
    assert forged.value.reason == REASONS[variant]


def test_a_probe_is_neither_believed_nor_called_forged(scene: Scene) -> None:
    paid(scene)
    with pytest.raises(Probe):
        read(scene, letter(scene, "probe"))


@pytest.mark.parametrize("variant", ["bad_signature", "wrong_key", "wrong_serial", "probe", "no_headers"])
def test_a_forgery_may_claim_what_never_happened_and_is_refused(scene: Scene, variant: str) -> None:
    offered(scene)
    with pytest.raises((Forged, Probe)):
        read(scene, letter(scene, variant))
    assert scene.sim.control("GET", "/_sim/transfers")["transfers"][0]["state"] == "WAIT_USER_CONFIRM"
    with pytest.raises(ControlRefusal, match="not over"):
        letter(scene)


@pytest.mark.parametrize(
    "variant", sorted(VARIANTS - {"bad_signature", "wrong_key", "wrong_serial", "probe", "no_headers"})
)
def test_nothing_validly_signed_claims_what_never_happened(scene: Scene, variant: str) -> None:
    offered(scene)
    with pytest.raises(ControlRefusal, match="not over"):
        letter(scene, variant)


def test_a_notice_of_another_merchant_is_refused(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    paid(scene)
    with pytest.raises(Forged) as forged:
        read(other, letter(scene))
    assert forged.value.reason == "serial"


@pytest.mark.parametrize(
    ("field", "name"), [("amount", "amount"), ("openid", "openid"), ("mch_id", "mchid"), ("state", "state_name")]
)
def test_a_validly_signed_difference_arrives_for_the_claim_to_judge(scene: Scene, field: str, name: str) -> None:
    paid(scene)
    right, told = (notification.transfer(read(scene, letter(scene, v, field=field))) for v in ("good", "tampered"))
    names = ("out_bill_no", "amount", "openid", "mchid", "state_name")
    assert {each for each in names if getattr(right, each) != getattr(told, each)} == {name}


def test_other_events_are_no_transfers_and_transfers_are_no_other_events(scene: Scene) -> None:
    paid(scene)
    event = read(scene, letter(scene))
    for judge in (notification.trade, notification.refund):
        with pytest.raises(Forged):
            judge(event)
    for kind in ("TRANSACTION.SUCCESS", "REFUND.SUCCESS", "MCHTRANSFER.BILL", ""):
        with pytest.raises(Forged) as forged:
            notification.transfer(Notification(event.id, kind, event.original_type, event.resource))
        assert forged.value.reason == "event_type"


@pytest.mark.parametrize("name", ["out_bill_no", "transfer_bill_no", "state", "mch_id", "openid", "transfer_amount"])
def test_a_notice_that_lacks_a_field_is_forged(scene: Scene, name: str) -> None:
    paid(scene)
    event = read(scene, letter(scene))
    lacking = {key: value for key, value in event.resource.items() if key != name}
    with pytest.raises(Forged) as forged:
        notification.transfer(Notification(event.id, event.event_type, event.original_type, lacking))
    assert forged.value.reason == "form"


def test_it_is_told_again_until_acknowledged_and_then_no_more(scene: Scene) -> None:
    postman = Postman(scene, status=500)
    paid(scene)
    scene.sim.flush()
    postman.status = 204
    clock.advance(15)
    scene.sim.flush()
    clock.advance(DAY)
    scene.sim.flush()
    assert len(postman.letters) == 2
    assert len({json.loads(body)["id"] for _, body in postman.letters}) == 1, "one event, one id"


class Desk(Postman):
    """Acknowledges what it can believe."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.scene = scene

    def take(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.letters.append((headers, body))
        try:
            notification.transfer(read(self.scene, (headers, body)))
        except (Forged, Probe):
            return 401, b""
        return 204, b""


@pytest.mark.parametrize(
    ("kind", "attempts", "came"),
    [
        ("late", ["good"], 1),
        ("reordered", ["good"], 1),
        ("duplicate", ["duplicate", "good"], 2),
        ("lost", ["lost", "good"], 1),
        ("stale", ["stale", "good"], 2),
        ("bad_signature", ["bad_signature", "good"], 2),
        ("probe", ["probe", "good"], 2),
    ],
)
def test_after_whatever_went_wrong_with_a_notice_a_good_one_comes(
    scene: Scene, kind: str, attempts: list[str], came: int
) -> None:
    desk = Desk(scene)
    scene.fault("notify", kind, seconds=600, match="T1")
    paid(scene)
    scene.sim.flush()
    assert len(desk.letters) == {"late": 0, "reordered": 0, "lost": 0, "duplicate": 2}.get(kind, 1)
    clock.advance(600)
    scene.sim.flush()
    (told,) = scene.sim.control("GET", "/_sim/notifications?out_bill_no=T1")["notifications"]
    assert (told["url"], told["out_trade_no"], told["acknowledged"]) == (NOTIFY_URL, "", True)
    assert ([each["kind"] for each in told["attempts"]], len(desk.letters)) == (attempts, came)
