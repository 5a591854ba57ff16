"""Configuration: read once from the environment, typed; a missing or wrong variable stops the start and is named."""

from __future__ import annotations

import os
from functools import cache

import msgspec

PREFIX = "RIPPLE_"


class ConfigError(Exception):
    """The environment does not describe a Ripple; the message names every variable that is missing or wrong."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """One deployment. Every field is the environment variable of the same name with ``RIPPLE_`` before it."""

    stage: str
    table: str
    due_queue_url: str
    secret_prefix: str
    export_bucket: str
    """Where files stand that merchants fetch, for a day."""
    picture_bucket: str
    """Where pictures stand: those that are drawn, those that merchants sent, and WeChat's codes."""
    picture_function: str
    """The function that draws."""
    master_secret: str
    """The name of the secret from which keys are derived rather than stored."""
    wechat_api_url: str
    wechat_pay_url: str
    public_url: str
    cache_seconds: float = 30.0
    egress_function: str = ""
    """The function with the fixed address; empty where there is none."""
    type_bucket: str = ""
    """Where the fonts lie; only the function that draws knows it, and the next two."""
    type_key: str = ""
    wechat_avatar_url: str = ""
    """Where portraits are fetched instead of their own host; empty but on a workstation."""


@cache
def config() -> Config:
    """The configuration of this process. Raises `ConfigError`."""
    found = {f.name: os.environ.get(PREFIX + f.name.upper()) for f in msgspec.structs.fields(Config)}
    required = {f.name for f in msgspec.structs.fields(Config) if f.required}
    missing = sorted(PREFIX + name.upper() for name in required if not found[name])
    if missing:
        raise ConfigError(f"missing environment variables: {', '.join(missing)}")
    try:
        return msgspec.convert({k: v for k, v in found.items() if v}, Config, strict=False)
    except msgspec.ValidationError as wrong:
        raise ConfigError(f"environment variable {PREFIX}…: {wrong}") from None
