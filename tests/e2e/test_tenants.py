"""Nothing of one merchant is reachable with another's token or key, although the same people use both."""

from __future__ import annotations

from tests.e2e.conftest import Shop


def test_the_same_person_is_two_users(shops: tuple[Shop, Shop]) -> None:
    a, b = (shop.person("shared-person") for shop in shops)
    assert a.uid != b.uid


def test_a_foreign_token_finds_nothing(shops: tuple[Shop, Shop]) -> None:
    ours, theirs = shops
    campaign = ours.campaign()
    leader, opened = ours.open_group(campaign)
    stranger = theirs.person()
    for method, path in (
        ("GET", f"/v1/campaigns/{campaign}"),
        ("GET", f"/v1/campaigns/{campaign}/groups"),
        ("POST", f"/v1/campaigns/{campaign}/groups"),
        ("POST", f"/v1/campaigns/{campaign}/quote"),
        ("GET", f"/v1/groups/{opened['group_id']}"),
        ("POST", f"/v1/groups/{opened['group_id']}/seats"),
        ("GET", f"/v1/orders/{opened['order_id']}"),
        ("POST", f"/v1/orders/{opened['order_id']}/prepay"),
        ("POST", f"/v1/orders/{opened['order_id']}/cancel"),
    ):
        reply = stranger.api.call(method, path, {} if method == "POST" else None)
        assert (reply.status, reply.body["code"]) == (404, "not_found"), (method, path)
    assert leader.order(opened["order_id"])["state"] == "paid"


def test_a_foreign_key_finds_nothing(shops: tuple[Shop, Shop]) -> None:
    ours, theirs = shops
    campaign = ours.campaign()
    assert theirs.admin.call("GET", f"/v1/admin/campaigns/{campaign}").status == 404
    for act in ("publish", "pause", "resume", "end"):
        assert theirs.admin.call("POST", f"/v1/admin/campaigns/{campaign}/{act}", {}).status == 404
    assert campaign not in str(theirs.admin.get("/v1/admin/campaigns"))


def test_another_user_of_the_same_merchant_finds_no_order_of_mine(shop: Shop) -> None:
    _, opened = shop.open_group(shop.campaign())
    other = shop.person()
    assert other.api.call("GET", f"/v1/orders/{opened['order_id']}").status == 404
    assert other.api.call("POST", f"/v1/orders/{opened['order_id']}/cancel", {}).status == 404
