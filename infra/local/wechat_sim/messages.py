"""Subscription messages: what is sent must fit its template, and takes one of the user's consents.

Ours, since the documents are silent: the order of the checks; 47001 for a member that there is not, 47003 for a
version or language that there is not; that the world's risky words are the sensitive ones (45168); that a message is
under way until it is answered, so that another to the same user is refused (43108) and takes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.wechat_sim import template_fields, tokens
from infra.local.wechat_sim.consents import Event, Message, Template
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import World

MEMBERS = frozenset({"touser", "template_id", "page", "miniprogram_state", "lang", "data"})
STATES = ("formal", "trial", "developer")
LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
RESULTS = ("accept", "reject", "ban", "filter")
TOLD = ("accept", "reject")
"""What he chose himself; the others never asked him."""
MOST_TEMPLATES = 3
IN_A_PAGE = "0"
POPUP, CHANGE, SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"


def send(world: World, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """POST /cgi-bin/message/subscribe/send."""
    appid = tokens.check(world, query)
    sent = document(body)
    if not sent.keys() <= MEMBERS:
        raise ApiRefusal(47001, "data format error")
    openid, template_id = member(sent, "touser", ""), member(sent, "template_id", "")
    if (appid, openid) not in world.openids:
        raise ApiRefusal(40003, "invalid openid")
    template = world.messages.templates.get((appid, template_id))
    if template is None:
        raise ApiRefusal(40037, "invalid template_id")
    if template.banned:
        raise ApiRefusal(43107, "subscribe message is banned")
    page, state = member(sent, "page", ""), member(sent, "miniprogram_state", "formal")
    language = member(sent, "lang", "zh_CN")
    if page and not world.pages.released(appid, page.partition("?")[0]):
        raise ApiRefusal(41030, "invalid page")
    for name, value, known in (("miniprogram_state", state, STATES), ("lang", language, LANGUAGES)):
        if value not in known:
            raise ApiRefusal(47003, f"argument invalid! {name} invalid")
    data = _data(template, member(sent, "data", {}))
    if any(word in text for text in data.values() for word, said in world.words.items() if said.suggest == "risky"):
        raise ApiRefusal(45168, "sensitive words in the message")
    _take_turn(world, appid, openid)
    consent = world.messages.consents[appid, openid, template_id]
    if consent.left <= 0:
        raise ApiRefusal(43101, "user refuse to accept the msg")
    consent.sent += 1
    made = Message(
        msgid=int(f"3{world.letters(18, '0123456789')}"),
        appid=appid,
        openid=openid,
        template_id=template_id,
        page=page,
        data=data,
        lang=language,
        state=state,
        at=world.clock.now(),
        outcome=template.outcome,
    )
    world.messages.sent.append(made)
    _tell_result(world, made)
    return {"errcode": 0, "errmsg": "ok", "msgid": made.msgid}


def _data(template: Template, sent: dict[str, Any]) -> dict[str, str]:
    for key in [*template.fields, *(key for key in sent if key not in template.fields)]:
        value = sent.get(key)
        text = value.get("value") if isinstance(value, dict) and value.keys() == {"value"} else None
        known = key in template.fields and isinstance(text, str)
        if not known or not template_fields.fits(key, str(text), template.enums.get(key)):
            raise ApiRefusal(47003, f"argument invalid! data.{key}.value invalid")
    return {key: str(value["value"]) for key, value in sent.items()}


def _take_turn(world: World, appid: str, openid: str) -> None:
    """Refuse while the answer to another message to him is on its way; else it is this one's turn."""
    now, under_way = world.clock.now(), world.messages.under_way
    if under_way.get((appid, openid), now) > now:
        raise ApiRefusal(43108, "concurrent messages to one user")
    under_way[appid, openid] = now + world.answered_after


def _tell_result(world: World, made: Message) -> None:
    code, status = made.outcome
    entry = {"TemplateId": made.template_id, "MsgID": str(made.msgid), "ErrorCode": code, "ErrorStatus": status}
    world.events.append(Event.listing(made.appid, made.openid, SENT, made.at, [entry]))


def set_template(world: World, appid: str, template: Template) -> None:
    """The mini-program has that template from now on."""
    if world.app(appid) is None:
        raise ControlRefusal(404, "no such appid")
    for key in template.fields:
        if template_fields.kind_of(key) is None:
            raise ControlRefusal(400, f"no field is called {key}; known kinds: {sorted(template_fields.KINDS)}")
    enums = {key for key in template.fields if template_fields.kind_of(key) == "enum"}
    if enums != set(template.enums):
        raise ControlRefusal(400, "enums has the values of every enumeration, and nothing else")
    world.messages.templates[appid, template.template_id] = template


def subscribe(world: World, appid: str, openid: str, results: Mapping[str, str], *, pushed: bool) -> None:
    """What the user chose when wx.requestSubscribeMessage asked; ``pushed``: the server is told."""
    _insist_known(world, appid, openid, *results)
    if not 1 <= len(results) <= MOST_TEMPLATES:
        raise ControlRefusal(400, f"one to {MOST_TEMPLATES} templates are asked for")
    if not set(results.values()) <= set(RESULTS):
        raise ControlRefusal(400, f"a result is one of {RESULTS}")
    for template_id, result in results.items():
        if result == "accept":
            world.messages.consents[appid, openid, template_id].granted += 1
    entries = [
        {"TemplateId": template_id, "SubscribeStatusString": result, "PopupScene": IN_A_PAGE}
        for template_id, result in results.items()
        if result in TOLD
    ]
    if pushed and entries:
        world.events.append(Event.listing(appid, openid, POPUP, world.clock.now(), entries))


def switch_off(world: World, appid: str, openid: str, template_id: str) -> None:
    """He takes no more of that template: what he agreed to is gone."""
    _insist_known(world, appid, openid, template_id)
    consent = world.messages.consents[appid, openid, template_id]
    consent.withdrawn += consent.left
    entry = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    world.events.append(Event.listing(appid, openid, CHANGE, world.clock.now(), [entry]))


def _insist_known(world: World, appid: str, openid: str, *template_ids: str) -> None:
    if (appid, openid) not in world.openids:
        raise ControlRefusal(404, "no such openid in this appid")
    for template_id in template_ids:
        if (appid, template_id) not in world.messages.templates:
            raise ControlRefusal(404, f"no such template in this appid: {template_id}")
