"""Every play's scenes: a new play adds its line here."""

from __future__ import annotations

from tests.groupbuy import scenes as groupbuy
from tests.proof.stage import Scene

SCENES: dict[str, Scene] = {scene.name: scene for scene in groupbuy.SCENES}
