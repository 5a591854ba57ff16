"""Every way to fail silently has an alarm, and every alarm reaches somebody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.build import ROOT
from tests.infra.parts import FUNCTIONS, Resources, of_type, target

DEAD_LETTERS = {"FailedShards", "FailedSweeps", "FailedEffects"}


def alarms(resources: Resources) -> Resources:
    return of_type(resources, "AWS::CloudWatch::Alarm")


def watched(resources: Resources, metric: str, dimension: str) -> set[str]:
    return {
        target(entry["Value"])
        for alarm in alarms(resources).values()
        if alarm["MetricName"] == metric
        for entry in alarm["Dimensions"]
        if entry["Name"] == dimension
    }


def test_every_alarm_tells_when_it_starts_and_when_it_ends(resources: Resources) -> None:
    for alarm in alarms(resources).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["AlarmDescription"]


def test_every_functions_errors_are_watched(resources: Resources) -> None:
    named = {target(resources[name]["Properties"]["FunctionName"]) for name in FUNCTIONS}
    assert watched(resources, "Errors", "FunctionName") == named


def test_every_dead_letter_queue_is_watched(resources: Resources) -> None:
    named = {target(resources[name]["Properties"]["QueueName"]) for name in DEAD_LETTERS}
    assert watched(resources, "ApproximateNumberOfMessagesVisible", "QueueName") == named


def test_the_apis_own_errors_are_watched_under_its_name(resources: Resources) -> None:
    api = resources["RestAPI"]["Properties"]
    assert (
        watched(resources, "5XXError", "ApiName")
        == {target(api["Name"])}
        == {target(api["DefinitionBody"]["info"]["title"])}
    )
    assert watched(resources, "5XXError", "Stage") == {api["StageName"]}


@pytest.mark.parametrize(
    "metric",
    [
        "StuckMoney",
        "StuckAge",
        "DeadEntries",
        "DueBacklogAge",
        "DueWaitsLong",
        "OutboxAge",
        "RankUnknown",
        "NamesUnchecked",
        "SpendingPaused",
        "BudgetLow",
        "CashPaused",
        "CodeGuessedWrong",
        "LiveCodeFull",
        "LiveCodeLow",
        "LiveQrEnding",
    ],
)
def test_what_the_code_measures_is_watched(resources: Resources, metric: str) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(ROOT, "chalicelib").rglob("*.py"))
    assert f'"{metric}"' in sources, "somebody must emit what the alarm listens to"
    [alarm] = [alarm for alarm in alarms(resources).values() if alarm["MetricName"] == metric]
    assert (alarm["Namespace"], alarm["Dimensions"]) == (
        "Ripple",
        [{"Name": "Stage", "Value": {"Fn::Sub": "${Stage}"}}],
    )


def test_a_silent_sweeper_is_an_alarm(resources: Resources) -> None:
    assert resources["DueBacklogAlarm"]["Properties"]["TreatMissingData"] == "breaching"


def test_the_dashboard_shows_every_alarm(resources: Resources) -> None:
    board = json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    [listed] = [widget["properties"]["alarms"] for widget in board["widgets"] if widget["type"] == "alarm"]
    assert set(listed) == {f"${{{name}.Arn}}" for name in alarms(resources)}


def test_what_to_do_is_told_of_every_alarm_of_ours(resources: Resources) -> None:
    told = (ROOT / "docs/deploy.md").read_text().split("## When an alarm rings")[1]
    ours = {alarm["MetricName"] for alarm in alarms(resources).values() if alarm["Namespace"] == "Ripple"}
    assert {metric for metric in ours if f"| {metric} |" not in told} == set()
