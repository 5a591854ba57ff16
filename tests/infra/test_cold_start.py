"""A function that was just started has imported no room: whatever it is asked for first, it finds."""

from __future__ import annotations

import base64
import json
import os
import pickle
import subprocess
import sys
from typing import Any

import pytest
from ministack.services import dynamodb, s3, secretsmanager

from chalicelib.core import clock, due, outbox
from chalicelib.core.table import ITEMS, Item
from chalicelib.orders.play import PLAYS
from infra.local.client import Reply
from infra.local.endpoint import ROOT
from tests.contract import scene as roles
from tests.contract.matrix import MATRIX, ROLES
from tests.contract.scene import Scene, scene
from tests.core.test_keys import lived
from tests.edge.gateway_event import gateway_event
from tests.proof.counts import EFFORT
from tests.town import send

__all__ = ["lived", "scene"]

FORKING = """
import base64, json, os, pickle, sys
from datetime import datetime
import tests.conftest as here
import app
from chalicelib.core import chance, clock, consumers, due, outbox, table
from chalicelib.orders.play import PLAYS
from ministack.services import dynamodb, s3, secretsmanager

registries = {
    *("chalicelib.orders.play", "chalicelib.orders.plugged", "chalicelib.rewards.plugged"),
    *("chalicelib.sharing.plugged", "chalicelib.sharing.objects", "chalicelib.livecodes.plugged"),
    *("chalicelib.family.plugged", "chalicelib.notices.plugged"),
}
early = {n for n in sys.modules if n.count(".") == 2 and n.split(".")[1] not in ("core", "edge")}
assert not {n for n in early if n.startswith("chalicelib.")} - registries, early
given = json.loads(sys.stdin.read())
here.EMULATOR.fresh()
stored = pickle.loads(base64.b64decode(given["stored"]))
dynamodb._tables._data, secretsmanager._secrets._data, s3._buckets._data = stored
with clock.fixed(datetime.fromisoformat(given["now"])), chance.seeded(3):
    for number, task in enumerate(given["tasks"]):
        # A child is a process that has imported the application and done nothing.
        said, say = os.pipe()
        if os.fork() == 0:
            sys.stdout = open(os.devnull, "w")
            try:
                answer = eval(given["how"])
            except BaseException as failed:
                answer = "failed: " + repr(failed)
            os.write(say, json.dumps(answer).encode())
            os._exit(0)
        os.close(say)
        with os.fdopen(said) as pipe:
            print("ANSWER", pipe.read())
        os.wait()
"""


def each_first(how: str, tasks: list[Any]) -> list[Any]:
    """The answers when each of the tasks is the first one of its process."""
    stored = pickle.dumps((dynamodb._tables._data, secretsmanager._secrets._data, s3._buckets._data))
    given = {"how": how, "tasks": tasks, "stored": base64.b64encode(stored).decode(), "now": clock.iso(clock.now())}
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        input=json.dumps(given), cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    return [json.loads(line.removeprefix("ANSWER ")) for line in lines]


def test_every_route_answers_the_first_request_of_a_process(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[dict[str, Any]] = []

    def kept(method: str, path: str, headers: Any, body: bytes | None) -> Reply:
        bare, _, asked = path.partition("?")
        query = dict(pair.split("=", 1) for pair in asked.split("&")) if asked else None
        events.append(gateway_event(method, bare, headers=headers, body=body, query=query))
        return send(method, path, headers, body)

    monkeypatch.setattr(roles, "send", kept)
    expected = []
    # Everyday one of three: those of a room are imported alike.
    rows = list(MATRIX.items())[:: 1 if EFFORT.name == "long" else 9]
    for (method, template), row in rows:
        scene.rewind()
        role = ROLES[row.index(min(row))]
        expected.append((f"{method} {template}", scene.call(role, method, template).status))
    scene.rewind()
    answers = each_first("app.app(task, None)['statusCode']", events)
    assert len(answers) == len(rows)
    for (name, status), answer in zip(expected, answers, strict=True):
        # WeChat is not there: what it would have been asked for is answered as unknown, or later.
        assert answer == status or (status < 300 and answer in (202, 429, 503)), (name, status, answer)


def test_everything_stored_is_read_by_whoever_reads_it_first(lived: tuple[str, list[Item]]) -> None:
    kinds = {type(item): item for item in lived[1] if type(item).__module__.startswith("chalicelib")}
    # The first one of each room is read first; every other one after it.
    rooms = {kind.__module__.split(".")[1]: kind for kind in reversed(kinds)}
    tasks = [[kinds[first].serialize(), *(item.serialize() for item in kinds.values())] for first in rooms.values()]
    names = each_first("[type(table.decode(raw)).__name__ for raw in task]", tasks)
    told = [kind.__name__ for kind in kinds]
    assert names == [[first.__name__, *told] for first in rooms.values()]
    assert set(kinds) == {kind for kind in ITEMS.values() if kind.__module__.startswith("chalicelib")}


def test_everything_that_falls_due_is_handled_by_whoever_takes_it_first(scene: Scene) -> None:
    scene.rewind()
    entries = {type(item): item for item in scene.town.items() if item.gsi2pk and item.gsi2pk.startswith("DUE#")}
    handle = "due.handle(table.Key(*task[:2]), task[2])"
    errors = "[raw['fails'] for raw in here.EMULATOR.items() if raw['pk']['S'] == task[0] and 'fails' in raw]"
    tasks = [[item.pk, item.sk, item.gsi2sk] for item in entries.values()]
    assert each_first(f"[{handle}, {errors}]", tasks) == [[True, []]] * len(tasks)
    assert len(tasks) > 3


def test_what_is_registered_is_there_for_whoever_looks_first(scene: Scene) -> None:
    here = {
        "sorted(kind.__name__ for kind in due.HANDLERS)": sorted(
            kind.__name__ for kind in due.HANDLERS if kind.__module__.startswith("chalicelib")
        ),
        "sorted(outbox.EFFECTS)": sorted(outbox.EFFECTS),
        "sorted(PLAYS)": sorted(PLAYS),
    }
    for how, known in here.items():
        assert each_first(how, [None]) == [known]
