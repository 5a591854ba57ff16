"""``python -m infra.openapi``: the OpenAPI document of the app, written to ``build/openapi.json``."""

from __future__ import annotations

import json

from app import app
from chalicelib.edge.openapi import document
from infra.build import ROOT


def main() -> None:
    """Write the document and say where."""
    target = ROOT / "build" / "openapi.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(document(app), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
