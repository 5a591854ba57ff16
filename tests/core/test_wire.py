"""What is written and read plainly is what botocore would have written and read."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from chalicelib.core import aws, clock
from tests.emulator import Call
from tests.town import Town

pytestmark = pytest.mark.usefixtures("whole_way")

WRITTEN = {"BatchGetItem", "TransactWriteItems", "UpdateItem", "GetItem", "Query", "TransactGetItems", "PutItem"}
"""The operations that the functions use."""


@pytest.fixture
def calls(town: Town) -> list[Call]:
    """Every kind of call, with its answer."""
    with town.emulator.counting() as made:
        leader, opened = town.opened(town.campaign(size=3, group_seconds=3600))
        town.joined(opened["group_id"])
        assert leader.join(opened["group_id"]).status == 409
        leader.group(opened["group_id"])
        clock.advance(3600)
        town.minute()
        town.stream()
    return [call for call in made if call.service == "dynamodb" and call.answer and call.operation != "Scan"]


def plain() -> Any:
    return botocore.session.get_session().create_client("dynamodb")


def test_a_request_is_the_one_that_botocore_makes(calls: list[Call]) -> None:
    assert {call.operation for call in calls} == WRITTEN
    ours, theirs = aws.client("dynamodb"), plain()
    for call in calls:
        model = theirs.meta.service_model.operation_model(call.operation)
        asked = json.loads(call.body)
        written, expected = (c._serializer.serialize_to_request(asked, model) for c in (ours, theirs))
        assert json.loads(written.pop("body")) == json.loads(expected.pop("body"))
        assert written == expected


def test_an_answer_is_read_as_botocore_reads_it(calls: list[Call]) -> None:
    ours, theirs = aws.client("dynamodb"), plain()
    for call in calls:
        assert call.answer is not None
        shape = theirs.meta.service_model.operation_model(call.operation).output_shape
        answer = {"status_code": call.answer.status_code, "headers": {}, "body": call.answer.content, "context": {}}
        read, expected = (
            c._endpoint._response_parser_factory.create_parser("json").parse(dict(answer), shape)
            for c in (ours, theirs)
        )
        for parsed in (read, expected):
            parsed.pop("ResponseMetadata", None)
        if call.answer.status_code == 200:
            assert read == expected


def test_the_endpoint_is_the_one_that_botocore_works_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for region, host in (("eu-central-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")):
        made = botocore.session.get_session().create_client("dynamodb", region_name=region)
        assert made.meta.endpoint_url == f"https://dynamodb.{region}.{host}"
    assert aws.client("dynamodb")._ruleset_resolver is None


def test_tests_cut_a_call_short_and_hear_what_they_would_have_heard(town: Town) -> None:
    heard = []
    for town.emulator.signs in (True, False):
        with town.emulator.counting() as made:
            answer = aws.client("dynamodb").query(
                TableName="ripple-test",
                KeyConditionExpression="pk = :p",
                ExpressionAttributeValues={":p": {"S": f"{town.merchant.mid}|MER"}},
            )
        (call,) = made
        assert call.request is not None
        assert ("Authorization" in call.request.headers) is town.emulator.signs
        meta = answer.pop("ResponseMetadata")
        heard.append((answer, meta["HTTPStatusCode"], call.operation, call.body, call.request.headers["X-Amz-Target"]))
    assert heard[0][0]["Count"] > 1
    assert heard[0] == heard[1]


def test_a_refusal_is_botocores_own_exception(town: Town) -> None:
    with pytest.raises(ClientError) as refused:
        aws.client("dynamodb").update_item(
            TableName="ripple-test",
            Key={"pk": {"S": "x"}, "sk": {"S": "y"}},
            UpdateExpression="SET a = :a",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":a": {"S": "z"}},
        )
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
