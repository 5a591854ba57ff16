"""What an export's due entry does: a part of its file at a time, the file when all parts are there, and its end.

A process may die after any line. A part that S3 has and nobody noted is sent again, the same bytes under the same
number; a begun upload that nobody noted is aborted by the bucket's rule. What is over stays over, and the upload that
was noted is aborted before the file is removed, so that a worker who comes late with what he believes leaves no file.
"""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.core import clock, files, log
from chalicelib.core.files import UploadLost
from chalicelib.core.store import read_one
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import UNSET, Transaction, update_one
from chalicelib.voucher import export_file, export_sheet
from chalicelib.voucher import export_rules as rules
from chalicelib.voucher.export_forms import Form
from chalicelib.voucher.export_states import ExportState, Why
from chalicelib.voucher.exporting import add_finished
from chalicelib.voucher.exports import Export
from chalicelib.voucher.items import Batch, batch_key
from chalicelib.voucher.states import BatchState


@timed(
    Time(
        "a file of codes is agreed to: at once, a part a step",
        "the file is made",
        "its merchant waits for it",
    ),
    Time(
        f"{span(rules.DAY)} after it was asked for and no other key agreed, or it was not made; "
        f"{span(rules.DAY)} after it was ready",
        "its file is removed",
        "past its end no link to it is handed out",
    ),
)
def export_due(leased: Export) -> None:
    """Do the next thing that a leased export is due for (the due handler of `Export`)."""
    batch = read_one(Batch, batch_key(leased.mid, leased.bid))
    if batch is None:
        raise LookupError(f"the batch of an export: {leased.bid}")
    why = rules.why_over(leased, batch, clock.now())
    if why is not None:
        _end(leased, why)
    elif leased.state is ExportState.MAKING:
        _make(leased, batch)
    else:
        update_one(leased, [], when={"leased": Export.gsi2sk == leased.gsi2sk}, due=leased.until)


def _make(leased: Export, batch: Batch) -> None:
    """The next part; after the last one the file."""
    try:
        if leased.upload is None:
            leased.upload = files.begin(leased.file, leased.form.media)
            noted = {"leased": Export.gsi2sk == leased.gsi2sk}
            update_one(leased, [Export.upload.set(leased.upload)], when=noted)
        if leased.done < leased.size:
            _part(leased, batch, leased.upload)
        if leased.done == leased.size:
            files.finish(leased.file, leased.upload, leased.marks)
            _ready(leased)
    except UploadLost:
        _begin_anew(leased)


def _begin_anew(leased: Export) -> None:
    """S3 has lost what there was of the file."""
    log.warning("export_begins_anew", bid=leased.bid, export=leased.number)
    anew: list[Action] = [Export.upload.remove(), Export.done.set(0), Export.marks.set([])]
    update_one(leased, anew, when={"leased": Export.gsi2sk == leased.gsi2sk}, due=clock.now())


def _part(leased: Export, batch: Batch, upload: str) -> None:
    """One more part of the file, noted when S3 has it; only after the last one the lease goes on.

    Sheets are one part, which the drawing function makes. Raises `Unknown` where it gives none: it is asked again.
    """
    if leased.form is Form.PDF:
        content, after = export_sheet.drawn(batch), batch.size
    else:
        content, after = export_file.part(batch, leased.done, bom=leased.bom is not None)
    marks = [*leased.marks, files.part(leased.file, upload, len(leased.marks) + 1, content)]
    noted: list[Action] = [Export.done.set(after), Export.marks.set(marks)]
    due = UNSET if after == leased.size else clock.now()
    update_one(leased, noted, when={"leased": Export.gsi2sk == leased.gsi2sk}, due=due)
    leased.done, leased.marks = after, marks


def _ready(leased: Export) -> None:
    """The file is there, if the batch's codes are still good; the merchant's log has it."""
    now = clock.now()
    there: list[Action] = [
        Export.state.set(ExportState.READY),
        Export.ready_at.set(now),
        Export.until.set(now + rules.DAY),
        Export.upload.remove(),
    ]
    tx = Transaction()
    tx.update("export", leased, there, when={"leased": Export.gsi2sk == leased.gsi2sk}, due=now + rules.DAY)
    same = {"live": Batch.status == BatchState.LIVE, "version": Batch.key_version == leased.key_version}
    tx.check("batch", batch_key(leased.mid, leased.bid), when=same)
    add_finished(tx, leased)
    tx.commit()
    log.info("export_ready", bid=leased.bid, export=leased.number)


def _end(leased: Export, why: Why) -> None:
    """Nothing of its file is left, and nothing is due any more."""
    if leased.upload is not None:
        files.abort(leased.file, leased.upload)
    if leased.state is not ExportState.ASKED:
        files.remove(leased.file)
    over: list[Action] = [Export.state.set(ExportState.GONE), Export.why.set(why), Export.upload.remove()]
    update_one(leased, over, when={"leased": Export.gsi2sk == leased.gsi2sk}, due=None)
    log.info("export_gone", bid=leased.bid, export=leased.number, why=why.value)
