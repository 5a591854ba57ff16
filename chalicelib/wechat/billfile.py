"""The files that WeChat Pay calls bills: asked for with a signature, fetched from where it says, proved by their hash.

They are the one answer of WeChat Pay that is not signed, and the one place that speaks yuan.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from urllib.parse import urlsplit

from chalicelib.core import log
from chalicelib.core.money import Fen
from chalicelib.wechat import signing
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import USER_AGENT, Transport, Unknown, WechatError, transport
from chalicelib.wechat.payhttp import ask

FILE_SECONDS = 20.0

T = TypeVar("T")


def download(account: PayAccount, target: str, *, via: Transport | None = None) -> bytes | None:
    """The file that is offered at ``target``, or None where there is nothing to tell of that day.

    ``via`` carries both requests, or else the process's transport. Raises `Unknown` where it is not there yet or did
    not arrive whole, and `WechatError`.
    """
    try:
        answer = ask(account, "GET", target, via=via)
    except WechatError as refused:
        if refused.code == "NO_STATEMENT_EXIST":
            return None
        if refused.code == "STATEMENT_CREATING":
            raise Unknown("the bill is not ready") from refused
        raise
    told = answer or {}
    content = _file(account, str(told.get("download_url", "")), via or transport())
    if hashlib.sha1(content).hexdigest() != str(told.get("hash_value", "")).lower():
        raise Unknown("the bill's hash differs")
    return content


def _file(account: PayAccount, url: str, via: Transport) -> bytes:
    """What the address says, which is asked for as it stands. The answer carries no signature."""
    parts = urlsplit(url)
    if not parts.path:
        raise Unknown("the bill has no address")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    signed = signing.authorization(account, "GET", target, "")
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT, "Authorization": signed}
    answer = via.send("GET", url, headers, None, FILE_SECONDS)
    if answer.status != 200:
        raise Unknown(f"the bill's file: status {answer.status}")
    return answer.body


def understood(read: Callable[[bytes], T], content: bytes, day: date) -> T:
    """What ``read`` makes of a day's file. Raises `Unknown` for one that is no bill or does not add up."""
    try:
        return read(content)
    except (ValueError, KeyError, InvalidOperation) as garbled:
        log.error("wechat_bill_garbled", day=day.isoformat(), raised=garbled)
        raise Unknown("the bill cannot be read") from garbled


def rows(content: bytes) -> Iterator[str]:
    """The file's lines, each decoded as it is reached."""
    for row in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="\n"):
        if stripped := row.rstrip("\r\n"):
            yield stripped


def is_data(row: str) -> bool:
    """Whether the line tells of something, and is no header."""
    return row.startswith("`")


def cells(row: str) -> list[str]:
    """Data stands behind backticks, since goods and remarks may contain commas; headers do not."""
    return row[1:].split(",`") if is_data(row) else row.split(",")


def places(lines: Iterator[str], shown: tuple[str, ...]) -> tuple[int, list[int]]:
    """How many cells the header has, and which of them are ``shown``. Raises ValueError where one is missing."""
    header = cells(next(lines, ""))
    return len(header), [header.index(name) for name in shown]


def pick(row: str, width: int, at: list[int]) -> list[str]:
    """The cells of a line at those places. Raises ValueError where it has other cells than the header."""
    found = cells(row)
    if len(found) != width:
        raise ValueError("a line has other cells than the header")
    return [found[place] for place in at]


def fen(yuan: str) -> Fen:
    """``1.05`` yuan in fen. Raises ValueError or InvalidOperation for what is no such amount."""
    parts = Decimal(yuan) * 100
    if parts != int(parts):
        raise ValueError(f"{yuan} yuan is no whole number of fen")
    return Fen(int(parts))
