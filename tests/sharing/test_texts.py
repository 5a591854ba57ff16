"""The line of text of a share: what it says, where it leads, and what it never says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns import copy_lint
from chalicelib.core import clock
from chalicelib.core.rate import Rate
from chalicelib.sharing import plugged, texts, words
from chalicelib.sharing.items import Entry
from infra.local.client import Person
from infra.local.seed import demo_offer
from tests.emulator import Call
from tests.invite.family import code_of
from tests.sharing.friends import comes_by, enters, invitation, shared, text_of
from tests.town import Town
from tests.voucher.test_texts import LONG, code

FORBIDDEN = re.compile(r"https?:|wxaurl|weixin:|www\.|[a-z]\.(?:cn|com)", re.IGNORECASE)
SHORT_LINK_OPENED = 1179
"""WeChat's number of a Short Link."""

H5 = "https://evil.cn/x"
DIGITS = next(shown for n in range(1_500_000, 1_501_000) if (shown := code(f"{n}").replace("-", "")).isdigit())
"""Eight digits that may be an invite code and, by their check letter, a text code."""


class Shop:
    """Ann shares a campaign."""

    def __init__(self, town: Town, **changes: Any) -> None:
        self.town = town
        self.campaign = town.campaign(demo_offer(now=clock.now()) | changes)
        self.ann, self.ben = town.person("ann"), town.person("ben")
        self.share = shared(self.ann, self.campaign)

    def text(self, **more: Any) -> Any:
        return text_of(self.ann, self.share, **more).expect(200)

    def unlinked(self, **more: Any) -> Any:
        """The text while WeChat makes no links."""
        self.town.sim.world.short_links_a_day = 0
        said = self.text(**more)
        assert said["how"] == "mark"
        return said

    def opened(self, text: str) -> str:
        """The page that WeChat opens for whoever taps the link."""
        link = re.search(r"#小程序://.*", text)
        assert link is not None
        page: str = self.town.act("/_sim/open-link", appid=self.town.merchant.appid, link=link[0])["page_url"]
        return page

    def entries(self) -> list[Entry]:
        return [item for item in self.town.items() if isinstance(item, Entry)]


@pytest.fixture
def shop(town: Town) -> Shop:
    return Shop(town)


def test_who_taps_the_link_opens_the_page_and_came_by_whoever_shared(shop: Shop) -> None:
    said = shop.text()
    [link] = shop.town.sim.world.short_links[shop.town.merchant.appid]
    assert said == {
        "text": f"一起拼2026年秋茶礼盒 点开链接，在小程序里查看：{link}",
        "how": "link",
        "until": clock.iso(clock.now() + timedelta(days=29)).replace(".000Z", "Z"),
    }
    page, _, query = shop.opened(said["text"]).partition("?")
    entry = enters(shop.ben, query=query, scene_value=SHORT_LINK_OPENED).expect(200)
    assert (page, entry["open"]["id"], entry["counted"]) == ("pages/campaign/index", shop.campaign, True)
    [noted] = shop.entries()
    assert (noted.sharer, noted.share, noted.scene_value) == (shop.ann.uid, shop.share["share_id"], SHORT_LINK_OPENED)


def test_who_pastes_the_mark_opens_the_page_and_came_by_whoever_shared(shop: Shop) -> None:
    said = shop.unlinked()
    mark = shop.share["scene"]
    assert said["text"] == f"一起拼2026年秋茶礼盒 复制这段文字，到小程序“湖畔茶铺”里粘贴查看：{mark}"
    entry = enters(shop.ben, text=f"转给你：\n「{said['text']}」\n快看").expect(200)
    assert entry["open"] == {"kind": "campaign", "id": shop.campaign, "path": shop.share["path"]}
    assert (entry["counted"], entry["code"]) == (True, None)
    [noted] = shop.entries()
    assert noted.sharer == shop.ann.uid


