"""What a route is: a function of one `Call`, and what it promises, written beside it by ``@operation``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    Literal,
    Protocol,
    Required,
    TypedDict,
    TypeVar,
    Unpack,
    cast,
    overload,
)

from chalicelib.core.errors import Language, Problem
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.edge.decode import BODY_LIMIT

if TYPE_CHECKING:
    # Storage stands behind it, and the edge loads none.
    from chalicelib.core.idempotency import Intent

A = TypeVar("A")
B = TypeVar("B")


class Auth(StrEnum):
    """Who may call: anybody, a logged-in user, a merchant's API key, or WeChat (the handler checks the signature)."""

    PUBLIC = "public"
    USER = "user"
    MERCHANT = "merchant"
    CALLBACK = "callback"


PUBLIC: Final = Auth.PUBLIC
USER: Final = Auth.USER
MERCHANT: Final = Auth.MERCHANT
CALLBACK: Final = Auth.CALLBACK

JSON: Final = "application/json"

Role = Literal["viewer", "operator", "owner"]
RANK: Final[Mapping[str, int]] = {"viewer": 0, "operator": 1, "owner": 2}
"""A role may do everything that a lower one may."""


class Identity(Protocol):
    """What an authenticator finds out: the merchant, the user or key that acts, the key's role (None for a user)."""

    @property
    def mid(self) -> MerchantId: ...
    @property
    def actor(self) -> str: ...
    @property
    def role(self) -> str | None: ...


Authenticate = Callable[[Mapping[str, str]], Identity]
"""From lower-case headers to an identity; raises `RippleError` UNAUTHENTICATED."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The promise of one route; the fields are explained at `operation`."""

    auth: Auth
    summary: str
    body: Any
    query: Any
    answer: Any
    status: int
    also: tuple[int, ...]
    media: str
    limit: int
    idempotent: bool
    role: Role | None
    cache: str
    problems: tuple[Problem, ...]
    description: str
    example: Any
    answer_example: Any
    name: str


@dataclass(slots=True, kw_only=True)
class Call(Generic[B]):
    """One request, authenticated and decoded. What an operation's kind does not have raises RuntimeError."""

    operation: Operation
    identity: Identity | None
    path: Mapping[str, str]
    body: B
    query: Any
    raw: bytes
    headers: Mapping[str, str]
    request_id: str
    language: Language
    client_ip: str
    intended: Intent | None = None

    @property
    def mid(self) -> MerchantId:
        """The merchant: of the identity, or of the path of a callback."""
        if self.identity is not None:
            return self.identity.mid
        if self.operation.auth is CALLBACK:
            return MerchantId(self.path["mid"])
        raise RuntimeError("a public operation has no merchant")

    @property
    def uid(self) -> UserId:
        """The user who calls."""
        return UserId(self._actor(USER).actor)

    @property
    def key_id(self) -> str:
        """The id of the API key that calls."""
        return self._actor(MERCHANT).actor

    @property
    def role(self) -> Role:
        """The role of the API key that calls."""
        return cast(Role, self._actor(MERCHANT).role)

    @property
    def intent(self) -> Intent:
        """What the client means to do once, however often it asks."""
        if self.intended is None:
            raise RuntimeError("the operation is not idempotent=True")
        return self.intended

    def _actor(self, auth: Auth) -> Identity:
        if self.identity is None or self.operation.auth is not auth:
            raise RuntimeError(f"not an operation with auth={auth.name}")
        return self.identity


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """An answer with a status or headers of its own. A ``bytes`` body is sent as it is, as the operation's ``media``.

    A GET whose headers hold an ``ETag`` that the client already has becomes 304.
    """

    body: A
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call[B]], A | Answer[A]]
Decorator = Callable[[Handler[B, A]], Handler[B, A]]


class Promises(TypedDict, total=False):
    """The keyword arguments of `operation` beside ``body`` and ``answer``."""

    auth: Required[Auth]
    summary: Required[str]
    query: Any
    status: int
    also: tuple[int, ...]
    media: str
    limit: int
    idempotent: bool
    role: Role
    cache: str
    problems: tuple[Problem, ...]
    description: str
    example: Any
    answer_example: Any
    name: str


@overload
def operation(*, body: type[B], answer: type[A], **promises: Unpack[Promises]) -> Decorator[B, A]: ...
@overload
def operation(*, body: type[B], answer: None = None, **promises: Unpack[Promises]) -> Decorator[B, None]: ...
@overload
def operation(*, body: None = None, answer: type[A], **promises: Unpack[Promises]) -> Decorator[None, A]: ...
@overload
def operation(*, body: None = None, answer: None = None, **promises: Unpack[Promises]) -> Decorator[None, None]: ...
def operation(*, body: Any = None, answer: Any = None, **promises: Unpack[Promises]) -> Any:
    """Declare a function to be an operation.

    ``body``, ``query``: msgspec Structs of the request (none: nothing is accepted there); ``answer``: the type of the
    answer (none: 204); ``status``: of success; ``also``: the statuses that an `Answer` may say instead; ``media``: the
    type of the answer's bytes where they are not JSON; ``limit``: the largest body in bytes; ``idempotent``: the client
    must send Idempotency-Key; ``role``: the least role of a MERCHANT key; ``cache``: Cache-Control of successes;
    ``problems``: what the operation itself may raise; ``name``: the operation id in the document, by default the
    function's name.

    Raises ValueError for promises that contradict each other.
    """
    auth = promises["auth"]
    idempotent = promises.get("idempotent", False)
    role = promises.get("role")
    if idempotent and auth not in (USER, MERCHANT):
        raise ValueError("only a known actor can be idempotent: an Idempotency-Key belongs to a user or an API key")
    if (auth is MERCHANT) != (role is not None):
        raise ValueError("role belongs to MERCHANT operations, and each of them has one")
    if auth is CALLBACK and body is not None:
        raise ValueError("a callback reads call.raw: nothing is parsed before its signature is checked")

    def declare(handler: Handler[Any, Any]) -> Handler[Any, Any]:
        promise = Operation(
            auth=auth,
            summary=promises["summary"],
            body=body,
            query=promises.get("query"),
            answer=answer,
            status=promises.get("status", 204 if answer is None else 200),
            also=promises.get("also", ()),
            media=promises.get("media", JSON),
            limit=promises.get("limit", BODY_LIMIT),
            idempotent=idempotent,
            role=role,
            cache=promises.get("cache", "no-store"),
            problems=promises.get("problems", ()),
            description=promises.get("description", ""),
            example=promises.get("example"),
            answer_example=promises.get("answer_example"),
            name=promises.get("name") or handler.__name__,
        )
        handler.__operation__ = promise  # type: ignore[attr-defined]
        return handler

    return declare


def operation_of(handler: Callable[..., Any]) -> Operation:
    """What ``@operation`` wrote on ``handler``. Raises TypeError when it is not an operation."""
    promise = getattr(handler, "__operation__", None)
    if not isinstance(promise, Operation):
        raise TypeError(f"{handler!r} is not declared with @operation")
    return promise
