"""Taking a merchant on, once, however often the command is run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import MerchantSecrets, merchant_secrets, store_secrets
from chalicelib.core.store import read_one
from chalicelib.merchants.items import Merchant, merchant_key
from chalicelib.merchants.onboard import GIVEN, MAY_BE_GIVEN, main
from chalicelib.merchants.service import bill_due_at
from infra.local.client import Api
from tests.emulator import Call, Emulator
from tests.town import Death, send


def arguments(tmp_path: Path, appsecret: str = "s", **changes: str) -> list[str]:
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({**dict.fromkeys(GIVEN, "x"), "appsecret": appsecret}))
    given = {"name": "湖畔茶铺", "appid": "wx1", "mchid": "1900000001", "secrets-file": str(file), **changes}
    return [text for name, value in given.items() for text in (f"--{name}", value)]


def run(capsys: pytest.CaptureFixture[str], given: list[str]) -> tuple[int, dict[str, str]]:
    status = main(given)
    out = capsys.readouterr().out.strip()
    return status, json.loads(out) if status == 0 else {}


def test_the_first_run_shows_a_key_and_the_second_renews_the_secret(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, first = run(capsys, arguments(tmp_path))
    assert status == 0
    assert Api(send, first["api_key"]).call("GET", "/v1/admin/merchant").expect(200)["name"] == "湖畔茶铺"
    capsys.readouterr()
    before = merchant_secrets(MerchantId(first["merchant_id"]))
    _, again = run(capsys, arguments(tmp_path, appsecret="renewed"))
    after = merchant_secrets(MerchantId(first["merchant_id"]))
    assert again == {"merchant_id": first["merchant_id"], "api_key": None}
    assert (after.appsecret, after.token_keys) == ("renewed", before.token_keys)
    assert (after.data_keys, after.data_kid) == (before.data_keys, before.data_kid)
    assert before.data_kid in before.data_keys


def test_a_merchant_of_before_there_were_keys_for_data_gets_one_when_it_is_taken_on_again(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, first = run(capsys, arguments(tmp_path))
    mid = MerchantId(first["merchant_id"])
    fields = msgspec.structs.asdict(merchant_secrets(mid))
    old = {name: value for name, value in fields.items() if name not in ("data_keys", "data_kid")}
    store_secrets(mid, msgspec.convert(old, MerchantSecrets))
    assert (merchant_secrets(mid).data_keys, merchant_secrets(mid).data_kid) == ({}, "")
    run(capsys, arguments(tmp_path))
    assert merchant_secrets(mid).data_kid in merchant_secrets(mid).data_keys
    assert merchant_secrets(mid).token_keys == fields["token_keys"]


def test_a_merchant_of_before_begins_the_comparison_of_bills_when_it_is_taken_on_again(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, first = run(capsys, arguments(tmp_path))
    key = merchant_key(MerchantId(first["merchant_id"]))
    made = read_one(Merchant, key)
    assert made is not None
    assert (made.bill_day, made.due) == ("2026-11-11", bill_due_at(date(2026, 11, 11)))
    made.bill_day = made.gsi2pk = made.gsi2sk = None
    world.restore(made)
    clock.advance(2 * 86_400)
    run(capsys, arguments(tmp_path))
    begun = read_one(Merchant, key)
    assert begun is not None
    assert (begun.bill_day, begun.due) == ("2026-11-13", bill_due_at(date(2026, 11, 13)))
    clock.advance(86_400)
    run(capsys, arguments(tmp_path))
    after = read_one(Merchant, key)
    assert after is not None
    assert after.serialize() == begun.serialize()


def test_a_mini_program_belongs_to_one_pay_account(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, arguments(tmp_path))[0] == 0
    assert run(capsys, arguments(tmp_path, mchid="1900000002"))[0] == 1


def test_a_key_that_was_never_seen_is_replaced_by_another_and_the_log_says_so(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            world.after = None
            raise Death

    world.after = lose
    with pytest.raises(Death):
        main(arguments(tmp_path))
    assert run(capsys, arguments(tmp_path))[1]["api_key"] is None
    _, found = run(capsys, [*arguments(tmp_path), "--new-owner-key"])
    owner = Api(send, found["api_key"])
    actions = {entry["action"] for entry in owner.get("/v1/admin/audit")["entries"]}
    assert actions == {"merchant.onboard", "key.create"}
    assert [key["role"] for key in owner.get("/v1/admin/keys")["keys"]] == ["owner", "owner"]


def test_a_first_onboarding_shows_one_key_even_if_a_new_one_is_asked_for(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = run(capsys, [*arguments(tmp_path), "--new-owner-key"])
    assert len(Api(send, found["api_key"]).get("/v1/admin/keys")["keys"]) == 1


def test_a_time_zone_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments(tmp_path, **{"time-zone": "Mars/Olympus"}))
    assert refused.value.code == 2
    assert "Mars/Olympus" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", "[]", '{"appsecret": 5}', '{"appsecret": "s"}', None])
def test_a_secrets_file_that_cannot_be_used_takes_nobody_on(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    given = arguments(tmp_path)
    file = tmp_path / "secrets.json"
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    assert main(given) == 1
    assert "not taken on" in capsys.readouterr().err
    assert world.items() == []


def with_secrets(tmp_path: Path, **more: str) -> list[str]:
    given = arguments(tmp_path)
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **more}))
    return given


def test_message_push_is_given_or_not_and_the_file_of_the_last_run_counts(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push = {"push_token": "token1", "push_aes_key": "k" * 43}
    _, first = run(capsys, with_secrets(tmp_path, **push))
    mid = MerchantId(first["merchant_id"])
    assert {name: getattr(merchant_secrets(mid), name) for name in MAY_BE_GIVEN} == push
    run(capsys, arguments(tmp_path))
    assert {getattr(merchant_secrets(mid), name) for name in MAY_BE_GIVEN} == {""}


@pytest.mark.parametrize(
    "push",
    [
        {"push_token": "token1"},
        {"push_aes_key": "k" * 43},
        {"push_token": "to", "push_aes_key": "k" * 43},
        {"push_token": "token1\n", "push_aes_key": "k" * 43},
        {"push_token": "token1", "push_aes_key": "k" * 42},
        {"push_token": "token1", "push_aes_key": "k" * 42 + "="},
    ],
)
def test_half_a_message_push_is_not_taken(
    world: Emulator, tmp_path: Path, push: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(with_secrets(tmp_path, **push)) == 1
    assert "push_" in capsys.readouterr().err
    assert world.items() == []
