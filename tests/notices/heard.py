"""What somebody has been told in the end, and what pages ask for."""

from __future__ import annotations

from typing import Any

from infra.local.client import Person
from tests.notices import shop
from tests.town import Town


def told(town: Town, person: Person) -> list[tuple[str, str, list[str]]]:
    """What somebody was told, a few minutes later: the moment, the page, and all that it says."""
    town.stream()
    town.pass_time(180)
    return heard(town, person)


def heard(town: Town, person: Person) -> list[tuple[str, str, list[str]]]:
    """What somebody was told by now."""
    found = shop.messages(town, person)
    return [(sent["template_id"].split("-")[1], sent["page"], list(sent["data"].values())) for sent in found]


def amounts(town: Town, person: Person) -> list[tuple[str, str]]:
    """The moments of which he was told, and the amount that each message says."""
    return [(moment, next(text for text in said if text.endswith("元"))) for moment, _, said in told(town, person)]


def asks(page: dict[str, Any]) -> list[str]:
    """The moments that a page asks for."""
    return [template_id.split("-")[1] for template_id in page["ask"]["template_ids"]]
