"""Deploying promises: known URLs, no change without need, and a reason when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest
import urllib3

from infra.build import Built
from infra.deploy import DeployError, Deployment
from infra.local.endpoint import Endpoint, root
from infra.local.stack import Stack
from infra.local.testing import PARAMETERS


def test_functions_know_the_url_that_wechat_calls_back(stack: Endpoint) -> None:
    for function in ("api", "sweeper", "worker", "outbox"):
        told = stack.client("lambda").get_function_configuration(FunctionName=f"ripple-{stack.stage}-{function}")
        assert told["Environment"]["Variables"]["RIPPLE_PUBLIC_URL"] == stack.api


def test_deploying_the_same_again_changes_nothing(stack: Endpoint, built: Built) -> None:
    said: list[str] = []
    outputs = Deployment(stack.stage, PARAMETERS, stack.aws, root(), said.append).run(built)
    assert outputs["ApiUrl"] == stack.api
    assert said == [f"stack ripple-{stack.stage} is up to date"]


def test_a_refused_deployment_says_why(stack: Endpoint, built: Built) -> None:
    with pytest.raises(DeployError, match="LogRetentionDays"):
        Deployment(stack.stage, {"LogRetentionDays": "2"}, stack.aws, root(), lambda line: None).run(built)


def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    limits = {"LoginThrottleRate": "1", "LoginThrottleBurst": "1"}
    with Stack(tmp_path, stage="narrow", parameters=limits) as narrow:
        answers = [urllib3.request("POST", f"{narrow.api}/v1/login", json={}) for _ in range(4)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert refused[0].headers["Retry-After"] == "1"
    assert refused[0].json()["code"] == "throttled"
