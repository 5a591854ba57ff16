"""Whose a key is, as far as its owner said: what takes two people takes two keys under two names."""

from __future__ import annotations


def person(name: str) -> str:
    """Whom a key is for, as its owner said when he made it; spaces and case aside."""
    return "".join(name.split()).casefold()
