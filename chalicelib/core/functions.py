"""Other functions of the stack, asked by their name. Each is asked once: without an answer, what it did is unknown."""

from __future__ import annotations

from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import Unknown


class Failed(Exception):
    """The function ran and failed, or ran out of time or memory: ``kind`` is what Lambda calls it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def invoke(name: str, payload: bytes, seconds: float) -> bytes:
    """What the function of this name says to a payload, waiting so long at most.

    Raises `Failed`, and `Unknown` where it was not reached (also where too many run), or its answer was lost.
    """
    # Imported late: who asks no function has no client for it.
    from botocore.exceptions import BotoCoreError, ClientError

    from chalicelib.core import aws

    try:
        client = aws.client("lambda", read_seconds=seconds, attempts=1)
        told: dict[str, Any] = client.invoke(FunctionName=name, Payload=payload)
        said: bytes = told["Payload"].read()
    except (BotoCoreError, ClientError) as lost:
        if isinstance(lost, ClientError) and not _passes(lost):
            log.error("function_not_invoked", function=name, why=str(lost))
        raise Unknown(f"{name}: not reached, or its answer was lost ({lost})") from lost
    if (failed := told.get("FunctionError")) is not None:
        raise Failed(str(failed))
    return said


def _passes(refused: Any) -> bool:
    """Whether waiting helps: too many run, or Lambda has trouble; all else is a fault of the deployment."""
    status = refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(status == 429 or status >= 500)
