"""``python -m infra.deploy --stage X``: put what was built into an account, through CloudFormation.

The same for the embedded AWS (``--endpoint-url``) and for a real account (credentials and region from the environment,
as every AWS tool takes them): upload the artefact under its content's name, make a change set, execute it, report.
Where no ``PublicUrl`` is given and the stack has none yet, the API's own URL is learnt from the first pass and set by a
second one; it changes an environment variable only.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError, WaiterError

from infra.build import STAGE, Built, build

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, WaiterConfigTypeDef

UNKNOWN_URL = "https://not-known-yet.invalid"
"""The template's default of PublicUrl."""

POLL: WaiterConfigTypeDef = {"Delay": 1, "MaxAttempts": 3600}
Say = Callable[[str], None]


class DeployError(Exception):
    """CloudFormation refused or rolled back; the message names the resources that failed and why."""


@dataclass(frozen=True)
class Deployment:
    """One stage in one account."""

    stage: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    endpoint_url: str | None = None
    session: boto3.Session = field(default_factory=boto3.Session)
    say: Say = print

    @property
    def stack(self) -> str:
        """The stack's name."""
        return f"ripple-{self.stage}"

    def run(self, built: Built) -> dict[str, str]:
        """Deploy and return the stack's outputs and ``ApiUrl``. Raises `DeployError`."""
        code = self._upload(built)
        given = {"Stage": self.stage, **code, **self.parameters}
        if "PublicUrl" not in given:
            known = self._current("Parameters").get("PublicUrl", UNKNOWN_URL)
            given["PublicUrl"] = known
        outputs = self._apply(built, given)
        if given["PublicUrl"] == UNKNOWN_URL:
            self.say(f"the API's URL is {outputs['ApiUrl']}; telling the functions")
            outputs = self._apply(built, {**given, "PublicUrl": outputs["ApiUrl"]})
        return outputs

    def _upload(self, built: Built) -> dict[str, str]:
        account = self._client("sts").get_caller_identity()["Account"]
        s3 = self._client("s3")
        region = s3.meta.region_name
        bucket = f"ripple-code-{account}-{region}"
        self._ensure_bucket(s3, bucket, region)
        parts = {"CodeKey": built.zip, "PictureCodeKey": built.pictures, "TypeKey": built.type}
        return {"CodeBucket": bucket, **{name: self._put(s3, bucket, path) for name, path in parts.items()}}

    def _put(self, s3: Any, bucket: str, path: Path) -> str:
        """Upload a file under its content's name, unless it is there."""
        key = f"{hashlib.sha256(path.read_bytes()).hexdigest()}.zip"
        try:
            s3.head_object(Bucket=bucket, Key=key)
        except ClientError:
            self.say(f"uploading {path.name}, {path.stat().st_size / 1e6:.1f} MB, to {bucket}")
            s3.upload_file(str(path), bucket, key)
        return key

    def _ensure_bucket(self, s3: Any, bucket: str, region: str) -> None:
        try:
            s3.head_bucket(Bucket=bucket)
            return
        except ClientError as missing:
            if missing.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
        self.say(f"making bucket {bucket}")
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
        closed = {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        }
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)

    def _apply(self, built: Built, given: Mapping[str, str]) -> dict[str, str]:
        cloudformation = self._client("cloudformation")
        kind = self._kind()
        body = built.template.read_text(encoding="utf-8")
        s3 = self._client("s3")
        key = f"{hashlib.sha256(body.encode()).hexdigest()}.yaml"
        s3.put_object(Bucket=given["CodeBucket"], Key=key, Body=body.encode())
        location = s3.generate_presigned_url("get_object", Params={"Bucket": given["CodeBucket"], "Key": key})
        change = f"change-{time.time_ns()}"
        try:
            cloudformation.create_change_set(
                StackName=self.stack,
                ChangeSetName=change,
                ChangeSetType=kind,
                TemplateURL=location.split("?", 1)[0],
                Parameters=self._parameters(given, kind),
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
                Tags=[{"Key": "ripple:stage", "Value": self.stage}],
            )
        except ClientError as refused:
            raise DeployError(refused.response["Error"]["Message"]) from None
        if self._ready(cloudformation, change):
            self.say(f"{'creating' if kind == 'CREATE' else 'updating'} stack {self.stack}")
            cloudformation.execute_change_set(StackName=self.stack, ChangeSetName=change)
            self._await(cloudformation, kind)
        else:
            self.say(f"stack {self.stack} is up to date")
        return self._outputs()

    def _kind(self) -> Any:
        status = self._status()
        if status == "ROLLBACK_COMPLETE":
            raise DeployError(f"stack {self.stack} failed when it was created: delete it, then deploy again")
        return "CREATE" if status in (None, "REVIEW_IN_PROGRESS") else "UPDATE"

    def _parameters(self, given: Mapping[str, str], kind: str) -> list[ParameterTypeDef]:
        """Those given; on an update those that were set before stay as they are."""
        kept = self._current("Parameters") if kind == "UPDATE" else {}
        parameters: list[ParameterTypeDef] = [
            {"ParameterKey": name, "ParameterValue": value} for name, value in given.items()
        ]
        parameters += [{"ParameterKey": name, "UsePreviousValue": True} for name in kept if name not in given]
        return parameters

    def _ready(self, cloudformation: CloudFormationClient, change: str) -> bool:
        """Wait for the change set; False when it changes nothing."""
        try:
            cloudformation.get_waiter("change_set_create_complete").wait(
                StackName=self.stack, ChangeSetName=change, WaiterConfig=POLL
            )
        except WaiterError:
            reason = cloudformation.describe_change_set(StackName=self.stack, ChangeSetName=change).get(
                "StatusReason", ""
            )
            cloudformation.delete_change_set(StackName=self.stack, ChangeSetName=change)
            if "didn't contain changes" in reason or "No updates" in reason:
                return False
            raise DeployError(reason) from None
        return True

    def _await(self, cloudformation: CloudFormationClient, kind: str) -> None:
        try:
            if kind == "CREATE":
                cloudformation.get_waiter("stack_create_complete").wait(StackName=self.stack, WaiterConfig=POLL)
            else:
                cloudformation.get_waiter("stack_update_complete").wait(StackName=self.stack, WaiterConfig=POLL)
        except WaiterError:
            events = cloudformation.describe_stack_events(StackName=self.stack)["StackEvents"]
            failed = [
                f"{e.get('LogicalResourceId')}: {e.get('ResourceStatusReason')}"
                for e in events
                if "FAILED" in e.get("ResourceStatus", "")
            ]
            raise DeployError("; ".join(failed) or f"stack {self.stack}: {self._status()}") from None

    def _outputs(self) -> dict[str, str]:
        outputs = self._current("Outputs")
        if self.endpoint_url:
            api = f"{self.endpoint_url}/restapis/{outputs['RestAPIId']}/{STAGE}/_user_request_"
        else:
            api = outputs["EndpointURL"].rstrip("/")
        return outputs | {"ApiUrl": api}

    def _current(self, what: str) -> dict[str, str]:
        """The stack's parameters or outputs by name; none without a stack."""
        name = what.removesuffix("s")
        return {entry[f"{name}Key"]: entry[f"{name}Value"] for entry in self._described().get(what, [])}

    def _status(self) -> str | None:
        status: str | None = self._described().get("StackStatus")
        return status

    def _described(self) -> Any:
        try:
            return self._client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"][0]
        except ClientError as missing:
            if "does not exist" in str(missing):
                return {}
            raise

    def _client(self, service: Any) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint_url)


def main() -> None:
    """Build where needed, deploy, print the outputs."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--endpoint-url", help="the embedded AWS; a real account without it")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the template"
    )
    given = parser.parse_args()
    parameters = dict(pair.split("=", 1) for pair in given.parameter)
    for name, value in Deployment(given.stage, parameters, given.endpoint_url).run(build()).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
