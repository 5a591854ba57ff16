"""The page about messages shows answers as they are, the requests that are taken, every option, moment and reason."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from chalicelib.notices.moments import Moment
from chalicelib.notices.plugged import REASONS
from chalicelib.notices.states import Why
from chalicelib.notices.templates import NoticeTerms
from infra.local.endpoint import ROOT
from tests.documents import rows, shape, shown
from tests.notices import shop
from tests.town import Town

PAGE = (ROOT / "docs/notices.md").read_text()
SHOWN = shown(PAGE)
ASKED = dict(re.findall(r"<!-- request: (\w+) -->\n```json\n(.*?)```", PAGE, re.DOTALL))


def test_consents_are_reported_and_shown_as_on_the_page(town: Town) -> None:
    shop.says(town, Moment.GROUP_ENDING, Moment.GROUP_SUCCEEDED)
    ann = town.person("ann")
    told = ann.api.post("/v1/me/consents", json.loads(ASKED["report"]))
    assert told == SHOWN["report"]
    ann.api.call("PUT", "/v1/me/notices", {"unwanted": ["offer"]}).expect(200)
    mine = ann.api.get("/v1/me/notices")
    assert shape(mine) == shape(SHOWN["mine"]) and mine["consents"] == SHOWN["mine"]["consents"]
    assert set(SHOWN) == {"report", "mine"}


def test_templates_are_said_as_on_the_page(town: Town) -> None:
    said: dict[str, Any] = json.loads(ASKED["say"])
    answer = town.admin.call("PUT", "/v1/admin/notices", said).expect(200)
    assert [one["template_id"] for one in answer["terms"]["templates"]] == [
        one["template_id"] for one in said["terms"]["templates"]
    ]


def test_every_option_and_every_kind_of_page_is_told() -> None:
    table = PAGE.split("| option | what it means |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table)) >= {field.name for field in msgspec.structs.fields(NoticeTerms)}
    kinds = PAGE.split("| `about.kind` | what he is reminded of |")[1].split("\n\n")[0]
    assert rows(kinds) == {kind for kind in REASONS if kind != "reward"}


def test_every_reason_for_silence_is_told() -> None:
    table = PAGE.split("| `why` | what was in the way |")[1].split("\n\n")[0]
    assert rows(table) == {why.value for why in Why}
