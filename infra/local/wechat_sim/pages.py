"""A mini-program's pages: which of them are released, and the codes that open them."""

from __future__ import annotations

from dataclasses import dataclass, field

RELEASED = "pages/"
"""How every released page begins."""
HOME = "pages/index/index"


@dataclass(frozen=True)
class CodeMade:
    """A code that was given away, and what it opens."""

    appid: str
    page: str
    scene: str
    env_version: str


@dataclass
class Pages:
    """Those of all mini-programs."""

    missing: set[tuple[str, str]] = field(default_factory=set)
    """By mini-program and page: what is not released although it begins like a released one."""
    codes: dict[str, CodeMade] = field(default_factory=dict)
    """By the text in them."""
    unchecked: dict[str, set[str]] = field(default_factory=dict)
    """By mini-program: pages that had codes although they are not released."""
    most_unchecked: int = 60_000

    def released(self, appid: str, page: str) -> bool:
        """Whether the released mini-program has that page, named without its query."""
        return page.startswith(RELEASED) and not set("?#") & set(page) and (appid, page) not in self.missing

    def made(self, appid: str, page: str, scene: str) -> int:
        """How many codes were given away for a page and a scene."""
        return list(self.codes.values()).count(CodeMade(appid, page, scene, "release"))