@pytest.mark.parametrize("kind", ["quota", "busy", "lost", "garbled", "5xx", "unreachable"])
def test_the_mark_stands_for_a_link_that_wechat_does_not_make(shop: Shop, kind: str) -> None:
    shop.town.act("/_sim/faults", endpoint="short_link", kind=kind, count=1)
    assert shop.text()["how"] == "mark"
    assert shop.text()["how"] == "link"


def test_the_mark_stands_for_a_link_beyond_the_merchants_rate(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.sharing.links.LINKS", Rate(normal=1, slow=1))
    other = shared(shop.ben, shop.campaign)
    assert [shop.text()["how"], text_of(shop.ben, other).body["how"], shop.text()["how"]] == ["link", "mark", "link"]


def test_a_second_text_has_the_same_link_and_costs_one_read(shop: Shop) -> None:
    first = shop.text()
    with shop.town.emulator.counting() as calls:
        assert shop.text() == first
    assert [call.operation for call in calls] == ["BatchGetItem"]
    assert shop.ann.api.post(f"/v1/shares/{shop.share['share_id']}/short-link")["short_link"] in first["text"]


def test_two_who_ask_at_once_are_answered_one_link(shop: Shop) -> None:
    answers = []

    def other(call: Call) -> None:
        if call.operation == "UpdateItem" and b"short_link" in call.body:
            shop.town.emulator.before = None
            answers.append(shop.text())

    shop.town.emulator.before = other
    answers.append(shop.text())
    assert answers[0] == answers[1]


def test_it_is_said_in_the_callers_language(shop: Shop) -> None:
    assert "礼盒 Tap the link to see it in the mini-program: #小程序://" in shop.text(language="en")["text"]
    assert f" Redeem code: {LONG} Tap the link" in shop.text(language="en", code=LONG)["text"]


def test_only_ones_own_share_has_a_text(shop: Shop) -> None:
    assert text_of(shop.ben, shop.share).body["code"] == "share_unknown"
    assert text_of(shop.ann, {"share_id": "0" * 16}).body["code"] == "share_unknown"
    assert shop.town.sim.world.short_links == {}


@pytest.mark.parametrize(("days", "until"), [(60, 29), (10, 10)])
def test_it_is_good_until_its_link_or_its_campaign_ends(town: Town, days: int, until: int) -> None:
    now = clock.now()
    shop = Shop(town, ends_at=(now + timedelta(days=days)).isoformat())
    assert clock.parse(shop.text()["until"]) == now + timedelta(days=until)
    shop.town.sim.world.short_links.clear()
    town.sim.world.short_links_a_day = 0
    clock.advance(29 * 86_400)
    shop.ann.come_back()
    assert clock.parse(shop.text()["until"]) == now + timedelta(days=days)


def test_an_invitation_without_a_link_is_good_for_ever(town: Town) -> None:
    ann = town.person("ann")
    town.sim.world.short_links_a_day = 0
    said = text_of(ann, invitation(ann)).expect(200)
    assert (said["how"], said["until"]) == ("mark", None)
    assert enters(town.person("ben"), text=said["text"]).expect(200)["open"]["kind"] == "invite"


TITLES = {
    "web": f"秋茶{H5}",
    "wide": "ＨＴＴＰＳ：／／evil.cn 秋茶",
    "wxaurl": "秋茶 wxaurl.cn/a",
    "scheme": "weixin://dl/x秋茶",
    "address": "秋茶 t.cn/x",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_title_brings_a_link_into_a_text(town: Town, title: str, language: str) -> None:
    shop = Shop(town, share={"title": title})
    linked = shop.text(language=language)
    assert (linked["how"], linked["text"].split(" ")[0]) == ("link", "秋茶")
    town.sim.world.short_links_a_day = 0
    clock.advance(29 * 86_400)
    shop.ann.come_back()
    marked = shop.text(language=language)
    assert marked["how"] == "mark"
    for said in (linked, marked):
        assert not FORBIDDEN.search(said["text"])
    assert shop.opened(linked["text"]) == shop.share["path"]


def test_a_title_that_is_a_link_is_left_out(town: Town) -> None:
    shop = Shop(town, share={"title": H5})
    assert shop.unlinked()["text"].startswith("复制这段文字")


def test_a_title_with_anothers_mark_leads_to_ones_own_page(town: Town) -> None:
    other = invitation(town.person("mallory"))["scene"]
    shop = Shop(town, share={"title": f"秋茶 {other}"})
    entry = enters(shop.ben, text=shop.unlinked()["text"]).expect(200)
    assert entry["open"]["id"] == shop.campaign
    assert shop.entries()[0].sharer == shop.ann.uid


def test_no_name_brings_a_link_into_a_text(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in ((f"茶铺{H5}", "“茶铺”"), (H5, "到小程序里粘贴")):
        monkeypatch.setattr(texts, "merchant", lambda mid, name=name: type("Named", (), {"name": name}))
        text = shop.unlinked()["text"]
        assert said in text
        assert not FORBIDDEN.search(text)


UNLAWFUL = {
    "web": H5,
    "wxaurl": "https://wxaurl.cn/abc",
    "web in a title": f"#小程序://茶铺/{H5}/abc",
    "address": "#小程序://茶铺/evil.cn/abc",
    "endless": f"#小程序://{'茶' * 91}",
    "nothing": "x",
}


@pytest.mark.parametrize("link", UNLAWFUL.values(), ids=UNLAWFUL)
def test_what_is_no_lawful_short_link_is_not_passed_on(shop: Shop, monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    monkeypatch.setattr("chalicelib.sharing.links.short_link", lambda *_, **__: link)
    said = shop.text()
    assert said["how"] == "mark"
    assert not FORBIDDEN.search(said["text"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_has_at_most_two_hundred_letters(town: Town, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    longest = code("7KMQ4X2W9RTAC7K")
    monkeypatch.setattr(texts, "merchant", lambda mid: type("Named", (), {"name": "茶" * 100}))
    shop = Shop(town, share={"title": "茶" * 40})
    monkeypatch.setattr("chalicelib.sharing.links.short_link", lambda *_, **__: "#小程序://" + "茶" * 90)
    said = shop.text(code=longest, language=language)
    assert said["how"] == "link"
    assert said["text"].startswith("茶")
    clock.advance(29 * 86_400)
    shop.ann.come_back()
    monkeypatch.undo()
    monkeypatch.setattr(texts, "merchant", lambda mid: type("Named", (), {"name": "茶" * 100}))
    marked = shop.unlinked(code=longest, language=language)
    assert marked["text"].startswith("茶" * 40 + " ")
    for one in (said, marked):
        assert len(one["text"]) <= texts.MOST_LETTERS
        assert longest in one["text"]


SAID = [one for name, pair in vars(words).items() if name.isupper() for one in pair]


def test_what_it_says_lures_nobody_and_names_no_price() -> None:
    assert len(SAID) == 8
    for said in SAID:
        assert copy_lint.matches(said, copy_lint.CATEGORIES) == []
        assert not re.search(r"[0-9¥￥元]|reward|free|gift|奖|礼|免费|红包|得", said)


@pytest.mark.parametrize("typed", [LONG, LONG.lower(), LONG.replace("-", ""), LONG.replace("-", " ")])
def test_a_code_is_passed_on_in_groups(shop: Shop, typed: str) -> None:
    for said in (shop.text(code=typed), shop.text(code=typed, language="en")):
        assert f"{LONG} " in said["text"]
        pasted = enters(shop.ben, text=said["text"]).expect(200)
        assert (pasted["open"]["path"], pasted["code"]) == ("pages/codes/index", LONG)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("passed_on", [LONG, code("1" * 7), code(DIGITS[:7]), code("ACDEFGD")])
def test_who_pastes_a_mark_with_a_code_finds_both(shop: Shop, passed_on: str, language: str) -> None:
    said = shop.unlinked(code=passed_on, language=language)
    entry = enters(shop.ben, text=said["text"]).expect(200)
    assert (entry["open"]["id"], entry["counted"], entry["code"]) == (shop.campaign, True, passed_on)


@pytest.mark.parametrize("typed", ["x", "12345", "https://a.cn", LONG[:-1], LONG + "0", f"{H5} {LONG}"])
def test_what_is_written_like_no_code_is_not_passed_on(shop: Shop, typed: str) -> None:
    refused = text_of(shop.ann, shop.share, code=typed)
    assert (refused.status, refused.body["code"]) == (422, "invalid_field")
    assert refused.body["errors"][0]["pointer"] == "/code"


def test_a_pasted_code_leads_to_the_page_of_codes_and_nothing_is_read_or_written(shop: Shop) -> None:
    with shop.town.emulator.counting() as calls:
        said = enters(shop.ben, text=f"送你 {LONG}，快去用").expect(200)
    assert said == {
        "open": {"kind": "code", "id": "ALL", "path": "pages/codes/index"},
        "inviter": None,
        "counted": False,
        "why_not": "no_share",
        "evidence": None,
        "code": LONG,
        "now": said["now"],
    }
    assert calls == []
    assert shop.entries() == []


def test_a_scene_or_a_query_has_no_code(shop: Shop) -> None:
    ways: list[dict[str, Any]] = [{"scene": LONG}, {"query": f"code={LONG}"}, {"query": LONG}]
    for way in ways:
        assert enters(shop.ben, **way).body["code"] == "share_unknown"
    assert comes_by(shop.ben, shop.share)["code"] is None


def test_a_share_comes_before_an_invite_code_and_that_before_a_text_code(shop: Shop) -> None:
    invite, mark = code_of(shop.ann), shop.share["scene"]
    everything = f"{LONG} {invite} {mark}"
    for text, kind in ((everything, "campaign"), (f"{LONG} {invite}", "invite"), (LONG, "code")):
        said = enters(shop.ben, text=text).expect(200)
        assert (said["open"]["kind"], said["code"]) == (kind, LONG)


def test_an_invite_code_that_is_known_is_no_text_code(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"兑换码：{DIGITS}"
    assert enters(shop.ben, text=text).expect(200)["open"]["kind"] == "code"
    monkeypatch.setattr("chalicelib.invite.codes.chance.below", lambda _: int(DIGITS))
    assert code_of(shop.ann) == DIGITS
    said = enters(shop.ben, text=text).expect(200)
    assert (said["open"]["kind"], said["code"]) == ("invite", None)


def test_an_invite_code_after_three_other_numbers_is_not_looked_up_and_a_text_code_is_found(shop: Shop) -> None:
    invite = code_of(shop.ann)
    said = enters(shop.ben, text=f"20261111 20261112 20261113 {invite} {LONG}").expect(200)
    assert said["open"]["kind"] == "code"
    assert enters(shop.ben, text=f"20261112 20261113 {invite} {LONG}").expect(200)["open"]["kind"] == "invite"


def test_a_code_beside_a_share_that_is_not_known_is_still_found(shop: Shop) -> None:
    said = enters(shop.ben, text=f"s=0000000000000000 {LONG}").expect(200)
    assert (said["open"]["kind"], said["code"]) == ("code", LONG)


def test_without_codes_a_text_has_none(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(plugged.CODES, "text code")
    assert enters(shop.ben, text=LONG).body["code"] == "share_unknown"
    assert text_of(shop.ann, shop.share, code=LONG).status == 422


def test_who_sits_down_after_a_text_came_by_its_sharer(shop: Shop) -> None:
    leader, seat = shop.town.opened(shop.campaign)
    share = leader.group(seat["group_id"])["share"]
    said = text_of(leader, share).expect(200)
    cat: Person = shop.town.person("cat")
    enters(cat, query=shop.opened(said["text"]).partition("?")[2], scene_value=SHORT_LINK_OPENED).expect(200)
    cat.join(seat["group_id"]).expect(201)
    seats = shop.town.admin.get(f"/v1/admin/groups/{seat['group_id']}")["seats"]
    assert {one["came_by"]["user_id"] for one in seats if one["came_by"]} == {leader.uid}
