"""Single codes over HTTP, for merchants: what one is, redeeming at the counter, undoing that; and the keys."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core import clock, cursor
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.family.problems import FAMILY_ENDED
from chalicelib.family.topup_problems import CODE_NEEDS_FAMILY, WALLET_FULL
from chalicelib.pictures import qr_shown
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.pictures.qr_shown import QrCode
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.voucher import admin_views, code_views, counter, ending, looking, problems, undoing
from chalicelib.voucher.admin_routes import FewBatches, Note, Reason
from chalicelib.voucher.admin_views import KeyRetired, KeysSeen
from chalicelib.voucher.code_views import CodeRecord, CodeStatus, RedeemedAtCounter
from chalicelib.voucher.finding import document_of
from chalicelib.voucher.items import MOST_SERIALS, batches_listed
from chalicelib.voucher.letters import grouped, normal
from chalicelib.voucher.routes import CodeText, CodeToDraw

BatchIdText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{5}$")]


class Which(msgspec.Struct, forbid_unknown_fields=True):
    """Which code: by its letters, however they are written, or by its batch and serial."""

    code: CodeText | None = None
    batch_id: BatchIdText | None = None
    serial: Annotated[int, msgspec.Meta(ge=0, lt=MOST_SERIALS)] | None = None

    def place(self) -> tuple[str, int] | None:
        """Batch and serial; None where the letters say it. Raises INVALID_FIELD unless it is said in one way."""
        by_serial = self.batch_id is not None and self.serial is not None
        neither = self.batch_id is None and self.serial is None
        if (self.code is None) is not by_serial or not (by_serial or neither):
            reason = ("须提供 code，或同时提供 batch_id 与 serial", "give code, or both batch_id and serial")
            raise RippleError(INVALID_FIELD, "/code", reason=reason)
        return (self.batch_id, self.serial) if self.batch_id is not None and self.serial is not None else None


class WhichAndWhy(Which, forbid_unknown_fields=True, kw_only=True):
    """Which code, and why, for the audit log."""

    note: Note


class Scanned(msgspec.Struct, forbid_unknown_fields=True):
    """A code that the staff typed or scanned, and the pass of whoever holds it."""

    code: CodeText
    pass_: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)] | None = msgspec.field(default=None, name="pass")
    """The text of the pass's QR code; needed where what the code brings goes to an account."""


@operation(
    auth=MERCHANT,
    role="operator",
    body=Which,
    answer=CodeStatus,
    name="code_status",
    summary="All that there is to be known of a code",
    description="Asking costs no guess, and changes nothing.",
    problems=(NOT_FOUND,),
)
def status(call: Call[Which]) -> CodeStatus:
    """Look at a code."""
    place = call.body.place()
    seen = looking.typed(call.mid, call.body.code or "") if place is None else looking.named(call.mid, *place)
    return code_views.status(seen, call.language)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Scanned,
    answer=RedeemedAtCounter,
    status=201,
    idempotent=True,
    name="redeem_at_counter",
    summary="Redeem a code at the counter",
    description="With the customer's pass (`GET /v1/me/pass`) what it brings goes to his account; without one only "
    "what the staff hand over can be redeemed. Hand it over when this is answered.",
    problems=(
        problems.CODE_MISTYPED,
        problems.CODE_FORGED,
        problems.CODE_NOT_FREE,
        problems.CODE_NOT_YET,
        problems.CODE_BOUND,
        problems.CODE_NEEDS_USER,
        problems.CODE_NOT_AT_COUNTER,
        CODE_NEEDS_FAMILY,
        FAMILY_ENDED,
        WALLET_FULL,
        problems.CODE_LIMIT,
        problems.PASS_UNFIT,
        NEW_CLAIMERS_ONLY,
        NOT_RUNNING,
    ),
)
def redeem(call: Call[Scanned]) -> RedeemedAtCounter:
    """Redeem a code as staff."""
    return code_views.at_counter(counter.redeem(call.intent, call.body.code, call.body.pass_))


@operation(
    auth=MERCHANT,
    role="operator",
    body=CodeToDraw,
    answer=QrCode,
    name="draw_code",
    summary="One of your codes as a QR code",
    description="It says the letters in groups. Codes that you do not have yet come out of an export, and out of"
    " nothing else.",
    problems=(problems.CODE_MISTYPED, problems.CODE_FORGED, PICTURES_BUSY),
)
def qr(call: Call[CodeToDraw]) -> QrCode:
    """Draw the letters of a code that is the merchant's."""
    counter.place_at(call.mid, call.body.code)
    return qr_shown.drawn(grouped(normal(call.body.code)), call.body.form)


@operation(
    auth=MERCHANT,
    role="operator",
    body=WhichAndWhy,
    answer=CodeRecord,
    idempotent=True,
    name="undo_code",
    summary="Undo a redemption: all that it brought goes back, or nothing does",
    description="Once a code, and for so long as its campaign says. Of goods, after-sale does it; cash stays.",
    problems=(NOT_FOUND, problems.CODE_MISTYPED, problems.CODE_FORGED, problems.CODE_NOT_UNDONE),
)
def undo(call: Call[WhichAndWhy]) -> CodeRecord:
    """Take a redemption back."""
    place = call.body.place() or _named(call.mid, call.body.code or "")
    used = undoing.undo(call.intent, *place, call.body.note)
    return code_views.record(used, document_of(call.mid, used.cid))


@operation(
    auth=MERCHANT,
    role="viewer",
    query=FewBatches,
    answer=KeysSeen,
    name="code_keys",
    summary="Which key new batches get, and which batches still have an older one",
    description="Whoever knows an older key can make good codes of these batches, and of no others.",
)
def keys(call: Call[None]) -> KeysSeen:
    """A page of what an older key still touches."""
    page: FewBatches = call.query
    version = ending.key_version(call.mid)
    after = cursor.decode(page.cursor, batches_listed(call.mid), "gsi1")
    found, more = looking.batches(call.mid, None, page.limit, after)
    behind = [one for one in found if one.key_version < version and looking.has_key(one, one.key_version)]
    return KeysSeen(version=version, behind=admin_views.records(behind), cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="owner",
    body=Reason,
    answer=KeyRetired,
    idempotent=True,
    name="retire_code_key",
    summary="Retire the key of codes: new batches get a new one",
    description="Batches that there are keep theirs until each is given the new one, or revoked.",
    problems=(problems.KEYS_FULL,),
)
def retire(call: Call[Reason]) -> KeyRetired:
    """Take a new key."""
    return KeyRetired(version=ending.retire_key(call.intent, call.body.note), now=clock.now())


def _named(mid: MerchantId, text: str) -> tuple[str, int]:
    """Batch and serial of a code's letters, also of those that a retired key made. Raises as `counter.place_at`."""
    place = counter.place_at(mid, text)
    return place.bid, place.serial
