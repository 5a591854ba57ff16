"""The artefact and the template as they would be shipped."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from infra.build import Built, build
from tests.infra.parts import deployed


@pytest.fixture(scope="session")
def built() -> Built:
    """What `make build` leaves."""
    return build()


@pytest.fixture(scope="session")
def template(built: Built) -> dict[str, Any]:
    """The CloudFormation template."""
    loaded: dict[str, Any] = yaml.safe_load(built.template.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> dict[str, Any]:
    """The template's resources by logical name, with those that are optional."""
    found: dict[str, Any] = deployed(template, fixed_address=True)["Resources"]
    return found
