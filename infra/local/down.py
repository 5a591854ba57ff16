"""``make down``: end exactly what ``make up`` has started and delete the functions' scratch space."""

from __future__ import annotations

from infra.local.endpoint import HOME
from infra.local.stack import stop


def main() -> None:
    """Stop and say what was stopped."""
    ended = stop(HOME)
    print(f"stopped: {', '.join(ended)}" if ended else "nothing was running")


if __name__ == "__main__":
    main()
