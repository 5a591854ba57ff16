"""DynamoDB's requests and answers without botocore's walk through every shape: ours are in its wire format already.

botocore turns each value of a request and of an answer into itself, member by member, and works the endpoint out anew
for each call: a third of a call's CPU. Signing, retries, errors and connections stay botocore's.
"""

from __future__ import annotations

from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Serializer:
    """Requests as botocore makes them, with the parameters written as they are."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._forms: dict[str, dict[str, Any]] = {}

    def serialize_to_request(self, parameters: dict[str, Any], operation_model: Any) -> dict[str, Any]:
        """See botocore's serializers."""
        form = self._forms.get(operation_model.name)
        if form is None:
            form = self._forms[operation_model.name] = self._inner.serialize_to_request({}, operation_model)
        return {**form, "headers": dict(form["headers"]), "body": _encode(parameters)}


class Parser:
    """Answers read as they are; refusals, which botocore turns into its exceptions, are its own to read."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def parse(self, response: dict[str, Any], shape: Any) -> dict[str, Any]:
        """See botocore's parsers."""
        if response["status_code"] >= 300:
            refused: dict[str, Any] = self._inner.parse(response, shape)
            return refused
        parsed: dict[str, Any] = _decode(response["body"]) if response["body"] else {}
        headers = response["headers"]
        parsed["ResponseMetadata"] = {
            "HTTPStatusCode": response["status_code"],
            "RequestId": headers.get("x-amzn-requestid"),
        }
        return parsed


class Parsers:
    """A factory of `Parser`."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._made: dict[str, Parser] = {}

    def create_parser(self, protocol: str) -> Parser:
        """See botocore's factory."""
        made = self._made.get(protocol)
        if made is None:
            made = self._made[protocol] = Parser(self._inner.create_parser(protocol))
        return made


def speak_plainly(client: Any) -> Any:
    """Let a DynamoDB client write and read the wire format as it is, to the endpoint it was made with."""
    client._serializer = Serializer(client._serializer)
    client._endpoint._response_parser_factory = Parsers(client._endpoint._response_parser_factory)
    client._ruleset_resolver = None
    return client
