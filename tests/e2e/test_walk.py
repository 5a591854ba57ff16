"""What `make up` shows works on the deployed stack."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from infra.local.endpoint import ROOT, Endpoint
from infra.local.seed import FILE, KEYS_FILE, Seeded, seed
from infra.local.walk import walk


def test_the_walk_ends_well(stack: Endpoint, seeded: Seeded, capsys: pytest.CaptureFixture[str]) -> None:
    group = walk(stack, seeded)
    told = capsys.readouterr().out
    assert (group["paid"], group["status"]) == (3, "succeeded")
    assert "(WeChat has accepted it)" in told
    assert "  (pages/group/index: 2026年秋茶礼盒, 3, 69.00元)" in told
    assert "  (当前 1/3 人)" in told and "  (已开始: pages/group/index)" in told
    assert "(WeChat says that it is back)" in told
    assert '"differences": 0' in told
    assert '"price_fen": 8400' in told and '"price_fen": 6900' in told
    assert '"state": "checking"' in told and '"code": "reciprocal"' in told
    assert '"decision": "approved"' in told and "(hers costs 84.00 元 now)" in told
    assert '"invited": 1, "me": true}' in told and '"mine": 1' in told
    assert "(89.00 元, of which the coupon pays 10.00 元)" in told
    assert told.count("[ 帮TA拆，TA得¥1.00 余额，你得¥2.00 余额 ]") == 2
    assert "(WeChat Pay's notification has arrived: 1.00 元 已存入微信零钱)" in told
    assert '"owed_fen": 0, "paid_fen": ' in told
    assert "(both shares have arrived)" in told and '"rewards": "promised"' in told
    lines = ("领取的优惠券  10.00 元 优惠券  已使用", "领取好友的红包  2.00 元 余额  已到账", "接受邀请的见面礼")
    for line in (*lines, "下单有礼  1.00 元 现金  已存入微信零钱"):
        assert f"    {line}" in told
    assert told.count("    口令  1.00 元 余额  已到账") == 4 and "    兑换码或口令兑换的优惠券  15.00 元" in told
    assert '"code": "code_mistyped"' in told and '"code": "code_invalid"' in told and "(serial, code: 0, " in told
    assert "(/words/subtitle: " in told and "(1080 × 1920, " in told and "  (groups 1, 1, 2)" in told
    assert (
        "(xiaoming, lili, daqiang, meimei: all agree)" in told
        and "  grandma         20.00      0.00       0.00" in told
    )
    tour = (ROOT / "README.md").read_text().split("## The walk\n")[1].split("```")[1]
    assert [line for line in tour.splitlines() if line and line[0] != " " and line not in told.splitlines()] == []
    assert told.rstrip().endswith("3 of 3 paid: succeeded")


def test_seeding_again_changes_nothing_and_an_older_seed_is_completed(
    stack: Endpoint, seeded: Seeded, tmp_path: Path
) -> None:
    for name in (FILE, KEYS_FILE):
        shutil.copy(Path(stack.home, name), tmp_path)
    copied = replace(stack, home=str(tmp_path))
    assert seed(copied) == seeded
    older = [msgspec.structs.replace(each, coupon_campaign_id="", cash_campaign_id="") for each in seeded.merchants]
    (tmp_path / FILE).write_bytes(msgspec.json.encode(Seeded(older)))
    # The first merchant has more campaigns of the same words by now: other tests publish there.
    completed = seed(copied).merchants
    assert completed[1] == seeded.merchants[1]
    assert completed[0].coupon_campaign_id and completed[0].cash_campaign_id
