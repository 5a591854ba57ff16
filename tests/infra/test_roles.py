"""Least privilege as written; tests/infra/test_least_privilege.py proves the same where roles are enforced."""

from __future__ import annotations

import pytest

from tests.infra.parts import FUNCTIONS, Resources, allowed, of_type, role_of, statements, target

ITEMS = {
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
}

OPEN_ENDED = {
    "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:ripple-${Stage}/merchant/*",
    "${Table.Arn}/stream/*",
    "${ExportBucket.Arn}/*",
    "${PictureBucket.Arn}/*",
    *(f"${{PictureBucket.Arn}}/{prefix}/*" for prefix in ("codes", "sent", "made", "seen")),
}
"""Resources named by a pattern: secrets that come with each merchant, the streams of our own table, files."""

DRAW = (
    "lambda:InvokeFunction",
    "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:ripple-${Stage}-pictures",
)
"""To have a picture drawn."""

INTERFACES = {
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}
"""What Lambda does with the role of a function that it puts into a network, and the function may not."""

EVENT_SOURCES = {
    "Worker": {
        ("sqs:ReceiveMessage", "DueQueue.Arn"),
        ("sqs:DeleteMessage", "DueQueue.Arn"),
        ("sqs:GetQueueAttributes", "DueQueue.Arn"),
    },
    "Outbox": {
        ("dynamodb:DescribeStream", "Table.StreamArn"),
        ("dynamodb:GetRecords", "Table.StreamArn"),
        ("dynamodb:GetShardIterator", "Table.StreamArn"),
        ("dynamodb:ListStreams", "${Table.Arn}/stream/*"),
        ("sqs:SendMessage", "FailedEffects.Arn"),
    },
    "Sweeper": {("sqs:SendMessage", "FailedSweeps.Arn")},
}
"""What the platform does with a function's role on its behalf; the embedded AWS does not check these."""


def test_every_function_has_a_role_of_its_own(resources: Resources) -> None:
    roles = [role_of(resources, function) for function in FUNCTIONS]
    assert len(set(roles)) == len(roles)
    assert set(roles) == set(of_type(resources, "AWS::IAM::Role")), "there are no other roles"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_is_for_the_platforms_functions_alone(resources: Resources, function: str) -> None:
    role = resources[role_of(resources, function)]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
    assert "ManagedPolicyArns" not in role


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_role_has_open_ended_rights(resources: Resources, function: str) -> None:
    for action, resource in allowed(resources, role_of(resources, function)):
        assert "*" not in action
        assert "*" not in resource or resource in OPEN_ENDED or (function == "Egress" and action in INTERFACES)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nobody_scans_lists_or_writes_secrets(resources: Resources, function: str) -> None:
    rights = allowed(resources, role_of(resources, function))
    assert {action for action, resource in rights if resource == "Table.Arn"} <= ITEMS
    assert {action for action, _ in rights if action.startswith("secretsmanager:")} <= {"secretsmanager:GetSecretValue"}


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "Egress"])
def test_rights_are_given_and_not_taken(resources: Resources, function: str) -> None:
    assert all(statement["Effect"] == "Allow" for statement in statements(resources, role_of(resources, function)))


def test_files_are_written_by_the_worker_and_lent_by_the_api(resources: Resources) -> None:
    rights = {name: allowed(resources, role_of(resources, name)) for name in FUNCTIONS}
    exports = "${ExportBucket.Arn}/*"
    files = {name: {action for action, where in mine if where == exports} for name, mine in rights.items()}
    assert {name: actions for name, actions in files.items() if actions} == {
        "APIHandler": {"s3:GetObject"},
        "Worker": {"s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"},
    }


