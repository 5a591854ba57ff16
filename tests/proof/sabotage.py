"""A pytest plugin: the code as it is, but for one mutant, which is put in while the module is imported."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

from tests.proof.mutant import ROOT, Mutant
from tests.proof.mutants import KNOWN


class Loader(importlib.machinery.SourceFileLoader):
    """Loads the one module that the mutant changes."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        name = ".".join(Path(mutant.path).with_suffix("").parts)
        super().__init__(name, str(ROOT / mutant.path))

    def get_code(self, fullname: str) -> CodeType:
        """The sabotaged module."""
        tree = ast.parse(self._mutant.sabotaged((ROOT / self._mutant.path).read_text()))
        return compile(tree, self.path, "exec")


class Saboteur(importlib.abc.MetaPathFinder):
    """Finds it."""

    def __init__(self, mutant: Mutant) -> None:
        self._loader = Loader(mutant)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        return importlib.util.spec_from_loader(fullname, self._loader) if fullname == self._loader.name else None


name = os.environ.get("RIPPLE_MUTANT")
if name:
    mutant = KNOWN[name]
    module = ".".join(Path(mutant.path).with_suffix("").parts)
    assert module not in sys.modules, f"{module} was imported before it could be sabotaged"
    sys.meta_path.insert(0, Saboteur(mutant))
