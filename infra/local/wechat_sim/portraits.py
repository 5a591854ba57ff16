"""Portraits of users, as ``*.qlogo.cn`` has them: each follows from its address."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

from PIL import Image, ImageDraw

from infra.local.wechat_sim.faults import Fault
from infra.local.wechat_sim.refusal import Dropped

PREFIX = "/avatars/"
SIDE, HUGE = 132, 7000
"""Pixels of a side: WeChat's, and of a grey one that is far too large."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="132" height="132"><rect width="132" height="132"/></svg>'


@lru_cache(maxsize=64)
def drawn(path: str) -> tuple[bytes, str]:
    """The portrait at that path, and its media type: a PNG where the path says so, else a JPEG."""
    seed = hashlib.sha256(path.encode()).digest()
    image = Image.new("RGB", (SIDE, SIDE), (160 + seed[0] % 80, 160 + seed[1] % 80, 160 + seed[2] % 80))
    pen = ImageDraw.Draw(image)
    pen.circle((SIDE / 2, SIDE * 0.4), SIDE * 0.2, (220, 180 + seed[3] % 40, 150 + seed[4] % 40))
    pen.pieslice((SIDE * 0.16, SIDE * 0.62, SIDE * 0.84, SIDE * 1.38), 180, 360, tuple(seed[5:8]))
    pen.pieslice((SIDE * 0.28, SIDE * 0.16, SIDE * 0.72, SIDE * 0.6), 180, 360, (seed[8] // 3, seed[9] // 3, 30))
    return _written(image, "png" if path.endswith(".png") else "jpeg")


@lru_cache(maxsize=1)
def _huge() -> tuple[bytes, str]:
    return _written(Image.new("L", (HUGE, HUGE)), "jpeg")


def _written(image: Image.Image, kind: str) -> tuple[bytes, str]:
    written = io.BytesIO()
    image.save(written, kind)
    return written.getvalue(), f"image/{kind}"


def answered(path: str, fault: Fault | None) -> tuple[int, dict[str, str], bytes, float]:
    """GET /avatars/{host}/{path}: status, headers, body, and seconds of waiting. Raises `Dropped`."""
    kind = fault.kind if fault else ""
    if kind == "unreachable":
        raise Dropped(kind)
    if kind == "5xx":
        return 502, {"Content-Type": "text/html"}, b"<html>502 Bad Gateway</html>", 0.0
    if kind == "absent":
        return 404, {"Content-Type": "text/html"}, b"<html>404</html>", 0.0
    if kind == "elsewhere":
        return 302, {"Location": "https://example.com/portrait.jpg"}, b"", 0.0
    content, media = (SVG, "image/svg+xml") if kind == "svg" else _huge() if kind == "huge" else drawn(path)
    arrives = content[: len(content) // 2] if kind == "truncated" else content
    return 200, {"Content-Type": media}, arrives, fault.seconds if fault and kind == "slow" else 0.0
