"""Every endpoint against every role: one line of the table a route, one column a role, nothing left to a default.

Each cell begins with the same stored world, and a cell that is refused leaves it as it was. Two columns follow the
design of tokens: an access token lives on after a log-out (its refresh token does not), and an API key has no end
besides its revocation, so that `expired` is a user's token everywhere.
"""

from __future__ import annotations

import pytest

from app import app
from tests.contract.matrix import CELLS, CODES, MATRIX, OTHER_CODES
from tests.contract.scene import Scene, scene

__all__ = ["scene"]


def test_every_route_has_its_line() -> None:
    assert {(served.method, served.template) for served in app.served} == set(MATRIX)


@pytest.mark.parametrize(("method", "template", "role", "status"), CELLS)
def test_everybody_is_answered_as_the_matrix_says(
    scene: Scene, method: str, template: str, role: str, status: int
) -> None:
    scene.rewind()
    reply = scene.call(role, method, template)
    assert reply.status == status, reply.body
    if status >= 400:
        assert reply.body["code"] == (OTHER_CODES.get((template, status)) or CODES[status])
        assert scene.stored() == scene.start
        # Who is refused for who he is gets no further than storage: WeChat is as it was, too.
        scene.untouched = status in (401, 403)


def test_nobody_ends_the_session_of_another(scene: Scene) -> None:
    scene.rewind()
    refresh = {"refresh_token": scene.user.refresh_token}
    scene.call("other_user", "POST", "/v1/logout").expect(204)
    scene.call("foreign_user", "POST", "/v1/logout").expect(204)
    scene.user.api.call("POST", "/v1/tokens/refresh", refresh).expect(200)


def test_a_page_shows_its_owner_only_his_own(scene: Scene) -> None:
    scene.rewind()
    mine = {role: scene.call(role, "GET", "/v1/orders").expect(200)["orders"] for role in ("user", "other_user")}
    assert (scene.ids["order_id"] in {order["order_id"] for order in mine["user"]}, mine["other_user"]) == (True, [])
    theirs = scene.call("foreign_owner", "GET", "/v1/admin/campaigns").expect(200)
    assert theirs["campaigns"] == []
