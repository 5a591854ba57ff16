"""Where the running stack answers: read by the seed, the walk and the tests from the file that `Stack` writes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import msgspec
from botocore.config import Config

ROOT = Path(__file__).absolute().parents[2]
HOME = ROOT / ".local"
"""Where `make up` keeps what it has started."""

REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""The embedded AWS's root; no secret."""


def root() -> boto3.Session:
    """A session with all rights in the embedded AWS, whatever the caller's environment says."""
    return boto3.Session(
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


class NotRunning(Exception):
    """No stack has been started here."""


@dataclass(frozen=True)
class Endpoint:
    """A deployed stack on this machine. URLs carry no trailing slash."""

    home: str
    stage: str
    api: str
    aws: str
    wechat: str
    table: str
    queue: str
    secret_prefix: str
    master_secret: str
    export_bucket: str
    picture_bucket: str
    region: str = REGION

    def client(self, service: Any) -> Any:
        """A boto3 client of the embedded AWS with all rights."""
        config = Config(max_pool_connections=64, read_timeout=90, retries={"total_max_attempts": 1})
        return root().client(service, endpoint_url=self.aws, config=config)

    def environment(self) -> dict[str, str]:
        """What a process needs to run the application's own code against this stack, with all rights."""
        return CREDENTIALS | {
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.aws,
            "RIPPLE_STAGE": self.stage,
            "RIPPLE_TABLE": self.table,
            "RIPPLE_DUE_QUEUE_URL": self.queue,
            "RIPPLE_SECRET_PREFIX": self.secret_prefix,
            "RIPPLE_EXPORT_BUCKET": self.export_bucket,
            "RIPPLE_PICTURE_BUCKET": self.picture_bucket,
            "RIPPLE_PICTURE_FUNCTION": f"ripple-{self.stage}-pictures",
            "RIPPLE_MASTER_SECRET": self.master_secret,
            "RIPPLE_WECHAT_API_URL": self.wechat,
            "RIPPLE_WECHAT_PAY_URL": self.wechat,
            "RIPPLE_PUBLIC_URL": self.api,
            "RIPPLE_CACHE_SECONDS": "0",
        }


class Process(msgspec.Struct, frozen=True):
    """A process that was started for a stack; ``born`` tells it from a later one under the same number."""

    name: str
    pid: int
    born: str


class State(msgspec.Struct):
    """What is running, as the state file holds it."""

    processes: list[Process] = []
    endpoint: Endpoint | None = None


def state_file(home: Path) -> Path:
    """The state file of a stack's home."""
    return home / "state.json"


def load(home: Path) -> State:
    """The state of ``home``; empty when nothing runs there."""
    path = state_file(home)
    return msgspec.json.decode(path.read_bytes(), type=State) if path.exists() else State()


def store(home: Path, state: State) -> None:
    """Write the state so that a reader sees the old one or the new one."""
    path = state_file(home)
    fresh = path.with_suffix(".tmp")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    fresh.replace(path)


def here() -> Endpoint:
    """The stack that ``make up`` started, or the one whose home ``RIPPLE_HOME`` names. Raises `NotRunning`."""
    home = Path(os.environ.get("RIPPLE_HOME", HOME))
    endpoint = load(home).endpoint
    if endpoint is None:
        raise NotRunning("nothing is running here: make up")
    return endpoint
