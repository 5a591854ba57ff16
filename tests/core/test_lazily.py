"""What is only named costs no import, and is at its first use what an import would have given."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chalicelib.core import lazily
from chalicelib.core.lazily import Named, Registry, now

PROGRAM = """
import sys
from chalicelib.core import lazily

with lazily.lazily():
    from chalicelib.groupbuy import rules, states as tables
    from chalicelib.groupbuy.states import GroupState
    import json

named = [rules, tables.GroupState, GroupState]
print([name for name in sys.modules if name.startswith("chalicelib.groupbuy")])
print(json.dumps(1), repr(GroupState), GroupState("open"))
print([lazily.now(each) for each in named], "chalicelib.groupbuy.rules" in sys.modules)
from chalicelib.groupbuy.items import Group
print(Group.__name__)
"""


def test_a_name_is_imported_when_it_is_used() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    before, used, found, after = done.stdout.splitlines()
    assert before == "[]"
    assert used == "1 chalicelib.groupbuy.states.GroupState open"
    assert found.count("<enum 'GroupState'>") == 2 and found.endswith("True")
    assert after == "Group"


def test_what_is_not_there_is_missed_at_its_use() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        now(Named("chalicelib.core.clock", ("nothing",)))
    with pytest.raises(ImportError, match="nowhere"):
        now(Named("chalicelib.nowhere", ("nothing",)))
    with pytest.raises(ImportError, match="nowhere"):
        now(Named("chalicelib.core", ("nowhere",)))


def test_the_thing_itself_is_what_it_is() -> None:
    assert now(7) == 7
    assert now(None) is None


def test_a_registry_knows_names_and_things() -> None:
    registry: Registry[object, object] = Registry()
    registry.update({Named("chalicelib.core.due", ("LEASE",)): Named("chalicelib.core.due", ("DEAD",)), "plain": 1})
    assert dict(registry) == {lazily.now(Named("chalicelib.core.due", ("LEASE",))): "DEAD#", "plain": 1}
    registry["plain"] = 2
    assert (registry["plain"], len(registry)) == (2, 2)
    del registry["plain"]
    assert "plain" not in registry
    registry.clear()
    assert not registry


def test_a_key_that_cannot_be_imported_is_not_forgotten() -> None:
    registry: Registry[object, object] = Registry()
    registry[Named("chalicelib.nowhere", ("Item",))] = 1
    for _ in range(2):
        with pytest.raises(ImportError):
            registry.get("anything")
