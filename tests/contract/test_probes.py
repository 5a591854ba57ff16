"""What somebody sends who wants to break in: a clear 4xx naming the place, nothing stored, never a 5xx."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from chalicelib.core import chance, clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import merchant_secrets
from infra.local.client import Reply
from infra.local.seed import demo_offer
from tests.conftest import EMULATOR, START
from tests.snapshot import keep
from tests.town import Town, send

SLOT = "@@slot@@"


class Site:
    """A merchant with a running campaign, an open group and a user, and a neighbour."""

    def __init__(self) -> None:
        self.town = town = Town(EMULATOR)
        self.other_mid = town.second().mid
        self.campaign = town.campaign()
        _, seat = town.opened(self.campaign)
        self.group, self.order = seat["group_id"], seat["order_id"]
        self.user = town.person("user")
        town.admin.get("/v1/admin/merchant")
        self.stored = town.emulator.items()
        self.rewind = keep(town)

    def as_user(self, method: str, path: str, raw: bytes | None = None, **headers: str) -> Reply:
        return self.ask(method, path, str(self.user.api.token), raw, **headers)

    def as_owner(self, method: str, path: str, raw: bytes | None = None, **headers: str) -> Reply:
        return self.ask(method, path, self.town.merchant.api_key, raw, **headers)

    def ask(self, method: str, path: str, token: str, raw: bytes | None = None, **headers: str) -> Reply:
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a-key-of-the-probe"}
        sent |= {"Content-Type": "application/json"} if raw is not None else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return send(method, path, sent, raw)

    def insist_refused(self, reply: Reply, *statuses: int) -> None:
        assert reply.status in statuses, (reply.status, reply.body)
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.body["detail"]
        assert self.town.emulator.items() == self.stored


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7):
        here = Site()
        yield here
        here.town.close()


@pytest.fixture(autouse=True)
def _as_it_was(site: Site) -> None:
    site.rewind()


def claims(site: Site, **changes: Any) -> dict[str, Any]:
    now = clock.now()
    mid = site.town.merchant.mid
    return {"aud": "ripple:user", "mid": mid, "sub": site.user.uid, "iat": now, "exp": now + _HOUR, **changes}


_HOUR = clock.parse("2026-01-01T01:00:00.000Z") - clock.parse("2026-01-01T00:00:00.000Z")


def key_of(mid: str) -> tuple[bytes, str]:
    secrets = merchant_secrets(MerchantId(mid))
    return bytes.fromhex(secrets.token_keys[secrets.token_kid]), f"{mid}.{secrets.token_kid}"


def signed(site: Site, algorithm: str = "HS256", key: Any = None, kid: Any = None, **changes: Any) -> str:
    ours, our_kid = key_of(site.town.merchant.mid)
    key = ours if key is None else key
    return jwt.encode(claims(site, **changes), key, algorithm, headers={"kid": our_kid if kid is None else kid})


def by_hand(header: Any, payload: Any, signature: str = "") -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, payload))
    return ".".join((*parts, signature))


def tokens(site: Site) -> dict[str, str]:
    """Each is one step away from a good one."""
    mine, kid = key_of(site.town.merchant.mid)
    theirs, their_kid = key_of(site.other_mid)
    plain = {name: int(v.timestamp()) if hasattr(v, "timestamp") else v for name, v in claims(site).items()}
    good = signed(site)
    head, body, signature = good.split(".")
    return {
        "no algorithm": by_hand({"alg": "none", "typ": "JWT", "kid": kid}, plain),
        "no algorithm, oddly spelt": by_hand({"alg": "nOnE", "kid": kid}, plain),
        "no signature": f"{head}.{body}.",
        "another algorithm": signed(site, "HS512", key=mine * 4),
        "an algorithm that is no text": by_hand({"alg": ["HS256"], "kid": kid}, plain, signature),
        "another merchant's key": signed(site, key=theirs),
        "another merchant's key and id": signed(site, key=theirs, kid=their_kid),
        "another merchant's claims": signed(site, mid=site.other_mid),
        "an unknown key id": signed(site, kid=f"{site.town.merchant.mid}.k9"),
        "a key id that is a path": signed(site, kid="../../etc/passwd"),
        "a key id that is no text": by_hand({"alg": "HS256", "kid": {"k": 1}}, plain, signature),
        "no key id": by_hand({"alg": "HS256"}, plain, signature),
        "merchants' audience": signed(site, aud="ripple:admin"),
        "both audiences, and not ours first": signed(site, aud=["ripple:admin", "wechat"]),
        "no audience": signed(site, aud=""),
        "no subject": jwt.encode({k: v for k, v in claims(site).items() if k != "sub"}, mine, headers={"kid": kid}),
        "no end": jwt.encode({k: v for k, v in claims(site).items() if k != "exp"}, mine, headers={"kid": kid}),
        "an end that is a text": by_hand({"alg": "HS256", "kid": kid}, {**plain, "exp": "9999999999"}, signature),
        "an end that is past": signed(site, exp=clock.now() - _HOUR),
        "a claim changed after signing": f"{head}.{by_hand({}, {**plain, 'sub': 'you'}).split('.')[1]}.{signature}",
        "claims that are no object": by_hand({"alg": "HS256", "kid": kid}, ["sub"], signature),
        "four parts": good + ".x",
        "a megabyte": "a" * 1_000_000,
        "a good one in a megabyte": good + "a" * 1_000_000,
        "nothing": "",
        "what is no ASCII": "令牌",
    }


KINDS = sorted(
    {
        *(
            "no algorithm",
            "no algorithm, oddly spelt",
            "no signature",
            "another algorithm",
            "an algorithm that is no text",
        ),
        *("another merchant's key", "another merchant's key and id", "another merchant's claims", "an unknown key id"),
        *("a key id that is a path", "a key id that is no text", "no key id", "merchants' audience", "no audience"),
        *("both audiences, and not ours first", "no subject", "no end", "an end that is a text", "an end that is past"),
        *("a claim changed after signing", "claims that are no object", "four parts", "a megabyte", "nothing"),
        *("a good one in a megabyte", "what is no ASCII"),
    }
)


def test_the_list_of_kinds_is_whole(site: Site) -> None:
    assert sorted(tokens(site)) == KINDS
    assert site.ask("GET", "/v1/me", signed(site)).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_token_opens_nothing(site: Site, kind: str) -> None:
    token = tokens(site)[kind]
    for method, path in (("GET", "/v1/me"), ("POST", f"/v1/groups/{site.group}/seats"), ("GET", "/v1/admin/merchant")):
        reply = site.ask(method, path, token, b"{}" if method == "POST" else None)
        site.insist_refused(reply, 401)


@pytest.mark.parametrize(
    "scheme", ["Basic {}", "{}", "Bearer", "Bearer  ", "bearer\t{}", "Bearer {} {}", "Bearer {},Bearer {}"]
)
def test_only_a_bearer_is_one(site: Site, scheme: str) -> None:
    token = str(site.user.api.token)
    reply = send("GET", "/v1/me", {"Authorization": scheme.replace("{}", token)}, None)
    site.insist_refused(reply, 401)


LARGE = {
    "X-Request-Id": "a" * 100_000,
    "Accept-Language": "zh," * 50_000,
    "If-None-Match": '"x",' * 50_000,
    "X-Forwarded-For": "1.2.3.4," * 20_000,
    "User-Agent": "\x00" * 10_000,
    "Cookie": "a=b;" * 20_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_a_header_that_nobody_needs_may_be_as_large_as_the_gateway_lets_it(site: Site, name: str) -> None:
    reply = site.as_user("GET", "/v1/me", None, **{name: LARGE[name]})
    assert reply.status == 200
    assert len(reply.headers["x-request-id"]) <= 64


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 256, "a" * 100_000, "with a space in it", "schlüssel-mit-umlaut", "a\nb" * 4]
)
def test_a_key_that_is_none_is_named(site: Site, key: str) -> None:
    reply = site.as_user("POST", f"/v1/groups/{site.group}/seats", b"{}", **{"Idempotency-Key": key})
    site.insist_refused(reply, 400)
    assert reply.body["code"] == "idempotency_key_required"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "x" * 10_000, "application/jso", ""]
)
def test_what_is_no_json_is_not_read(site: Site, media: str) -> None:
    reply = site.as_user("POST", f"/v1/groups/{site.group}/seats", b'{"sku_id": "box-1"}', **{"Content-Type": media})
    site.insist_refused(reply, 415)


TRICKS = [
    "..", "%2e%2e", "..%2f..%2forders", "%2e%2e%2f", ".", ";a=b", "%00", "a%00b", "a%0d%0aSet-Cookie:x", "%", "%zz",
    "%c0%ae", "%ff", "a|b", "a#b", "%7c", "%23", "%2523", "*", "'%20OR%201=1", "$where", "{group_id}", "a" * 5000,
    "团", "\N{GRINNING FACE}", "%F0%9F%98%80", "META", "SEAT", "0", "-1", "null", "undefined", "\u200b", "%e2%80%ae",
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_a_path_leads_nowhere_else(site: Site, trick: str) -> None:
    for path in (f"/v1/groups/{trick}", f"/v1/orders/{trick}", f"/v1/campaigns/{trick}"):
        site.insist_refused(site.as_user("GET", path), 404)
    site.insist_refused(site.as_user("POST", f"/v1/groups/{trick}/seats", b"{}"), 404)
    site.insist_refused(site.as_owner("POST", f"/v1/admin/campaigns/{trick}/pause", b"{}"), 404)


def test_a_path_is_spelt_in_one_way(site: Site) -> None:
    group = f"/v1/groups/{site.group}"
    spelt = (
        group + "/",
        "/" + group,
        group.replace("/v1", "/V1"),
        group + "/..",
        group + "/seats/",
        group + ";x",
        "",
        "/",
    )
    for path in spelt:
        site.insist_refused(site.as_user("GET", path), 404)
    assert site.as_user("GET", group).status == 200


def test_an_id_of_another_kind_is_none(site: Site) -> None:
    ids = {"groups": site.group, "orders": site.order, "campaigns": site.campaign}
    for kind in ids:
        for other, known in ids.items():
            if other != kind:
                site.insist_refused(site.as_user("GET", f"/v1/{kind}/{known}"), 404)
    foreign = "0" * len(site.campaign) + site.group[len(site.campaign) :]
    site.insist_refused(site.as_user("POST", f"/v1/groups/{foreign}/seats", b"{}"), 404)


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a document that is no container, with its pointer."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from leaves(member, f"{pointer}/{index}")
    else:
        yield pointer, value


def with_fragment(document: Any, pointer: str, fragment: str) -> bytes:
    """The document as text with ``fragment`` in the place of one value."""
    changed = copy.deepcopy(document)
    *way, last = pointer.split("/")[1:]
    place = changed
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = SLOT
    return json.dumps(changed, ensure_ascii=False).replace(f'"{SLOT}"', fragment).encode("utf-8", "surrogatepass")


OFFER: dict[str, Any] = {"offer": {**demo_offer(now=START), "group_seconds": 3600, "pay_window_seconds": 900}}
OFFER["offer"]["skus"][0]["leader_price_fen"] = 5900
NUMBERS = [pointer for pointer, value in leaves(OFFER) if isinstance(value, int)]
TEXTS = [pointer for pointer, value in leaves(OFFER) if isinstance(value, str)]
BAD_NUMBERS = [
    "-1", "-9223372036854775809", "9223372036854775808", "9" * 400, "-" + "9" * 400, "1e400", "1.5", "1.0", "1e2",
    "NaN", "Infinity", "-Infinity", "true", '"1"', "[]", "{}", "0x10", "01", "+1", "١",
]  # fmt: skip
BAD_TEXTS = [
    '"\\u0000"',
    '"a\\u0007b"',
    '"\x7f"',
    '"\\ud800"',
    '"\ud800"',
    '"\x85"',
    "7",
    "{}",
    "[]",
    "true",
    '"' + "长" * 3000 + '"',
]
NOT_JSON = {"NaN", "Infinity", "-Infinity", "0x10", "01", "+1", "١", '"\ud800"', '"\\ud800"', "1e400"}


@pytest.mark.parametrize("pointer", NUMBERS)
@pytest.mark.parametrize("fragment", BAD_NUMBERS, ids=lambda text: text[:24])
def test_a_number_is_one_or_is_named(site: Site, pointer: str, fragment: str) -> None:
    reply = site.as_owner("POST", "/v1/admin/campaigns", with_fragment(OFFER, pointer, fragment))
    site.insist_refused(reply, 400, 422)
    if reply.status == 422:
        assert [error["pointer"] for error in reply.body["errors"]] == [pointer]
    else:
        assert fragment in NOT_JSON or len(fragment) > 300


@pytest.mark.parametrize("pointer", TEXTS)
@pytest.mark.parametrize("fragment", BAD_TEXTS, ids=lambda text: ascii(text[:12]))
def test_a_text_is_one_or_is_named(site: Site, pointer: str, fragment: str) -> None:
    reply = site.as_owner("POST", "/v1/admin/campaigns", with_fragment(OFFER, pointer, fragment))
    site.insist_refused(reply, 400, 422)
    if reply.status == 422:
        assert [error["pointer"] for error in reply.body["errors"]] == [pointer]
    else:
        assert fragment in NOT_JSON


REPEATED = [
    ("POST", "/v1/admin/campaigns", json.dumps(OFFER)[:-2] + ', "size": 2}}'),
    ("POST", "/v1/admin/campaigns", json.dumps(OFFER).replace('"price_fen"', '"price_fen": 1, "price_fen"', 1)),
    ("POST", "/v1/admin/campaigns", json.dumps(OFFER).replace('"size"', '"s\\u0069ze": 2, "size"', 1)),
    ("POST", "/v1/admin/keys", '{"name": "till", "role": "viewer", "role": "owner"}'),
    ("POST", "/v1/groups/{group}/seats", '{"sku_id": "box-1", "sku_id": "box-1"}'),
    ("PATCH", "/v1/me", '{"nickname": "a", "nickname": "b"}'),
    ("POST", "/v1/login", '{"appid": "wxdemolakeside", "code": "test:a", "code": "test:b"}'),
]


@pytest.mark.parametrize(("method", "path", "text"), REPEATED)
def test_a_name_stands_once_in_an_object(site: Site, method: str, path: str, text: str) -> None:
    who = site.as_owner if "/admin/" in path else site.as_user
    reply = who(method, path.format(group=site.group), text.encode())
    site.insist_refused(reply, 400)
    assert reply.body["code"] == "malformed"


UNKNOWN_FIELDS = [(m, p, t.replace("{", '{"price_fen": 1, "__proto__": {}, ', 1)) for m, p, t in (
    ("POST", "/v1/groups/{group}/seats", '{"sku_id": "box-1"}'),
    ("POST", "/v1/campaigns/{campaign}/groups", '{"sku_id": "box-1"}'),
    ("PATCH", "/v1/me", '{"nickname": "a"}'),
    ("POST", "/v1/admin/keys", '{"name": "till", "role": "viewer"}'),
)]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "text"), UNKNOWN_FIELDS)
def test_a_field_that_nobody_asked_for_is_named(site: Site, method: str, path: str, text: str) -> None:
    who = site.as_owner if "/admin/" in path else site.as_user
    reply = who(method, path.format(group=site.group, campaign=site.campaign), text.encode())
    site.insist_refused(reply, 422)
    assert reply.body["errors"][0]["pointer"] in ("/price_fen", "/__proto__")
