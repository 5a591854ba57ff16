"""Offering an attempt to WeChat: its intent is written first, its body never changes, and no refusal ends it."""

from __future__ import annotations

from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User
from chalicelib.cash import pausing, rules, settling
from chalicelib.cash.items import CashPause
from chalicelib.cash.numbers import number
from chalicelib.cash.sealed import opened, sealed
from chalicelib.cash.settling import TRANSFER
from chalicelib.core import clock, log, rate
from chalicelib.core.config import config
from chalicelib.core.errors import Unknown
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.merchants.cash import CashTerms, Commission
from chalicelib.merchants.service import pay_account
from chalicelib.orders import stuck
from chalicelib.orders.stuck import Reason
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import CashState
from chalicelib.rewards.words import WHY
from chalicelib.wechat import transfer
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.transfer import TransferState

TEXT = 32
"""Letters of what WeChat is told of a transfer."""

RED_PACKET_FEN = 20_000
"""Up to this a transfer may look like a red packet (wechat.md 7.7)."""

RATE = Rate(normal=100, slow=100)
"""Offers a second: WeChat takes a hundred, and what is more comes a little later."""

OFFERABLE = (CashState.SENDING, CashState.WAITING)
"""An attempt that may be offered again: nobody has withdrawn it."""


def notify_url(mid: MerchantId) -> str:
    """Where WeChat Pay tells how transfers ended."""
    return f"{config().public_url}/notify/wechat/{mid}/transfer"


def body(cash: Cash, user: User, terms: CashTerms, title: str, name: str | None) -> dict[str, Any]:
    """What is offered to WeChat, frozen from now on: in the scene that it belongs to.

    Raises `CASH_PAUSED` where WeChat has not approved that scene, or does no longer.
    """
    scene = rules.scene(terms, cash.why)
    if scene is None:
        log.error("cash_scene_missing", mid=cash.mid, why=cash.why.value)
        raise rules.refused_till(clock.now() + rules.PAUSE)
    if isinstance(scene, Commission):
        reports, red_packet = {"岗位类型": scene.post, "报酬说明": scene.description}, False
    else:
        reports, red_packet = {"活动名称": title[:TEXT], "奖励说明": WHY[cash.why][0][:TEXT]}, scene.red_packet
    return transfer.transfer_body(
        pay_account(cash.mid),
        out_bill_no=number(cash.uid, cash.cash_id, cash.n),
        scene=scene.scene_id,
        reports=reports,
        openid=user.openid,
        amount=Fen(cash.amount),
        remark=title[:TEXT],
        notify_url=notify_url(cash.mid),
        name=name if cash.amount >= rules.NAME_NEEDED_FEN else None,
        red_packet=red_packet and cash.amount <= RED_PACKET_FEN,
    )


def offer(cash: Cash, pause: CashPause | None) -> Cash:
    """Offer the attempt whose intent has just been written, once; returns it as far as is known then.

    Never raises what WeChat answers or leaves unanswered: the attempt stays on its way, and is due.
    """
    if not rate.take(cash.mid, TRANSFER, RATE):
        return cash
    try:
        told = transfer.create(pay_account(cash.mid), opened(cash.mid, cash.key, cash.body or ""))
    except WechatError as refused:
        return _refused(cash, refused, pause)
    except Unknown as unknown:
        log.warning("transfer_undecided", cash=cash.cash_id, n=cash.n, why=str(unknown))
        return cash
    pausing.end(cash.mid, cash.cid, pause)
    if told.over:
        settling.settle(cash.mid, cash.uid, cash.cash_id, cash.n, told)
    elif told.state is TransferState.WAIT_USER_CONFIRM and told.package_info is not None:
        return _asked(cash, told.package_info)
    return read_one(Cash, cash.key) or cash


def offer_again(cash: Cash, pause: CashPause | None) -> None:
    """Write that a leased attempt is offered under the same number, and offer it as it was; a pause has one probe."""
    now = clock.now()
    tx = Transaction()
    when: dict[str, Condition] = {
        "leased": Cash.gsi2sk == cash.gsi2sk,
        "attempt": Cash.n == cash.n,
        "offerable": Cash.state.is_in(*OFFERABLE),
    }
    tx.update("cash", cash, [Cash.intent_at.set(now)], when=when, due=rules.look_again(cash, now))
    pausing.add_probe(tx, pause, now)
    tx.commit()
    cash.intent_at = now
    offer(cash, pause)


def _asked(cash: Cash, package: str) -> Cash:
    """WeChat waits for the user: what opens its page is kept, since only an offer tells it."""
    now = clock.now()
    kept, since = sealed(cash.mid, cash.key, package), cash.asked_at or now
    actions: list[Action] = [Cash.state.set(CashState.WAITING), Cash.package.set(kept), Cash.asked_at.set(since)]
    when = {"attempt": Cash.n == cash.n, "offerable": Cash.state.is_in(*OFFERABLE)}
    cash.state = CashState.WAITING
    try:
        update_one(cash, actions, when=when, due=rules.look_again(cash, now))
    except Lost:
        log.info("transfer_ended_meanwhile", cash=cash.cash_id, n=cash.n)
        return read_one(Cash, cash.key) or cash
    cash.package, cash.asked_at = kept, since
    return cash


def _refused(cash: Cash, refused: WechatError, pause: CashPause | None) -> Cash:
    """A refusal ends nothing: of the account, the campaign's cash waits; of this transfer, a person hears of it."""
    if refused.code in pausing.ACCOUNT:
        pausing.pause(cash.mid, cash.cid, refused.code)
    else:
        facts: stuck.Facts = {"amount_fen": cash.amount, "user": cash.uid}
        name = number(cash.uid, cash.cash_id, cash.n)
        stuck.record(cash.mid, Reason.TRANSFER_REFUSED, name, facts, code=refused.code, effect=TRANSFER)
        if cash.intent_at is not None:
            pausing.give_back(cash.mid, cash.cid, pause, cash.intent_at)
    return cash
