"""What holds of messages: one consent one message, told once, and reminders only when they may come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import Transaction
from chalicelib.notices.items import Consent, Notice, Plan, plan_key
from chalicelib.notices.moments import Moment
from chalicelib.notices.states import NoticeState
from infra.local.wechat_sim.consents import Message
from tests.breaking import Break, change
from tests.invariants import Books, invariant, settled
from tests.notices import shop
from tests.notices.watching import AT_NIGHT, OVER, TOO_MANY
from tests.town import Town

DOUBTFUL = (NoticeState.SENDING, NoticeState.UNKNOWN)

Whose = tuple[str, str]
"""A user and a template."""


def taken(books: Books) -> Mapping[Whose, list[Notice]]:
    """The messages that have a consent, by user and template."""
    found: dict[Whose, list[Notice]] = {}
    for notice in books.of(Notice):
        if notice.taken:
            found.setdefault((notice.pk, notice.template or ""), []).append(notice)
    return found


def sent(books: Books) -> Mapping[Whose, list[Message]]:
    """What WeChat sent, by user and template."""
    whose = {(user.appid, user.openid): user.pk for user in books.of(User)}
    found: dict[Whose, list[Message]] = {}
    for message in books.wechat.messages.sent if books.wechat else ():
        if (pk := whose.get((message.appid, message.openid))) is not None:
            found.setdefault((pk, message.template_id), []).append(message)
    return found


def _wrong(books: Books) -> list[tuple[str, str]]:
    """What was seen as it was decided."""
    return books.wechat.wrong if books.wechat else []


@invariant("Messages take no more consents than there were, each one, and what is left is what they may take.")
def consents_are_counted(books: Books) -> Iterator[str]:
    of = books.seen(taken)
    for consent in books.of(Consent):
        mine = len(of.get((consent.pk, consent.template_id), ()))
        if consent.sent != mine or consent.left < 0 or consent.left + consent.sent > consent.granted:
            counts = f"{consent.granted} granted, {consent.left} left, {consent.sent} taken by {mine} messages"
            yield f"{consent.pk} {consent.template_id}: {counts}"
    known = {(consent.pk, consent.template_id) for consent in books.of(Consent)}
    yield from (f"{whose} were taken and never given" for whose in of.keys() - known)


@invariant("WeChat sent nobody more than was decided: every message of its is one of ours, each once.")
def messages_are_decided_once(books: Books) -> Iterator[str]:
    of = books.seen(taken)
    for whose, messages in books.seen(sent).items():
        mine = of.get(whose, [])
        known = Counter(notice.msgid for notice in mine if notice.state is NoticeState.SENT)
        strange = sum((Counter(str(message.msgid) for message in messages) - known).values())
        if strange > sum(notice.state in DOUBTFUL for notice in mine) or any(n > 1 for n in known.values()):
            yield f"{whose}: {len(messages)} were sent, {len(mine)} decided"


@invariant("No reminder and no offer was sent at night, nor more of them on a day than the merchant allows.")
def reminders_let_people_sleep(books: Books) -> Iterator[str]:
    yield from (f"{kind}: {what}" for kind, what in _wrong(books) if kind in (AT_NIGHT, TOO_MANY))


@invariant("Nobody is reminded of what is over: in the write that decides it, its reason stands.")
def reminders_have_a_reason(books: Books) -> Iterator[str]:
    yield from (what for kind, what in _wrong(books) if kind == OVER)


@invariant("A reminder that is planned has a time at which it is looked at.")
def plans_are_looked_at(books: Books) -> Iterator[str]:
    yield from (f"{plan.pk} {plan.sk}" for plan in books.of(Plan) if plan.due is None)


@settled("No message is still being sent.")
def messages_come_to_an_end(books: Books) -> Iterator[str]:
    yield from (f"{n.pk} {n.sk}" for n in books.of(Notice) if n.state is NoticeState.SENDING)


def situation(town: Town) -> None:
    """Somebody was told of something, got an offer, and will be reminded; WeChat has banned a template."""
    shop.says(town, *Moment, quiet_from="00:00", quiet_until="00:00")
    shop.banned(town)
    ann = town.person("who is told")
    shop.consents(town, ann, Moment.PAID, Moment.RECALL)
    shop.told(town, ann)
    shop.told(town, ann, Moment.RECALL, "r1", ("campaign", "c1"))
    town.stream()
    plan = Plan(*plan_key(MerchantId(town.merchant.mid), ann.uid, "order", "o1"), created_at=clock.now())
    plan.set_due(clock.now() + timedelta(days=1))
    Transaction().put("plan", plan).commit()


def decided(kind: str) -> Break:
    """Somebody was reminded when that might not be."""

    def act(books: Books) -> None:
        assert books.wechat is not None
        books.wechat.wrong.append((kind, "group_ending of a full one"))

    return act


def sent_again(books: Books) -> None:
    """WeChat sent what it had sent already."""
    assert books.wechat is not None
    books.wechat.messages.sent.append(books.wechat.messages.sent[0])


BREAKS: dict[str, Break] = {
    "consents_are_counted": change(Consent, {"left": 1_000}),
    "messages_are_decided_once": sent_again,
    "reminders_let_people_sleep": decided(AT_NIGHT),
    "reminders_have_a_reason": decided(OVER),
    "plans_are_looked_at": change(Plan, {"gsi2pk": None, "gsi2sk": None}),
    "messages_come_to_an_end": change(Notice, {"state": NoticeState.SENDING}),
}
