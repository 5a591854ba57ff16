"""Files, read by links that expire: those that merchants fetch, written in parts over many calls, and pictures.

Each sort has a bucket of its own.

Every call may be repeated, and its process may die after any of them: a part that is sent again replaces itself, and an
upload that nobody remembers any more is aborted by the bucket's own rule after a day.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import clock
from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.errors import BUSY, RippleError

LEAST_PART = 5 * 1024 * 1024
"""Bytes of a part that is not the last (S3's limit)."""

SHOWN = timedelta(minutes=10)
"""How long a link shows a picture."""

READ_SECONDS = 15.0
"""S3 may take its time to put parts together."""

LOST = frozenset({"NoSuchUpload", "InvalidPart"})


class UploadLost(Exception):
    """S3 has no such upload, or not with those parts: it was finished, aborted, or is a day old. Begin another."""


def s3() -> Any:
    """The process's client of S3."""
    return client("s3", read_seconds=READ_SECONDS)


def begin(name: str, media: str) -> str:
    """Begin to write the file ``name``; returns the upload's id. Until it is finished nothing can be read of it."""
    return str(_call("create_multipart_upload", Key=name, ContentType=media)["UploadId"])


def part(name: str, upload: str, number: int, content: bytes) -> str:
    """Write part ``number`` (from 1) of an upload; returns its mark, which is the same for the same bytes.

    All but the last have `LEAST_PART` bytes or more. Raises `UploadLost`.
    """
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    sent: dict[str, Any] = {"UploadId": upload, "PartNumber": number, "Body": content, "ContentMD5": digest}
    return str(_call("upload_part", Key=name, **sent)["ETag"])


def finish(name: str, upload: str, marks: Sequence[str]) -> None:
    """Make a file of an upload's parts, whose marks are given in order. Raises `UploadLost`."""
    parts = [{"PartNumber": number, "ETag": mark} for number, mark in enumerate(marks, 1)]
    _call("complete_multipart_upload", Key=name, UploadId=upload, MultipartUpload={"Parts": parts})


def abort(name: str, upload: str) -> None:
    """Give an upload up; it is no error if there is none."""
    try:
        _call("abort_multipart_upload", Key=name, UploadId=upload)
    except UploadLost:
        return


def remove(name: str) -> None:
    """Delete a file; it is no error if there is none."""
    _call("delete_object", Key=name)


def keep(name: str, content: bytes, media: str) -> None:
    """Write a picture; what was called so is replaced."""
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    sent: dict[str, Any] = {"Key": name, "Body": content, "ContentType": media, "ContentMD5": digest}
    _call("put_object", config().picture_bucket, **sent)


def kept(name: str) -> bytes | None:
    """A picture's bytes; None where there is none of that name (S3 answers 403 to whoever may not list)."""
    try:
        return whole(config().picture_bucket, name)
    except ClientError as refused:
        if refused.response["Error"]["Code"] in ("NoSuchKey", "AccessDenied"):
            return None
        raise


def whole(bucket: str, name: str) -> bytes:
    """All bytes of a bucket's file. Raises ClientError where there is none of that name."""
    found: bytes = _call("get_object", bucket, Key=name)["Body"].read()
    return found


class Lent(NamedTuple):
    """What opens a picture, and until when."""

    url: str
    until: datetime


def lent(name: str, most: datetime | None = None) -> Lent:
    """A link by which whoever has it sees a picture for `SHOWN`, and not beyond ``most``; nothing is asked of S3."""
    now = clock.now()
    until = now + SHOWN if most is None else min(now + SHOWN, most)
    wanted = {"Bucket": config().picture_bucket, "Key": name}
    seconds = int((until - now).total_seconds())
    return Lent(str(s3().generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)), until)


def link(name: str, called: str, seconds: int) -> str:
    """A link by which whoever has it reads the file for so many seconds; browsers save it as ``called`` (ASCII).

    Nothing is asked of S3, which looks at the link when it is opened.
    """
    shown = {
        "Bucket": config().export_bucket,
        "Key": name,
        "ResponseContentDisposition": f'attachment; filename="{called}"',
        "ResponseCacheControl": "no-store",
    }
    return str(s3().generate_presigned_url("get_object", Params=shown, ExpiresIn=seconds))


def _call(operation: str, bucket: str | None = None, **request: Any) -> Any:
    """One call, of the bucket of exports unless another is named. S3 that cannot be reached is `BUSY`: repeat it."""
    try:
        return getattr(s3(), operation)(Bucket=bucket or config().export_bucket, **request)
    except ClientError as refused:
        if refused.response["Error"]["Code"] in LOST:
            raise UploadLost from refused
        status = refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500:
            raise RippleError(BUSY) from refused
        raise
    except BotoCoreError as unreachable:
        raise RippleError(BUSY) from unreachable
