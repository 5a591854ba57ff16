"""Posters as merchants write them: drafts, releases, withdrawals; and the campaign that names one."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.poster_states import TemplateState
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.posters.items import Release, release_key
from infra.local.seed import demo_offer
from tests.posters import shop
from tests.town import Town


def test_a_draft_is_written_once_a_key(town: Town) -> None:
    first = shop.writes(town, key="one-key-for-one-poster").expect(201)
    assert shop.writes(town, key="one-key-for-one-poster").expect(201) == first
    assert (first["state"], first["edition"], first["released"], first["release"]) == ("draft", 1, 0, None)
    other = shop.writes(town, shop.document(name="另一张"), key="one-key-for-one-poster")
    assert other.expect(409)["code"] == "idempotency_key_reused"


def test_a_draft_is_changed_as_it_was_read(town: Town) -> None:
    ident = shop.written(town)
    changed = shop.edits(town, ident).expect(200)
    assert (changed["edition"], changed["poster"]["name"]) == (2, "秋茶，改过")
    assert shop.edits(town, ident).expect(200)["edition"] == 2, "the same change again changes nothing"
    late = shop.edits(town, ident, 1, shop.document(name="迟了")).expect(409)
    assert (late["code"], late["edition"]) == ("poster_edited_meanwhile", 2)


def test_a_release_is_what_people_get_whatever_becomes_of_the_draft(town: Town) -> None:
    ident = shop.written(town)
    released = shop.releases(town, ident).expect(200)
    assert (released["state"], released["released"]) == ("released", 1)
    shop.edits(town, ident, 1, shop.shouting()).expect(200)
    kept = shop.template(town, ident)
    assert kept.given is not None
    assert kept.given.words.subtitle == shop.WORDS["subtitle"]
    row = read_one(Release, release_key(MerchantId(town.merchant.mid), ident, 1))
    assert row is not None
    assert row.document == kept.given


def test_a_release_is_made_once_a_key(town: Town) -> None:
    ident = shop.written(town)
    first = shop.releases(town, ident, key="one-key-for-a-release").expect(200)
    assert shop.releases(town, ident, key="one-key-for-a-release").expect(200) == first
    assert shop.releases(town, ident).expect(200)["released"] == 2


def test_who_looked_at_another_edition_releases_nothing(town: Town) -> None:
    ident = shop.written(town)
    shop.edits(town, ident).expect(200)
    assert shop.releases(town, ident, 1).expect(409)["code"] == "poster_edited_meanwhile"
    assert shop.template(town, ident).state is TemplateState.DRAFT


def test_a_draft_that_is_changed_while_it_is_looked_at_is_not_released(town: Town) -> None:
    ident = shop.written(town)
    town.emulator.meanwhile(lambda: shop.edits(town, ident).expect(200))
    assert shop.releases(town, ident).expect(409)["code"] == "poster_edited_meanwhile"


def test_what_nobody_may_say_is_not_released(town: Town) -> None:
    ident = shop.written(town, shop.shouting())
    refused = shop.releases(town, ident).expect(422)
    assert refused["code"] == "poster_lint"
    assert [(fault["mistake"], fault["pointer"]) for fault in refused["faults"]] == [("exaggerated", "/words/subtitle")]
    assert town.emulator.opened(refused["marked_url"]).status_code == 200
    assert shop.template(town, ident).released == 0


def test_what_is_forbidden_in_a_line_is_so_in_two(town: Town) -> None:
    words = {**shop.WORDS, "title": "分享到朋友圈", "subtitle": "立得红包 5 元"}
    refused = shop.releases(town, shop.written(town, shop.document(words=words))).expect(422)
    assert {fault["mistake"] for fault in refused["faults"]} == {"exaggerated"}


def test_a_preview_shows_the_poster_and_its_mistakes(town: Town) -> None:
    good = shop.looks(town, shop.written(town))
    assert (good["faults"], good["marked_url"], good["width"], good["height"]) == ([], None, 1080, 1920)
    assert town.emulator.opened(good["url"]).content[:3] == b"\xff\xd8\xff"
    bad = shop.looks(town, shop.written(town, shop.shouting(format="square")))
    assert [fault["mistake"] for fault in bad["faults"]] == ["exaggerated"]
    assert (bad["width"], bad["height"]) == (1080, 1080)
    assert town.emulator.opened(bad["marked_url"]).content != town.emulator.opened(bad["url"]).content


def test_what_is_withdrawn_nobody_gets(town: Town) -> None:
    ident = shop.released(town)
    _, person, share = shop.offered(town, ident)
    shop.asks(person, share).expect(200)
    first = shop.withdraws(town, ident, key="one-key-to-withdraw-it").expect(200)
    assert first["state"] == "withdrawn"
    assert shop.withdraws(town, ident, key="one-key-to-withdraw-it").expect(200) == first
    assert shop.asks(person, share).expect(404)["code"] == "no_poster"
    assert shop.withdraws(town, ident).expect(409)["code"] == "poster_not_released"
    shop.releases(town, ident).expect(200)
    shop.asks(person, share).expect(200)


def drafted(town: Town, *posters: str, **changes: Any) -> Any:
    """What publishing a campaign with these posters is answered."""
    document = {**demo_offer(), **changes, "posters": list(posters)}
    cid = town.admin.post("/v1/admin/campaigns", {"offer": document})["campaign_id"]
    return town.admin.call("POST", f"/v1/admin/campaigns/{cid}/publish")


def found(reply: Any) -> list[tuple[str, str, str | None]]:
    return [(one["check"], one["pointer"], one.get("word")) for one in reply.expect(422)["findings"]]


def test_a_campaign_is_published_with_posters_that_are_released(town: Town) -> None:
    tall, square = shop.released(town), shop.released(town, shop.document(format="square"))
    drafted(town, tall, square).expect(200)
    draft = shop.written(town)
    assert found(drafted(town, tall, draft)) == [("POSTER_LINT", "/posters/1", None)]
    assert found(drafted(town, "0" * 26)) == [("POSTER_LINT", "/posters/0", None)]
    assert found(drafted(town, tall, shop.released(town))) == [("POSTER_LINT", "/posters/1", None)]
    assert found(drafted(town, tall, tall)) == [("POSTER_LINT", "/posters/1", None)]


def test_another_merchants_poster_is_none(town: Town) -> None:
    ident = shop.released(town)
    second = town.second()
    town.merchant = second
    assert found(drafted(town, ident)) == [("POSTER_LINT", "/posters/0", None)]
    assert town.admin.call("GET", f"/v1/admin/posters/{ident}").status == 404


def test_a_poster_says_nothing_that_its_campaign_may_not(town: Town) -> None:
    """Paying out is said where cash is given, and nowhere else; the poster is lawful by itself."""
    words = {**shop.WORDS, "subtitle": "余额可提现"}
    ident = shop.released(town, shop.document(words=words))
    assert found(drafted(town, ident))[0][:2] == ("POSTER_LINT", "/posters/0")


def test_posters_are_listed_the_newest_first(town: Town) -> None:
    idents = [shop.written(town) for _ in range(3)]
    page = town.admin.get("/v1/admin/posters?limit=2")
    rest = town.admin.get(f"/v1/admin/posters?limit=2&cursor={page['cursor']}")
    assert sorted(one["poster_id"] for one in [*page["posters"], *rest["posters"]]) == sorted(idents)
    assert town.admin.get(f"/v1/admin/posters/{idents[0]}")["poster"]["words"] == shop.WORDS


def test_everyday_posters_stand_where_no_campaign_has_one(town: Town) -> None:
    mine, usual = shop.released(town), shop.released(town, shop.document(name="平日"))
    _, with_one, own = shop.offered(town, mine)
    _, without, share = shop.offered(town)
    assert shop.asks(without, share).expect(404)["code"] == "no_poster"
    said = shop.stands(town, "campaign", tall=usual).expect(200)
    assert said == {"kind": "campaign", "edition": 1, "posters": {"tall": usual}}
    first, second = shop.asks(without, share).expect(200), shop.asks(with_one, own).expect(200)
    assert first["url"].partition("?")[0] != second["url"].partition("?")[0]
    assert shop.asks(without, share, "square").status == 404
    shop.withdraws(town, usual).expect(200)
    assert shop.asks(without, share).status == 404


def test_everyday_posters_are_said_as_they_were_read(town: Town) -> None:
    tall, square = shop.released(town), shop.released(town, shop.document(format="square"))
    shop.stands(town, "invite", tall=tall).expect(200)
    assert shop.stands(town, "invite", tall=tall).expect(200)["edition"] == 1, "the same again changes nothing"
    assert shop.stands(town, "invite", square=square).expect(409)["code"] == "everyday_edited_meanwhile"
    shop.stands(town, "invite", 1, tall=tall, square=square).expect(200)
    wrong = shop.stands(town, "invite", 2, tall=square).expect(409)
    assert (wrong["code"], wrong["errors"][0]["pointer"]) == ("poster_not_released", "/posters/tall")
    assert shop.stands(town, "invite", 2, tall=shop.written(town)).expect(409)["code"] == "poster_not_released"
    assert shop.stands(town, "nothing").expect(404)["code"] == "kind_unknown"
    kinds = {one["kind"]: one["posters"] for one in town.admin.get("/v1/admin/everyday-posters")["kinds"]}
    assert kinds["invite"] == {"tall": tall, "square": square}
    assert kinds["group"] == {}
