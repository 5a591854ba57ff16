"""Live codes as they are stored and as the model has them, in the same words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from chalicelib.livecodes.items import LiveCode, Part, Place, Scan
from tests.livecodes.model import Model
from tests.livecodes.promises import where
from tests.orders.model import Stored


class Observed(Stored):
    """What is stored, in the model's words; there is one live code."""

    def told(self) -> dict[str, Any]:
        (code,) = (item for item in self.items if isinstance(item, LiveCode))
        taken = Counter[int]()
        for part in self.items:
            if isinstance(part, Part):
                taken[part.target] += part.taken
        return {
            "status": code.status.value,
            "edition": code.edition,
            "targets": [(t.state.value, t.capacity, t.until, taken[t.number]) for t in code.targets],
            "places": {place.uid: (place.target, place.turn) for place in self.items if isinstance(place, Place)},
            "sent": sorted((scan.uid, where(scan.pk)[1]) for scan in self.items if isinstance(scan, Scan)),
        }


def told(model: Model) -> dict[str, Any]:
    return {
        "status": model.status,
        "edition": model.edition,
        "targets": [(t.state, t.capacity, t.until, t.taken) for t in model.targets],
        "places": {user: (place.target, place.turn) for user, place in model.places.items()},
        "sent": sorted(model.sent),
    }
