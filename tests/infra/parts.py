"""Reading a template: resources of a type, and what a role allows."""

from __future__ import annotations

import json
from typing import Any

FUNCTIONS = {
    "APIHandler": "api",
    "Sweeper": "sweeper",
    "Worker": "worker",
    "Outbox": "outbox",
    "Pictures": "pictures",
    "Egress": "egress",
}
OPTIONAL = "HasFixedAddress"
"""The one condition under which parts of the template are there or not."""

Resources = dict[str, Any]


def deployed(template: dict[str, Any], *, fixed_address: bool) -> dict[str, Any]:
    """The template's sections as they are with the optional part, or without it."""

    def there(value: Any) -> Any:
        match value:
            case {"Fn::If": [condition, yes, no]} if condition == OPTIONAL:
                return there(yes if fixed_address else no)
            case dict():
                left = {k: v for k, v in value.items() if not _absent(v, fixed_address)}
                return {name: there(part) for name, part in left.items()}
            case list():
                return [each for each in map(there, value) if each != {"Ref": "AWS::NoValue"}]
        return value

    found: dict[str, Any] = there(template)
    return found


def _absent(value: Any, fixed_address: bool) -> bool:
    return isinstance(value, dict) and value.get("Condition") == OPTIONAL and not fixed_address


def of_type(resources: Resources, kind: str) -> Resources:
    """Properties by logical name of all resources of a type."""
    return {name: entry["Properties"] for name, entry in resources.items() if entry["Type"] == kind}


def target(value: Any) -> str:
    """What a reference points to, as one string: ``Table.Arn``, ``${Table.Arn}/index/gsi1``."""
    match value:
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": str(text)} | {"Ref": str(text)}:
            return text
        case str(text):
            return text
    raise TypeError(json.dumps(value))


def role_of(resources: Resources, function: str) -> str:
    """The logical name of a function's role."""
    return target(resources[function]["Properties"]["Role"]).removesuffix(".Arn")


def statements(resources: Resources, role: str) -> list[dict[str, Any]]:
    """The statements of a role's policies."""
    return [
        statement
        for policy in resources[role]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def allowed(resources: Resources, role: str) -> set[tuple[str, str]]:
    """Everything a role allows in a real account, as (action, resource)."""
    return {
        (action, target(resource))
        for statement in statements(resources, role)
        if statement["Effect"] == "Allow"
        for action in as_list(in_an_account(statement["Action"]))
        for resource in as_list(statement["Resource"])
    }


def in_an_account(value: Any) -> Any:
    """What a value is that differs between the embedded AWS and a real account."""
    match value:
        case {"Fn::If": ["IsLocal", _, real]}:
            return real
    return value


def as_list(value: Any) -> list[Any]:
    """One or several, as several."""
    return value if isinstance(value, list) else [value]
