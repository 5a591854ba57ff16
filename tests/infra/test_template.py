"""The template promises: nothing is lost, nothing is public, nothing differs between stages but parameters."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from chalicelib.accounts import refresh
from chalicelib.cash import rules
from chalicelib.core import due, outbox
from chalicelib.core.config import PREFIX, Config
from chalicelib.orders.prepay import LAST_CALL
from chalicelib.orders.timers import PROOF
from infra.template import DRAWS
from tests.infra.parts import FUNCTIONS, Resources, of_type, target
from tests.proof.skew import MOST
from tests.town import STREAMED, WATCHED

GATEWAY_LIMIT_SECONDS = 29
"""API Gateway gives up then; what the function did after that nobody hears."""


def test_there_are_these_functions_and_no_others(resources: Resources) -> None:
    assert set(of_type(resources, "AWS::Serverless::Function")) == set(FUNCTIONS)


def test_stages_differ_by_parameters_only(resources: Resources, template: dict[str, Any]) -> None:
    for name, function in of_type(resources, "AWS::Serverless::Function").items():
        key = "PictureCodeKey" if name == DRAWS else "CodeKey"
        assert function["CodeUri"] == {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": key}}
    assert "ripple-local" not in json.dumps(template)


def test_functions_are_told_everything_they_read(template: dict[str, Any], resources: Resources) -> None:
    told = template["Globals"]["Function"]["Environment"]["Variables"]
    alone = resources[DRAWS]["Properties"]["Environment"]["Variables"]
    assert set(told) | set(alone) == {PREFIX + field.name.upper() for field in msgspec.structs.fields(Config)}


def test_the_api_is_regional(resources: Resources) -> None:
    """Edge-optimised endpoints do not exist in China."""
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == {"Type": "REGIONAL"}


def test_no_partition_or_domain_is_written_out(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    assert not re.search(r"arn:aws[:-]", text)
    domains = set(re.findall(r"[a-z0-9.-]*\.amazonaws\.com[a-z.]*", text))
    assert domains <= {"lambda.amazonaws.com", "apigateway.amazonaws.com"}, "service principals are the same in China"


@pytest.mark.parametrize("index", ["gsi1", "gsi2", "gsi3"])
def test_indexes_hold_keys_only(resources: Resources, index: str) -> None:
    indexes = {entry["IndexName"]: entry for entry in resources["Table"]["Properties"]["GlobalSecondaryIndexes"]}
    assert indexes[index]["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert [key["AttributeName"] for key in indexes[index]["KeySchema"]] == [f"{index}pk", f"{index}sk"]


def test_the_table_survives_mistakes(resources: Resources) -> None:
    table = resources["Table"]
    assert table["DeletionPolicy"] == "RetainExceptOnCreate"
    assert table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsLocal", False, True]}
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_table_streams_new_images_and_forgets_by_ttl(resources: Resources) -> None:
    table = resources["Table"]["Properties"]
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_files_are_private_and_gone_after_a_day(resources: Resources) -> None:
    bucket = resources["ExportBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 1)
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert not {"Prefix", "TagFilters"} & set(rule), "every file"


def test_a_part_of_a_file_has_the_same_mark_whenever_it_is_sent(resources: Resources) -> None:
    """S3's ETag is the digest of the bytes under keys of its own, and something else under those of KMS."""
    [rule] = resources["ExportBucket"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}


def test_a_stack_is_deleted_and_made_anew_though_files_are_left(resources: Resources) -> None:
    bucket = resources["ExportBucket"]
    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
    assert bucket["UpdateReplacePolicy"] == "Retain"
    assert "BucketName" not in bucket["Properties"], "what was left has the name"


def test_files_are_handed_over_encrypted_only(template: dict[str, Any], resources: Resources) -> None:
    policy = resources["ExportBucketPolicy"]
    assert template["Conditions"][policy["Condition"]] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Local"}, "true"]}]}
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert [target(each) for each in statement["Resource"]] == ["ExportBucket.Arn", "${ExportBucket.Arn}/*"]


def test_due_shards_queue_in_order_and_end_in_a_dead_letter_queue(resources: Resources) -> None:
    queue = resources["DueQueue"]["Properties"]
    assert queue["FifoQueue"] is True
    assert "ContentBasedDeduplication" not in queue, "the same shard falls due again and again"
    assert target(queue["RedrivePolicy"]["deadLetterTargetArn"]) == "FailedShards.Arn"
    assert resources["FailedShards"]["Properties"]["FifoQueue"] is True
    assert queue["VisibilityTimeout"] > resources["Worker"]["Properties"]["Timeout"]


