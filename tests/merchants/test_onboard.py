"""Taking a merchant on, once, however often the command is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import merchant_secrets
from chalicelib.merchants.onboard import GIVEN, main
from infra.local.client import Api
from tests.emulator import Emulator
from tests.town import send


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


def test_a_mini_program_belongs_to_one_pay_account(
    world: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, arguments(tmp_path))[0] == 0
    assert run(capsys, arguments(tmp_path, mchid="1900000002"))[0] == 1


def test_a_time_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises((SystemExit, KeyError)):
        main(arguments(tmp_path, **{"time-zone": "Mars/Olympus"}))
