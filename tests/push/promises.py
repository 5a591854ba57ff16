"""What is promised of what WeChat tells by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chalicelib.notices.items import Consent
from chalicelib.notices.moments import Moment
from chalicelib.push.items import Pushed
from tests.breaking import Break, drop
from tests.invariants import Books, invariant
from tests.notices import shop
from tests.push import mall
from tests.town import Town


@invariant("Of no user more consents count that WeChat alone has told of than messages about him were heard.")
def pushed_events_act_once(books: Books) -> Iterator[str]:
    heard = Counter(item.uid for item in books.of(Pushed) if item.event == "subscribe_msg_popup_event")
    for consent in books.of(Consent):
        if sum(act.by == "wechat" for act in consent.acts) > heard[consent.pk.split("#", 1)[1]]:
            yield f"{consent.pk} {consent.sk}"


def situation(town: Town) -> None:
    """WeChat alone has told of a consent."""
    shop.says(town, Moment.PAID)
    town.listen()
    mall.chooses(town, town.person(), paid="accept")
    town.hear()


BREAKS: dict[str, Break] = {"pushed_events_act_once": drop(Pushed)}
