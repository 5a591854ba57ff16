"""The function that draws: its memory, and what composing and judging a poster cost beside writing one."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import partial

from PIL import Image

from chalicelib.pictures import composer, lint
from chalicelib.pictures.document import Format, Layout
from chalicelib.pictures.finishing import encoded
from infra.local.endpoint import ROOT
from tests.bench.figures import Figure, cpu_seconds, paired_ratio
from tests.conftest import EMULATOR
from tests.pictures import samples
from tests.pictures import type as archived
from tests.pictures.samples import CASES

REFERENCE = "decode a JPEG of 1080 × 1920, and write it at quality 90"
PEAK = """
import tests.conftest
from tests.conftest import EMULATOR
from chalicelib.pictures import drawing
from chalicelib.pictures.document import Format, Layout
from tests.pictures import samples, type
import msgspec
EMULATOR.fresh()
type.lay(EMULATOR)
samples.lay(EMULATOR)
for layout in Layout:
    drawing.drawn(msgspec.to_builtins(samples.errand(samples.CASES["longest"], Format.TALL, layout)))
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) * 1024)
"""
"""A process that draws three posters with everything on them; the embedded AWS in it counts too."""


def figures() -> list[Figure]:
    """pictures.compose_ratio, pictures.lint_ratio, pictures.peak_mb, pictures.kb."""
    EMULATOR.fresh()
    archived.lay(EMULATOR)
    samples.lay(EMULATOR)
    page = samples.composed(CASES["short"], Format.TALL, Layout.PHOTO)
    written = encoded(page.image)
    errand = samples.errand(CASES["no_portrait"], Format.TALL, Layout.PHOTO)
    composed, judged = (
        paired_ratio(partial(cpu_seconds, act, 2), partial(cpu_seconds, partial(_again, written), 4), 5)
        for act in (partial(composer.page, errand), partial(lint.judged, page))
    )
    return [
        Figure("pictures.compose_ratio", round(composed, 2), "ratio", None, REFERENCE),
        Figure("pictures.lint_ratio", round(judged, 2), "ratio", None, REFERENCE),
        Figure("pictures.peak_mb", round(_peak() / 1e6, 1), "MB", 1536),
        Figure("pictures.kb", round(len(written) / 1000, 1), "kB", 1000),
    ]


def _again(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as image:
        image.convert("RGB").save(io.BytesIO(), "JPEG", quality=90, subsampling=0)


def _peak() -> int:
    done = subprocess.run([sys.executable, "-c", PEAK], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])
