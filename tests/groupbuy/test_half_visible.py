"""A batch read may show half of a transaction: nobody is refused because of it."""

from __future__ import annotations

import json

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.emulator import Call, Raw
from tests.town import Town


def test_the_winner_is_not_told_full_while_his_own_commit_is_half_visible(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    member = town.person()
    first = member.join(opened["group_id"], key="one-tap-of-mine").expect(201)
    serve = town.emulator._serve

    def half(request: object, call: Call) -> object:
        """The group as after the commit, the caller's order and seat as before it."""
        answer = serve(request, call)  # type: ignore[arg-type]
        if call.operation != "BatchGetItem":
            return answer
        body = json.loads(answer.content)
        for table, items in body["Responses"].items():
            hidden = ("O#" + first["order_id"], f"SEAT#{member.uid}")
            body["Responses"][table] = [
                item for item in items if not item["pk"]["S"].endswith(hidden[0]) and item["sk"]["S"] != hidden[1]
            ]
        return AWSResponse("http://x", 200, HTTPHeaders(), Raw(json.dumps(body).encode()))

    town.emulator._serve = half  # type: ignore[method-assign, assignment]
    try:
        again = member.join(opened["group_id"], key="one-tap-of-mine")
    finally:
        town.emulator._serve = serve  # type: ignore[method-assign]
    assert again.expect(201)["order_id"] == first["order_id"]