def test_a_function_ends_before_somebody_else_takes_over(resources: Resources) -> None:
    functions = of_type(resources, "AWS::Serverless::Function")
    assert functions["APIHandler"]["Timeout"] < GATEWAY_LIMIT_SECONDS
    assert functions["Worker"]["Timeout"] < due.LEASE.total_seconds()
    assert functions["Outbox"]["Timeout"] < due.LEASE.total_seconds()


def test_no_clock_that_is_off_lets_two_have_one_thing(resources: Resources) -> None:
    """One clock is behind by as much as the other is before; what has begun by then has ended."""
    functions, apart = of_type(resources, "AWS::Serverless::Function"), 2 * MOST
    longest = max(functions[name]["Timeout"] for name in ("APIHandler", "Worker", "Outbox"))
    assert due.LEASE.total_seconds() - longest > apart, "a lease"
    assert PROOF.total_seconds() - longest > apart, "that WeChat knows of no attempt to pay"
    assert rules.SURELY_ABSENT.total_seconds() - longest > apart, "that WeChat knows of no transfer"
    assert LAST_CALL.total_seconds() > apart, "an order that WeChat is told of before it is closed"
    assert outbox.REDRIVE.total_seconds() > apart, "an act that the stream has just been told of"
    assert refresh.GRACE.total_seconds() > apart, "a refresh token whose successor was lost"


def test_the_worker_takes_one_shard_at_a_time(resources: Resources) -> None:
    source = resources["Worker"]["Properties"]["Events"]["DueShards"]["Properties"]
    assert target(source["Queue"]) == "DueQueue.Arn"
    assert source["BatchSize"] == 1
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "WorkerConcurrency"}}


def test_the_outbox_sees_new_effects_and_edges_budgets_and_carded_groups_only_and_sets_failures_aside(
    resources: Resources,
) -> None:
    source = resources["Outbox"]["Properties"]["Events"]["OwedEffects"]["Properties"]
    wanted = [json.loads(entry["Pattern"]) for entry in source["FilterCriteria"]["Filters"]]
    new = [{"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": begins}]}}}} for begins in STREAMED]
    changed = [{"eventName": ["MODIFY"], "dynamodb": {"NewImage": {a: {"S": [{"prefix": "~"}]}}}} for a in WATCHED]
    assert wanted == [*new, *changed]
    assert target(source["Stream"]) == "Table.StreamArn"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert target(source["DestinationConfig"]["OnFailure"]["Destination"]) == "FailedEffects.Arn"


def test_the_sweeper_runs_every_minute_and_sets_failures_aside(resources: Resources) -> None:
    sweeper = resources["Sweeper"]["Properties"]
    assert [event["Properties"]["Schedule"] for event in sweeper["Events"].values()] == ["rate(1 minute)"]
    assert target(sweeper["DeadLetterQueue"]["TargetArn"]) == "FailedSweeps.Arn"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_are_kept_for_a_stated_time(resources: Resources, function: str) -> None:
    group = target(resources[function]["Properties"]["LoggingConfig"]["LogGroup"])
    assert resources[group]["Properties"] == {
        "LogGroupName": {"Fn::Sub": f"/ripple/${{Stage}}/{FUNCTIONS[function]}"},
        "RetentionInDays": {"Ref": "LogRetentionDays"},
    }


def test_secrets_are_generated_and_kept(resources: Resources) -> None:
    for name, secret in of_type(resources, "AWS::SecretsManager::Secret").items():
        assert secret["GenerateSecretString"]["PasswordLength"] >= 32
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_the_stage_and_its_expensive_routes_are_throttled(resources: Resources) -> None:
    settings = resources["RestAPI"]["Properties"]["MethodSettings"]
    limits = {
        (json.dumps(entry["ResourcePath"]), entry["HttpMethod"]): entry["ThrottlingRateLimit"]["Ref"]
        for entry in settings
    }
    assert limits.pop(('"/*"', "*")) == "ThrottleRate"
    assert limits.pop(('{"Fn::If": ["IsLocal", "/v1/login", "/~1v1~1login"]}', "POST")) == "LoginThrottleRate"
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    admin = sum(len(methods) for path, methods in paths.items() if path.startswith("/v1/admin/"))
    assert list(limits.values()).count("AdminThrottleRate") == admin
