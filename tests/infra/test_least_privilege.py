"""Least privilege where it is enforced: the deployed functions' roles, against the embedded AWS that checks them.

That the roles suffice is proved by every end-to-end test, which run on the same stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.endpoint import Endpoint

Call = Callable[[Any, Endpoint], object]

KEY = {"pk": {"S": "nobody|U#1"}, "sk": {"S": "META"}}


def scan(aws: Any, stack: Endpoint) -> object:
    return aws("dynamodb").scan(TableName=stack.table)


def describe_table(aws: Any, stack: Endpoint) -> object:
    return aws("dynamodb").describe_table(TableName=stack.table)


def delete_table(aws: Any, stack: Endpoint) -> object:
    return aws("dynamodb").delete_table(TableName=stack.table)


def read_item(aws: Any, stack: Endpoint) -> object:
    return aws("dynamodb").get_item(TableName=stack.table, Key=KEY)


def delete_item(aws: Any, stack: Endpoint) -> object:
    return aws("dynamodb").delete_item(TableName=stack.table, Key=KEY)


def query_due(aws: Any, stack: Endpoint) -> object:
    return aws("dynamodb").query(
        TableName=stack.table,
        IndexName="gsi2",
        KeyConditionExpression="gsi2pk = :p",
        ExpressionAttributeValues={":p": {"S": "DUE#none"}},
    )


def queue_shard(aws: Any, stack: Endpoint) -> object:
    return aws("sqs").send_message(
        QueueUrl=stack.queue, MessageBody='{"shard": 0}', MessageGroupId="0", MessageDeduplicationId="least-privilege"
    )


def purge_queue(aws: Any, stack: Endpoint) -> object:
    return aws("sqs").purge_queue(QueueUrl=stack.queue)


def read_merchant_secret(aws: Any, stack: Endpoint) -> object:
    return aws("secretsmanager").get_secret_value(SecretId=f"{stack.secret_prefix}nobody")


def read_master_key(aws: Any, stack: Endpoint) -> object:
    return aws("secretsmanager").get_secret_value(SecretId=stack.master_secret)


def write_secret(aws: Any, stack: Endpoint) -> object:
    return aws("secretsmanager").create_secret(Name=f"{stack.secret_prefix}nobody", SecretString="x")


def read_code(aws: Any, stack: Endpoint) -> object:
    return aws("s3").list_objects_v2(Bucket="ripple-code-000000000000-us-east-1")


def exports(stack: Endpoint, key: str = "nobody/00000/01.csv") -> dict[str, str]:
    """A file that nobody has made."""
    return {"Bucket": stack.export_bucket, "Key": key}


def read_export(aws: Any, stack: Endpoint) -> object:
    return aws("s3").get_object(**exports(stack))


def write_export(aws: Any, stack: Endpoint) -> object:
    return aws("s3").create_multipart_upload(**exports(stack))


def abort_export(aws: Any, stack: Endpoint) -> object:
    return aws("s3").abort_multipart_upload(**exports(stack), UploadId="none")


def remove_export(aws: Any, stack: Endpoint) -> object:
    return aws("s3").delete_object(**exports(stack))


def list_exports(aws: Any, stack: Endpoint) -> object:
    return aws("s3").list_objects_v2(Bucket=stack.export_bucket)


def call_function(aws: Any, stack: Endpoint) -> object:
    return aws("lambda").invoke(FunctionName=f"ripple-{stack.stage}-sweeper")


MAY: dict[str, set[Call]] = {
    "api": {read_item, delete_item, read_merchant_secret, read_master_key, read_export},
    "sweeper": {query_due, queue_shard},
    "worker": {
        *(read_item, delete_item, read_merchant_secret, read_master_key, query_due, queue_shard),
        *(write_export, abort_export, remove_export),
    },
    "outbox": {read_item, delete_item, read_merchant_secret},
}
EVERYTHING: tuple[Call, ...] = (
    scan,
    describe_table,
    delete_table,
    read_item,
    delete_item,
    query_due,
    queue_shard,
    purge_queue,
    read_merchant_secret,
    read_master_key,
    write_secret,
    read_code,
    read_export,
    write_export,
    abort_export,
    remove_export,
    list_exports,
    call_function,
)


def session_of(stack: Endpoint, function: str) -> boto3.Session:
    """What the platform gives the function: its role's credentials."""
    role = stack.client("lambda").get_function_configuration(FunctionName=f"ripple-{stack.stage}-{function}")["Role"]
    lent = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.Session(
        aws_access_key_id=lent["AccessKeyId"],
        aws_secret_access_key=lent["SecretAccessKey"],
        aws_session_token=lent["SessionToken"],
        region_name=stack.region,
    )


def acting_as(stack: Endpoint, function: str) -> Callable[[str], Any]:
    """Clients with the credentials of the function."""
    session = session_of(stack, function)
    return lambda service: session.client(service, endpoint_url=stack.aws)  # type: ignore[call-overload]


@pytest.mark.parametrize("function", MAY)
def test_a_function_may_do_its_work_and_nothing_else(stack: Endpoint, function: str) -> None:
    aws = acting_as(stack, function)
    assert {call for call in EVERYTHING if not refused(call, aws, stack)} == MAY[function]


def refused(call: Call, aws: Callable[[str], Any], stack: Endpoint) -> bool:
    """Whether the call fails for lack of rights; failing later, since nothing is there, is not refusal."""
    try:
        call(aws, stack)
    except ClientError as failed:
        return failed.response["Error"]["Code"] in ("AccessDeniedException", "AccessDenied")
    return False
