"""Whatever goes wrong at any call, to S3 too, and whoever acts meanwhile: a file is whole or not there, and goes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

import pytest

from chalicelib.core import clock
from chalicelib.voucher import export_file
from chalicelib.voucher.export_forms import Form
from chalicelib.voucher.export_states import ExportState
from chalicelib.voucher.exports import Export
from tests.emulator import Emulator
from tests.proof.faults import Planned, possible
from tests.proof.schedule import explore
from tests.proof.stage import Stage, set_scene
from tests.proof.test_crashes import status, survives
from tests.town import Town
from tests.voucher.export_scenes import SCENES
from tests.voucher.files import PARTS, expected, on_sheets, rows

MACHINE = {"the export falls due"}
"""What makes and removes files. The harness lets calls of all acts go wrong; here none of these is left out."""


@pytest.fixture(params=SCENES, ids=[scene.name for scene in SCENES])
def stage(request: pytest.FixtureRequest, world: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(export_file, "PART_BYTES", PARTS)
    town = Town(world)
    with set_scene(town, request.param) as stage:
        yield stage
    town.close()


def insist_whole(stage: Stage) -> None:
    """A file that may be fetched is there, with just its batch's codes; of what is over nothing is left."""
    town = stage.town
    files, uploads = town.emulator.files(), town.emulator.uploads()
    with stage.held_to():
        exports = [item for item in town.items() if isinstance(item, Export)]
        for item in exports:
            readable = item.state is ExportState.READY and clock.now() < item.until
            assert (item.state is ExportState.GONE) == (item.due is None)
            assert item.upload is None or item.state is ExportState.MAKING
            if readable:
                lines = expected(town, item.bid)
                if item.form is Form.PDF:
                    assert on_sheets(files[item.file]) == [code for _, code in lines[1:]]
                else:
                    assert rows(files[item.file]) == lines
        assert set(files) <= {item.file for item in exports if item.state in (ExportState.MAKING, ExportState.READY)}
        # One that was begun and not noted has no parts, and the bucket's rule aborts it.
        assert {ident for ident, parts in uploads.items() if parts} <= {item.upload for item in exports}


def test_every_call_may_go_wrong_in_every_way(stage: Stage) -> None:
    for name in MACHINE & stage.acts.keys():
        undisturbed = stage.alone(name).results[f"1: {name}"]
        insist_whole(stage)
        for number, operation in enumerate(list(stage.gate.operations), 1):
            for fault in possible(operation):
                stage.alone(name, Planned(number, fault))
                insist_whole(stage)
                survives(stage, name, Planned(number, fault), undisturbed)
                insist_whole(stage)


def test_whoever_acts_while_a_file_is_made(stage: Stage) -> None:
    for pair in itertools.product(MACHINE & stage.acts.keys(), stage.acts):
        for number, _ in enumerate(explore(partial(stage.play, pair), 1)):
            insist_whole(stage)
            if number % 64 == 0:
                stage.rest()
                insist_whole(stage)


def test_an_export_talks_to_s3_where_the_harness_sees_it(stage: Stage) -> None:
    seen = set[str]()
    for name in stage.acts:
        assert status(stage.alone(name).results[f"1: {name}"]) in (None, 200, 201, 409)
        seen |= set(stage.gate.operations)
    expected_calls = {
        "export_first": set[str](),
        "export_making": {"UploadPart"},
        "export_lost": {"UploadPart"},
        "export_made": {"CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"},
        "export_sheets": {"Invoke", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"},
        "export_sheets_lost": {"Invoke", "UploadPart"},
        "export_ended": {"AbortMultipartUpload", "DeleteObject"},
        "export_agreed": set[str](),
        "export_fetched": {"DeleteObject"},
    }
    outside = {
        "Invoke",
        "CreateMultipartUpload",
        "UploadPart",
        "CompleteMultipartUpload",
        "AbortMultipartUpload",
        "DeleteObject",
    }
    assert seen & outside == expected_calls[stage.scene.name]
