"""A deployment with a fixed address: who transfers reaches WeChat through the one function that has it, and only so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import urllib3

from chalicelib.wechat.egress import Errand
from infra.build import build
from infra.deploy import Deployment
from infra.local.client import HttpSend
from infra.local.endpoint import ROOT, Endpoint, root
from infra.local.seed import Registered, register
from infra.local.stack import Stack
from tests.infra.test_least_privilege import EVERYTHING, acting_as, refused, session_of

TRANSFERRING = """
import json, sys
from chalicelib.core.money import Fen
from chalicelib.wechat import http, transfer
from chalicelib.wechat.account import PayAccount

given = json.load(sys.stdin)
account = PayAccount(**given["account"])
body = transfer.transfer_body(
    account, out_bill_no=given["number"], scene="1000", reports={"活动名称": "拆红包", "奖励说明": "邀请好友助力"},
    openid=given["openid"], amount=Fen(100), remark="奖励", notify_url="https://ripple.example.com/notify",
)
http._transport = object()  # nothing leaves from here
try:
    offered, found = transfer.create(account, body), transfer.query(account, given["number"])
    print(json.dumps({"state": offered.state, "again": found.state}))
except http.Unknown as unknown:
    print(json.dumps({"unknown": unknown.reason}))
"""
FUND = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A stack with the optional part, its roles enforced."""
    home = tmp_path_factory.mktemp("fixed")
    with Stack(home, stage="fixed", parameters={"FixedAddress": "true"}, enforce_roles=True) as stack:
        yield stack


@pytest.fixture(scope="module")
def shop(fixed: Endpoint) -> Registered:
    """A merchant whose operations account has money."""
    wechat = HttpSend(fixed.wechat)
    registered = register(wechat, "lakeside")
    funds = json.dumps({"mchid": registered.mchid, "fen": 10_000}).encode()
    wechat("POST", "/_sim/operations", FUND, funds).expect(200, 201)
    return registered


def transferring(fixed: Endpoint, shop: Registered, function: str) -> dict[str, Any]:
    """What comes of a transfer that code of ours makes with the rights of a function."""
    wechat = HttpSend(fixed.wechat)
    user = wechat("POST", "/_sim/users", FUND, json.dumps({"name": "alice"}).encode()).expect(200, 201)
    secrets = shop.secrets
    account = {
        "appid": shop.appid,
        "mchid": shop.mchid,
        "serial": secrets["mch_serial"],
        "private_key_pem": secrets["mch_private_key"],
        "apiv3_key": secrets["apiv3_key"],
        "wechatpay_public_key_pem": secrets["wechatpay_public_key"],
        "wechatpay_public_key_id": secrets["wechatpay_public_key_id"],
    }
    given = {"account": account, "number": f"OF{function}", "openid": user["openids"][shop.appid]}
    lent = session_of(fixed, function).get_credentials()
    assert lent
    environment = {
        **os.environ,
        **fixed.environment(),
        "RIPPLE_EGRESS_FUNCTION": f"ripple-{fixed.stage}-egress",
        "AWS_ACCESS_KEY_ID": lent.access_key,
        "AWS_SECRET_ACCESS_KEY": lent.secret_key,
        "AWS_SESSION_TOKEN": str(lent.token),
    }
    done = subprocess.run(
        [sys.executable, "-c", TRANSFERRING],
        input=json.dumps(given), cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.mark.parametrize("function", ["api", "worker", "outbox"])
def test_a_transfer_reaches_wechat_through_the_function(fixed: Endpoint, shop: Registered, function: str) -> None:
    said = transferring(fixed, shop, function)
    assert said == {"state": "WAIT_USER_CONFIRM", "again": "WAIT_USER_CONFIRM"}


@pytest.mark.parametrize("function", ["sweeper", "egress"])
def test_nobody_else_may_have_something_sent(fixed: Endpoint, shop: Registered, function: str) -> None:
    assert "not reached" in transferring(fixed, shop, function)["unknown"]


def test_the_function_itself_may_touch_nothing(fixed: Endpoint) -> None:
    aws = acting_as(fixed, "egress")
    assert {call for call in EVERYTHING if not refused(call, aws, fixed)} == set()


def test_what_is_no_transfer_makes_it_fail(fixed: Endpoint) -> None:
    errand = Errand("POST", f"{fixed.wechat}/v3/pay/transactions/jsapi", {}, b"{}", 5.0)
    told = fixed.client("lambda").invoke(
        FunctionName=f"ripple-{fixed.stage}-egress", Payload=msgspec.json.encode(errand)
    )
    assert told["FunctionError"] == "Unhandled"


def test_its_address_is_told_and_is_the_gateways(fixed: Endpoint) -> None:
    [stack] = fixed.client("cloudformation").describe_stacks(StackName=f"ripple-{fixed.stage}")["Stacks"]
    outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stack["Outputs"]}
    ec2 = fixed.client("ec2")
    assert [entry["PublicIp"] for entry in ec2.describe_addresses()["Addresses"]] == [outputs["FixedAddress"]]
    assert [gateway["State"] for gateway in ec2.describe_nat_gateways()["NatGateways"]] == ["available"]


def test_switched_off_again_nothing_of_it_is_left(tmp_path: Path) -> None:
    with Stack(tmp_path, stage="was-fixed", parameters={"FixedAddress": "true"}) as stack:
        Deployment(stack.stage, {"FixedAddress": "false"}, stack.aws, root(), lambda line: None).run(build())
        functions = stack.client("lambda").list_functions()["Functions"]
        ec2, iam = stack.client("ec2"), stack.client("iam")
        there = {each["FunctionName"].rpartition("-")[2] for each in functions}
        assert there == {"api", "sweeper", "worker", "outbox", "pictures"}
        assert {each["Environment"]["Variables"].get("RIPPLE_EGRESS_FUNCTION", "") for each in functions} == {""}
        assert ec2.describe_addresses()["Addresses"] == []
        assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
        assert {gateway["State"] for gateway in ec2.describe_nat_gateways()["NatGateways"]} == {"deleted"}
        assert not [role for role in iam.list_roles()["Roles"] if "Egress" in role["RoleName"]]
        assert urllib3.request("GET", f"{stack.api}/v1/health").status == 200
