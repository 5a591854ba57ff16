"""Which posters stand for shares that no campaign has one for: of invitations, of live codes, of everything else."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.campaigns.posters import given, template_key
from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.pictures.document import Format
from chalicelib.posters import rules
from chalicelib.posters.items import Everyday, everyday_key
from chalicelib.posters.problems import KIND_UNKNOWN
from chalicelib.sharing.plugged import KINDS


def listed(mid: MerchantId) -> dict[str, Everyday | None]:
    """The everyday posters of every kind that can be shared."""
    keys = {kind: everyday_key(mid, kind) for kind in KINDS}
    found = read(*keys.values())
    return {kind: found.item(Everyday, key) for kind, key in keys.items()}


def say(mid: MerchantId, actor: str, kind: str, edition: int, posters: Mapping[Format, str]) -> Everyday:
    """Say which posters stand for a kind, instead of those of this ``edition`` (0: nothing was said).

    Raises `KIND_UNKNOWN`, `EVERYDAY_EDITED_MEANWHILE`, `POSTER_NOT_RELEASED`.
    """
    if kind not in KINDS:
        raise RippleError(KIND_UNKNOWN)
    key, wanted = everyday_key(mid, kind), dict(posters)

    def attempt() -> Everyday:
        found = read(key, *(template_key(mid, ident) for ident in dict.fromkeys(wanted.values())))
        before = found.item(Everyday, key)
        if before is not None and before.edition == edition + 1 and before.posters == wanted:
            return before
        rules.insist_everyday(before, edition, wanted, given(found, mid, wanted.values()))
        now = clock.now()
        said = Everyday(*key, edition=edition + 1, posters=wanted, updated_at=now)
        tx = Transaction()
        seen = Everyday.pk.does_not_exist() if before is None else Everyday.edition == edition
        tx.put("everyday", said, when={"as_seen": seen})
        audit.add(tx, mid, actor, "poster.everyday", kind)
        tx.commit()
        return said

    return decided(attempt)
