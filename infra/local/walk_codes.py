"""The walk's codes: a batch is minted and its file fetched, a code is typed, and a word that everybody hears."""

from __future__ import annotations

import csv
import io
import urllib.request
from collections.abc import Mapping
from typing import Any

from infra.local import minute
from infra.local.client import Api, Person
from infra.local.endpoint import Endpoint
from infra.local.narrator import quiet, until
from infra.local.seed import SeededMerchant

SIZE = 500
"""Codes that the walk mints."""


def codes(endpoint: Endpoint, shop: Api, people: Mapping[str, Person], merchant: SeededMerchant) -> None:
    """Codes are printed, one is redeemed and cannot be again, and a word brings each of them the same."""
    print(f"\nthe merchant mints {SIZE} codes; nothing is stored of them until they are used")
    place = f"/v1/admin/campaigns/{merchant.codes_campaign_id}/batches"
    batch_id = shop.call("POST", place, {"size": SIZE, "label": "随箱卡片"}).expect(201)["batch_id"]
    print("\nhe asks for the file of them, which the worker writes; its link lives for ten minutes")
    printed = _file(endpoint, shop, batch_id)
    print(f"  (serial, code: {', '.join(printed[0])} … {', '.join(printed[-1])})")
    code = printed[0][1]
    print("\nmeimei mistypes one, looks at what it would bring, and redeems it in her own way of writing")
    meimei, lili = people["meimei"].api, people["lili"].api
    typed = code.lower().replace("-", " ")
    wrong = code[:-1] + ("A" if code[-1] != "A" else "C")
    meimei.call("POST", "/v1/codes/preview", {"code": wrong}).expect(422)
    meimei.call("POST", "/v1/codes/preview", {"code": typed}).expect(200)
    meimei.call("POST", "/v1/codes/redeem", {"code": typed}).expect(201)
    print("\nlili types the same; she is told no more than of any wrong code")
    lili.call("POST", "/v1/codes/redeem", {"code": code}).expect(409)
    print("\nthe merchant sees it all")
    if shop.call("POST", "/v1/admin/codes/status", {"code": code}).expect(200)["standing"] != "redeemed":
        raise AssertionError("the code is not redeemed")
    counts = shop.get(f"/v1/admin/batches/{batch_id}")["counts"]
    if counts != {"redeemed": 1, "revoked": 0, "expired": 0, "left": SIZE - 1}:
        raise AssertionError(f"the batch does not add up: {counts}")
    _word(shop, people, merchant)


def _word(shop: Api, people: Mapping[str, Person], merchant: SeededMerchant) -> None:
    """Everybody types what was said on the live stream."""
    word = quiet(shop).get(f"/v1/admin/campaigns/{merchant.word_campaign_id}")["offer"]["word"]
    print(f"\non a live stream it is said: {word}; whoever types it gets the same")
    for person in people.values():
        person.api.call("POST", "/v1/codes/redeem", {"code": word}).expect(201)
    told = shop.get(f"/v1/admin/campaigns/{merchant.word_campaign_id}/word")
    if told["redeemed"] < len(people):
        raise AssertionError(f"{len(people)} have typed the word: {told}")


def _file(endpoint: Endpoint, shop: Api, batch_id: str) -> list[list[str]]:
    """The lines of a batch's file but for its head: serial and code."""
    path = f"/v1/admin/batches/{batch_id}/exports"
    asked = shop.call("POST", path, {}).expect(201)
    asking = quiet(shop)

    def ready() -> bool:
        minute.run(endpoint)
        exports: list[dict[str, Any]] = asking.get(path)["exports"]
        return bool(exports[-1]["state"] == "ready")

    until(ready, "the file")
    link = shop.call("POST", f"{path}/{asked['export']}/link", {}).expect(200)
    with urllib.request.urlopen(link["url"], timeout=10) as answer:
        _, *lines = csv.reader(io.StringIO(answer.read().decode()))
    return lines
