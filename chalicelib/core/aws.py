"""The process's AWS clients: one each, made when first used, with timeouts that fit inside a waiting tap."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from chalicelib.core.wire import speak_plainly

CONNECT_SECONDS = 1.0
READ_SECONDS = 2.5
AGENT = "ripple"
ATTEMPTS = 3
"""Tries of one call in all. Every write is conditional or carries a token, so that a repeated one changes nothing."""


@cache
def _session() -> Any:
    return botocore.session.get_session()


@cache
def client(service: str, *, read_seconds: float = READ_SECONDS, attempts: int = ATTEMPTS) -> Any:
    """The client of ``service``; endpoints, region and credentials come from the environment."""
    made = _session().create_client(
        service,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=read_seconds,
            retries={"mode": "standard", "total_max_attempts": attempts},
            # What follows saves a quarter of a call's CPU: our requests are made by code that is tested, the agent's
            # name and the endpoint's rules need not be worked out anew for each.
            parameter_validation=False,
            user_agent=AGENT,
            account_id_endpoint_mode="disabled",
            disable_request_compression=True,
            inject_host_prefix=False,
            max_pool_connections=32,
            # S3 alone looks at these: a link names its region's own host, and what is sent has the digest that we give.
            signature_version="s3v4" if service == "s3" else None,
            request_checksum_calculation="when_required",
            s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
        ),
    )
    return speak_plainly(made) if service == "dynamodb" else made
