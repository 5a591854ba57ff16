"""Files promise: written in parts that may be sent twice, read by who has the link and only while it lasts."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from chalicelib.core import files
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.files import UploadLost
from tests.emulator import Call, Emulator, Raw

NAME = "m/00001/01.csv"


def written(*parts: bytes) -> None:
    upload = files.begin(NAME, "text/csv")
    files.finish(NAME, upload, [files.part(NAME, upload, number, content) for number, content in enumerate(parts, 1)])


def refused(status: int, code: str) -> AWSResponse:
    """S3's refusal with ``code``."""
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return AWSResponse("https://s3", status, HTTPHeaders(), Raw(body.encode()))


def test_a_file_is_its_parts_in_their_order(emulator: Emulator) -> None:
    upload = files.begin(NAME, "text/csv")
    second = files.part(NAME, upload, 2, b"two")
    first = files.part(NAME, upload, 1, b"one,")
    assert emulator.files() == {}
    files.finish(NAME, upload, [first, second])
    assert emulator.files() == {NAME: b"one,two"}
    assert emulator.uploads() == {}


def test_a_part_that_is_sent_twice_is_there_once_under_the_same_mark(emulator: Emulator) -> None:
    upload = files.begin(NAME, "text/csv")
    marks = [files.part(NAME, upload, 1, b"one") for _ in range(2)]
    assert len(set(marks)) == 1
    files.finish(NAME, upload, marks[:1])
    assert emulator.files() == {NAME: b"one"}


def test_finishing_again_is_the_same_or_says_that_the_upload_is_lost(emulator: Emulator) -> None:
    upload = files.begin(NAME, "text/csv")
    marks = [files.part(NAME, upload, 1, b"one")]
    files.finish(NAME, upload, marks)
    files.finish(NAME, upload, marks)
    assert emulator.files() == {NAME: b"one"}
    with pytest.raises(UploadLost):
        files.part(NAME, upload, 2, b"late")


def test_an_aborted_upload_is_lost_and_leaves_nothing(emulator: Emulator) -> None:
    upload = files.begin(NAME, "text/csv")
    marks = [files.part(NAME, upload, 1, b"one")]
    files.abort(NAME, upload)
    files.abort(NAME, upload)
    assert emulator.uploads() == {}
    with pytest.raises(UploadLost):
        files.part(NAME, upload, 1, b"one")
    with pytest.raises(UploadLost):
        files.finish(NAME, upload, marks)


def test_what_is_there_is_not_what_was_said_to_be(emulator: Emulator) -> None:
    upload = files.begin(NAME, "text/csv")
    marks = [files.part(NAME, upload, 1, b"one")]
    files.part(NAME, upload, 1, b"another")
    with pytest.raises(UploadLost):
        files.finish(NAME, upload, marks)


def test_a_file_is_removed_once_or_more(emulator: Emulator) -> None:
    written(b"one")
    files.remove(NAME)
    files.remove(NAME)
    assert emulator.files() == {}


def test_a_link_opens_the_file_and_says_what_to_save_it_as(emulator: Emulator) -> None:
    written("序号,兑换码".encode())
    with emulator.counting() as calls:
        link = files.link(NAME, "codes.csv", 600)
    assert calls == [], "nobody is asked for a link"
    answer = emulator.opened(link)
    assert (answer.status_code, answer.content.decode()) == (200, "序号,兑换码")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="codes.csv"'
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_link_names_its_regions_own_host_and_its_time(emulator: Emulator) -> None:
    parts = urlsplit(files.link(NAME, "codes.csv", 77))
    assert parts.netloc == "ripple-test-exports.s3.us-east-1.amazonaws.com"
    assert parts.scheme == "https"
    assert parse_qs(parts.query)["X-Amz-Expires"] == ["77"]
    assert parse_qs(parts.query)["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


@pytest.mark.parametrize(("age", "status"), [(590, 200), (601, 403)])
def test_a_link_ends(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, age: int, status: int) -> None:
    written(b"one")
    signed = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=age)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: signed)
    assert emulator.opened(files.link(NAME, "codes.csv", 600)).status_code == status


def test_a_link_is_for_its_file_alone(emulator: Emulator) -> None:
    written(b"one")
    link = files.link("m/00001/02.csv", "codes.csv", 600)
    assert emulator.opened(link).status_code == 404
    assert emulator.opened(link.replace("02.csv", "01.csv")).status_code == 403


@pytest.mark.parametrize(
    "fault",
    [
        ConnectTimeoutError(endpoint_url="s3"),
        ReadTimeoutError(endpoint_url="s3"),
        refused(503, "SlowDown"),
        refused(500, "InternalError"),
    ],
)
def test_what_cannot_be_reached_may_be_asked_again(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, fault: Exception | AWSResponse
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    emulator.before = lambda call: fault
    with pytest.raises(RippleError) as raised:
        files.begin(NAME, "text/csv")
    assert raised.value.problem is BUSY


def test_a_refusal_is_no_silence(emulator: Emulator) -> None:
    emulator.before = lambda call: refused(403, "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        files.begin(NAME, "text/csv")


def test_whatever_is_written_is_checked_on_arrival(emulator: Emulator) -> None:
    said: list[Call] = []
    emulator.before = lambda call: said.append(call)
    written(b"one")
    [sent] = [call for call in said if call.operation == "UploadPart"]
    assert sent.request is not None
    assert base64.b64decode(sent.request.headers["Content-MD5"]) == hashlib.md5(b"one").digest()
