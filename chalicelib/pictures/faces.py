"""Portraits: fetched from WeChat's hosts, cut round, and drawn where there is none."""

from __future__ import annotations

import re
import socket
import zlib
from contextlib import closing
from http.client import HTTPException
from threading import Timer
from urllib.parse import urlsplit

import urllib3
from PIL import Image, ImageDraw
from urllib3.connection import HTTPConnection, HTTPSConnection

from chalicelib.core import clock
from chalicelib.core.config import config
from chalicelib.pictures import letters, typeset
from chalicelib.pictures.colours import mixed
from chalicelib.pictures.document import Palette
from chalicelib.pictures.errands import Refusal
from chalicelib.pictures.opening import NotTaken, on_white, opened
from chalicelib.pictures.shapes import FINE, disc

ADDRESS = re.compile(r"https://[a-z0-9]{1,30}\.qlogo\.cn/[A-Za-z0-9/_.-]{1,400}")
"""Where WeChat keeps portraits."""

BYTES = 1024 * 1024
SECONDS = 2.0
"""In all, however its bytes come; finding the host's address, which the resolver bounds, is besides."""

LEAST = 32
"""Pixels of a side; WeChat's smallest is 46."""
MOST = 2048 * 2048

SHADES = ("#c0563b", "#b0632a", "#8a6d1d", "#4f7a3a", "#2c7d5b", "#25788c", "#3a6ba8", "#5f5fb5", "#86549e", "#a94a74")
"""Of a missing portrait: calm, and dark enough for a white letter."""


def portrait(url: str) -> Image.Image:
    """The portrait at an address, RGB. Raises `NotTaken`; no host but WeChat's is ever asked."""
    if ADDRESS.fullmatch(url) is None:
        raise NotTaken(Refusal.UNREACHABLE)
    if instead := config().wechat_avatar_url:
        url = f"{instead}/{url.removeprefix('https://')}"
    return on_white(opened(fetched(url), least=LEAST, most=MOST))


def fetched(url: str) -> bytes:
    """What is at an address, at most `BYTES` of it, within `SECONDS`: no redirects, no retries. Raises `NotTaken`."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=SECONDS)
    in_time = clock.for_seconds(SECONDS)
    # A socket's own timeout begins anew with every byte, so that the connection is cut from beside.
    end: Timer | None = None
    try:
        connection.connect()
        end = Timer(SECONDS, _cut, [connection.sock])
        end.start()
        connection.request("GET", parts.path, headers={"User-Agent": "ripple"}, preload_content=False)
        with closing(connection.getresponse()) as answer:
            content: bytes = answer.read(BYTES + 1, decode_content=False)
    except (OSError, ValueError, HTTPException, urllib3.exceptions.HTTPError):
        raise NotTaken(Refusal.UNREACHABLE) from None
    finally:
        if end is not None:
            end.cancel()
        connection.close()
    if answer.status != 200 or not in_time():
        raise NotTaken(Refusal.UNREACHABLE)
    if len(content) > BYTES:
        raise NotTaken(Refusal.TOO_LARGE, BYTES)
    return content


def round_portrait(image: Image.Image, size: int) -> Image.Image:
    """A portrait's middle as a circle of so many pixels, RGBA."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    cut = image.convert("RGB").resize((size, size), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
    cut.putalpha(disc(size))
    return cut


def missing(nickname: str | None, size: int, palette: Palette) -> Image.Image:
    """What stands for a portrait that there is none of: the name's first letter or emoji on a colour of the name's own.

    Letters that cannot be drawn do not count; of whoever has no others it is the outline of a person in the poster's
    colours.
    """
    name = letters.letters(letters.drawable(nickname or ""))
    if not name:
        return _outline(size, palette)
    shade = SHADES[zlib.crc32(str(nickname).encode()) % len(SHADES)]
    figure = Image.new("RGB", (size, size), shade)
    laid = typeset.one_line(name[0].text.upper(), max(round(size * 0.5), 1), size, bold=True)
    typeset.draw(figure, laid, 0, (size - laid.height) // 2, "#ffffff", align="centre", width=size)
    figure.putalpha(disc(size))
    return figure


def _outline(size: int, palette: Palette) -> Image.Image:
    large = size * FINE
    figure = Image.new("RGB", (large, large), mixed(palette.accent, "#ffffff", 0.75))
    draw, shade = ImageDraw.Draw(figure), mixed(palette.accent, "#ffffff", 0.3)
    draw.ellipse((large * 0.33, large * 0.2, large * 0.67, large * 0.54), shade)
    draw.ellipse((large * 0.17, large * 0.6, large * 0.83, large * 1.26), shade)
    figure = figure.resize((size, size), Image.Resampling.BOX)
    figure.putalpha(disc(size))
    return figure


def _cut(sock: socket.socket) -> None:
    """End a connection while another thread waits for it; past what TLS would first say."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
