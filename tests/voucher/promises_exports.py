"""What holds of exports: one is made at a time, a further one by two people, all in the log, none for ever."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.merchants.items import Audit
from chalicelib.voucher.export_states import ExportState
from chalicelib.voucher.exports import Export
from tests.breaking import Break, change, drop, nothing
from tests.invariants import Books, invariant, settled
from tests.town import Town
from tests.voucher import shop
from tests.voucher.files import approves, asks, colleague, exported, links, made


@invariant("An export that is not gone has a time at which somebody will look after it, and no other has.")
def exports_are_looked_after(books: Books) -> Iterator[str]:
    for export in books.of(Export):
        if (export.state is ExportState.GONE) == (export.due is not None):
            yield f"{export.file} is {export.state.value}, due {export.due}"


@invariant("Of a batch and key version one file at most needed nobody's consent; who consents is not who asked.")
def further_exports_take_two(books: Books) -> Iterator[str]:
    alone = Counter[tuple[str, int]]()
    for export in books.of(Export):
        if export.approved_by == export.by:
            yield f"{export.file} was approved by the key that asked"
        if export.ready_at is not None and export.approved_by is None:
            alone[export.pk, export.key_version] += 1
    for (batch, version), files in alone.items():
        if files > 1:
            yield f"{files} files of {batch} under version {version}"


@invariant("One file of a batch is being made at most, in parts that S3 has marked, and one that is ready is whole.")
def exports_are_made_in_parts(books: Books) -> Iterator[str]:
    making = Counter[str]()
    for export in books.of(Export):
        making[export.pk] += export.state is ExportState.MAKING
        unknown = export.state is ExportState.MAKING and export.upload is None
        if bool(export.marks) != (export.done > 0) or (export.marks and unknown):
            yield f"{export.file}: {export.done} codes in {len(export.marks)} parts"
        if export.ready_at is not None and export.done != export.size:
            yield f"{export.file}: {export.done} of {export.size}"
    yield from (f"{files} files of {batch}" for batch, files in making.items() if files > 1)


@invariant("Whatever was asked for, agreed to or made of exports stands in the merchant's log, once.")
def exports_are_in_the_log(books: Books) -> Iterator[str]:
    noted = defaultdict[tuple[str, str, str], list[str]](list)
    for entry in books.of(Audit):
        noted[entry.mid, entry.action, entry.subject].append(entry.actor)
    for export in books.of(Export):
        subject = f"{export.bid}/{export.number}"
        told = {
            "export.ask": [export.by],
            "export.approve": [export.approved_by] if export.approved_by is not None else [],
            "export.finish": ["system"] if export.ready_at is not None else [],
        }
        for action, actors in told.items():
            if noted[export.mid, action, subject] != actors:
                yield f"{action} {subject}: {noted[export.mid, action, subject]}"


@settled("No export is for ever: each is gone after its day.")
def exports_end(books: Books) -> Iterator[str]:
    for export in books.of(Export):
        if export.state is not ExportState.GONE:
            yield export.file


def situation(town: Town) -> None:
    """Exports in every state: gone, there and fetched, agreed to, asked for, being made."""
    fang = colleague(town, "who agrees to exports")
    old = shop.batch(town, size=10)
    asks(town.admin, old).expect(201)
    town.admin.post(f"/v1/admin/batches/{old}/revoke", {"note": "printed wrong"})
    assert made(town, old)["state"] == "gone"
    bid = shop.batch(town, size=10)
    links(town.admin, bid, exported(town, bid)).expect(200)
    asks(fang, bid).expect(201)
    approves(town.admin, bid, "02").expect(200)
    made(town, bid, "02")
    asks(town.admin, bid).expect(201)
    asks(town.admin, shop.batch(town, size=10)).expect(201)
    clock.advance(1)


BREAKS: dict[str, Break] = {
    "exports_are_looked_after": change(Export, {"gsi2pk": None, "gsi2sk": None}, state=ExportState.READY),
    "further_exports_take_two": change(Export, {"approved_by": None}, state=ExportState.READY, number="02"),
    "exports_are_made_in_parts": change(Export, {"done": 7}, state=ExportState.READY),
    "exports_are_in_the_log": drop(Audit),
    "exports_end": nothing,
}