def test_who_draws_reads_its_fonts_and_keeps_pictures_and_nothing_else(resources: Resources) -> None:
    rights = {name: allowed(resources, role_of(resources, name)) for name in FUNCTIONS}
    taken = {("s3:GetObject", f"${{PictureBucket.Arn}}/{prefix}/*") for prefix in ("codes", "sent")}
    kept = {("s3:PutObject", f"${{PictureBucket.Arn}}/{prefix}/*") for prefix in ("sent", "made", "seen")}
    logs = {("logs:CreateLogStream", "PicturesLogs.Arn"), ("logs:PutLogEvents", "PicturesLogs.Arn")}
    fonts = {("s3:GetObject", "arn:${AWS::Partition}:s3:::${CodeBucket}/${TypeKey}")}
    assert rights["Pictures"] == taken | kept | logs | fonts
    others = {name: {each for each in mine if "PictureBucket" in each[1]} for name, mine in rights.items()}
    del others["Pictures"]
    api = {("s3:GetObject", "${PictureBucket.Arn}/*"), ("s3:PutObject", "${PictureBucket.Arn}/codes/*")}
    assert {name: mine for name, mine in others.items() if mine} == {"APIHandler": api}
    assert {name for name, mine in rights.items() if DRAW in mine} == {"APIHandler", "Worker"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_master_key_is_for_those_who_mint_and_verify_codes(resources: Resources, function: str) -> None:
    rights = allowed(resources, role_of(resources, function))
    may = ("secretsmanager:GetSecretValue", "MasterKey.Id") in rights
    assert may is (function in ("APIHandler", "Worker"))


def test_the_fixed_address_is_for_those_who_transfer(resources: Resources) -> None:
    for function in FUNCTIONS:
        rights = allowed(resources, role_of(resources, function))
        invoked = {entry for entry in rights if entry[0].startswith("lambda:")} - {DRAW}
        transfers = function in ("APIHandler", "Worker", "Outbox")
        assert invoked == ({("lambda:InvokeFunction", "Egress.Arn")} if transfers else set())


def test_the_function_with_the_fixed_address_may_write_its_log_and_nothing_else(resources: Resources) -> None:
    rights = allowed(resources, role_of(resources, "Egress"))
    by_lambda = {(action, "*") for action in INTERFACES}
    assert rights - by_lambda == {("logs:CreateLogStream", "EgressLogs.Arn"), ("logs:PutLogEvents", "EgressLogs.Arn")}
    [denied] = [each for each in statements(resources, role_of(resources, "Egress")) if each["Effect"] == "Deny"]
    assert (set(denied["Action"]), denied["Resource"]) == (INTERFACES, "*")
    [(kind, whose)] = denied["Condition"].items()
    assert kind == "ArnEquals"
    assert target(whose["lambda:SourceFunctionArn"]).endswith(
        f":function:{target(resources['Egress']['Properties']['FunctionName'])}"
    )


@pytest.mark.parametrize("function", EVENT_SOURCES)
def test_event_sources_may_be_read_and_failures_set_aside(resources: Resources, function: str) -> None:
    assert allowed(resources, role_of(resources, function)) >= EVENT_SOURCES[function]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_to_its_own_logs(resources: Resources, function: str) -> None:
    group = target(resources[function]["Properties"]["LoggingConfig"]["LogGroup"])
    rights = allowed(resources, role_of(resources, function))
    assert {entry for entry in rights if entry[0].startswith("logs:")} == {
        ("logs:CreateLogStream", f"{group}.Arn"),
        ("logs:PutLogEvents", f"{group}.Arn"),
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_embedded_aws_is_told_of_batches_and_nothing_else(resources: Resources, function: str) -> None:
    for statement in statements(resources, role_of(resources, function)):
        match statement["Action"]:
            case {"Fn::If": [_, local, real]}:
                assert set(local) - {real} == {"sqs:SendMessageBatch"}


def test_the_sweeper_reads_the_due_index_and_nothing_else(resources: Resources) -> None:
    rights = allowed(resources, role_of(resources, "Sweeper"))
    assert {entry for entry in rights if entry[0].startswith("dynamodb:")} == {
        ("dynamodb:Query", "${Table.Arn}/index/gsi2")
    }
