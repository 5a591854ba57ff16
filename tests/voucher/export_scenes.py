"""The situations of an export in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.core import clock, files
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import update_one
from chalicelib.voucher.exports import Export, export_key
from infra.local.client import Api
from tests.proof.acts import falls_due
from tests.proof.stage import Act, Scene
from tests.town import Town
from tests.voucher import shop
from tests.voucher.files import approves, asks, colleague, drawable, exported, links, stored

DAY = 24 * 3600


def asking(api: Api, bid: str, who: str) -> Act:
    return lambda: asks(api, bid, key=f"one-key-of-{who}-to-ask")


def agreeing(api: Api, bid: str, who: str) -> Act:
    return lambda: approves(api, bid, "02", key=f"one-key-of-{who}-to-agree")


def linking(api: Api, bid: str, export: str = "01") -> Act:
    return lambda: links(api, bid, export, key=f"one-key-for-a-link-to-{export}")


def revoking(town: Town, bid: str) -> Act:
    path = f"/v1/admin/batches/{bid}/revoke"
    return lambda: town.admin.call("POST", path, {"note": "印错了"}, key="one-key-to-revoke-it")


def export_due(town: Town, bid: str, export: str = "01") -> Act:
    return falls_due(town, export_key(MerchantId(town.merchant.mid), bid, export))


def first(town: Town) -> Mapping[str, Act]:
    """Two people want the first export of a batch, which somebody else revokes."""
    bid, fang = shop.batch(town, size=20), colleague(town)
    return {
        "the owner asks": asking(town.admin, bid, "owner"),
        "fang asks": asking(fang, bid, "fang"),
        "the batch is revoked": revoking(town, bid),
    }


def making(town: Town) -> Mapping[str, Act]:
    """A file is being made, one part of it is there; somebody else asks, and the batch is revoked."""
    bid, fang = shop.batch(town, size=40), colleague(town)
    asks(town.admin, bid).expect(201)
    town.minute()
    clock.advance(60)
    return {
        "the export falls due": export_due(town, bid),
        "fang asks": asking(fang, bid, "fang"),
        "the owner wants a link": linking(town.admin, bid),
        "the batch is revoked": revoking(town, bid),
    }


def lost(town: Town) -> Mapping[str, Act]:
    """S3 has lost what there was of a file: it is begun anew."""
    bid = shop.batch(town, size=40)
    asks(town.admin, bid).expect(201)
    upload = files.begin(stored(town, bid).file, "text/csv")
    update_one(stored(town, bid), [Export.upload.set(upload)], when={})
    files.abort(stored(town, bid).file, upload)
    return {"the export falls due": export_due(town, bid)}


def made(town: Town) -> Mapping[str, Act]:
    """A file that has one part and was not begun; the batch is revoked."""
    bid = shop.batch(town, size=10)
    asks(town.admin, bid).expect(201)
    return {
        "the export falls due": export_due(town, bid),
        "the owner wants a link": linking(town.admin, bid),
        "the batch is revoked": revoking(town, bid),
    }


def sheets(town: Town) -> Mapping[str, Act]:
    """Sheets were asked for; the batch is revoked, and somebody else asks."""
    drawable(town)
    bid, fang = shop.batch(town, size=3), colleague(town)
    asks(town.admin, bid, form="pdf").expect(201)
    return {
        "the export falls due": export_due(town, bid),
        "the owner wants a link": linking(town.admin, bid),
        "fang asks": asking(fang, bid, "fang"),
        "the batch is revoked": revoking(town, bid),
    }


def sheets_lost(town: Town) -> Mapping[str, Act]:
    """S3 has lost the upload of sheets."""
    drawable(town)
    bid = shop.batch(town, size=3)
    asks(town.admin, bid, form="pdf").expect(201)
    upload = files.begin(stored(town, bid).file, "application/pdf")
    update_one(stored(town, bid), [Export.upload.set(upload)], when={})
    files.abort(stored(town, bid).file, upload)
    return {"the export falls due": export_due(town, bid)}


def ended(town: Town) -> Mapping[str, Act]:
    """A file is being made of a batch that was revoked meanwhile."""
    bid = shop.batch(town, size=40)
    asks(town.admin, bid).expect(201)
    town.minute()
    revoking(town, bid)().expect(200)
    clock.advance(60)
    return {"the export falls due": export_due(town, bid), "the owner wants a link": linking(town.admin, bid)}


def agreed(town: Town) -> Mapping[str, Act]:
    """A further export is asked for, in the last instant in which two others may agree."""
    bid, fang, ming = shop.batch(town, size=20), colleague(town), colleague(town, "李明")
    exported(town, bid)
    asks(town.admin, bid).expect(201)
    clock.advance(DAY - 1)
    return {
        "fang agrees": agreeing(fang, bid, "fang"),
        "ming agrees": agreeing(ming, bid, "ming"),
        "the export falls due": export_due(town, bid, "02"),
        "the batch is revoked": revoking(town, bid),
    }


def fetched(town: Town) -> Mapping[str, Act]:
    """A file is there, and its day is over in an instant."""
    bid, fang = shop.batch(town, size=20), colleague(town)
    exported(town, bid)
    clock.advance(DAY - 1)
    over = export_due(town, bid)

    def a_day_is_over() -> None:
        clock.advance(1)
        over()

    return {
        "the owner wants a link": linking(town.admin, bid),
        "the export falls due": a_day_is_over,
        "fang asks": asking(fang, bid, "fang"),
        "the batch is revoked": revoking(town, bid),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(first, making, lost, made, sheets, sheets_lost, ended, agreed, fetched),
)
SCENES = [Scene(f"export_{build.__name__}", build) for build in BUILDS]
