"""What of exports must not be wrong and is no condition: who gets a file, what stands in it, when it goes."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

RULES, ASKING, TIMERS, FILE, FORMS, SHEET, FILES = (
    *(f"chalicelib/voucher/{name}.py" for name in ("export_rules", "exporting", "export_timers", "export_file")),
    *(f"chalicelib/voucher/{name}.py" for name in ("export_forms", "export_sheet")),
    "chalicelib/core/files.py",
)

EXPORTED: tuple[Mutant, ...] = (
    sabotage(RULES, "whoever asked may agree", "    if key == export.by or person(name)", "    if person(name)"),
    sabotage(RULES, "one person with two keys is two", "key == export.by or person(name) == person(export.by_name)", "key == export.by"),
    sabotage(RULES, "anybody gets the file", "    if key != export.by:\n", "    if False:\n"),
    sabotage(RULES, "the right is never used up", "return not any(", "return not all("),
    sabotage(RULES, "a new key is no new right", "one.ready_at is not None and one.key_version == batch.key_version", "one.ready_at is not None"),
    sabotage(RULES, "a file that never was there used the right", "one.ready_at is not None and one.key_version", "one.key_version"),
    sabotage(RULES, "two are made at a time", "        if one.state is ExportState.MAKING or (", "        if ("),
    sabotage(RULES, "what has lapsed is in the way", "(one.state is ExportState.ASKED and now < one.until)", "one.state is ExportState.ASKED"),
    sabotage(RULES, "codes of an ended batch are exported", "    if batch.status is not BatchState.LIVE:\n        raise", "    if False:\n        raise"),
    sabotage(RULES, "an ended batch's file is made and handed out", "    if batch.status is not BatchState.LIVE:\n        return", "    if False:\n        return"),
    sabotage(RULES, "codes under an old key are handed out", "    if batch.key_version != export.key_version:\n", "    if False:\n"),
    sabotage(RULES, "a file stays for ever", "if now >= export.until else None", "if False else None"),
    sabotage(ASKING, "a link outlives its file", "min(now + rules.LINK, export.until)", "now + rules.LINK"),
    sabotage(ASKING, "the same request gets a longer link", 'clock.parse(before["until"])', "now + rules.LINK"),
    sabotage(ASKING, "nobody wrote down who got a link", 'audit.add(tx, mid, intent.actor, "export.link", _subject(export), until=clock.iso(until))', "pass"),
    sabotage(TIMERS, "an upload of what is over stays", "        files.abort(leased.file, leased.upload)\n", "        pass\n"),
    sabotage(TIMERS, "a file of what is over stays", "        files.remove(leased.file)\n", "        pass\n"),
    sabotage(TIMERS, "a lost upload is never begun anew", "    except UploadLost:\n", "    except ZeroDivisionError:\n"),
    sabotage(TIMERS, "a lost upload goes on where it was", "Export.done.set(0), Export.marks.set([])", "Export.marks.set([])"),
    sabotage(TIMERS, "the mark is forgotten", "bom=leased.bom is not None", "bom=False"),
    sabotage(FILE, "a code is left out between parts", "            after = serial + 1\n", "            after = serial + 2\n"),
    sabotage(FILE, "a code is written twice between parts", "            after = serial + 1\n", "            after = serial\n"),
    sabotage(FILE, "a stored code that was drawn again is another", "again.get(n, 0)", "0"),
    sabotage(FILE, "every part has a head", " if first == 0 else b\"\"", ""),
    sabotage(RULES, "sheets have no limit", "form is Form.PDF and batch.size > MOST_ON_SHEETS", "False"),
    sabotage(RULES, "a CSV has the limit of sheets", "form is Form.PDF and batch.size", "batch.size"),
    sabotage(ASKING, "whatever is asked for is a CSV", "pdf=1 if form is Form.PDF else None", "pdf=None"),
    sabotage(ASKING, "nobody wrote down in which form", '"state": export.state.value, "form": form.value', '"state": export.state.value'),
    sabotage(TIMERS, "sheets are made as a CSV", "    if leased.form is Form.PDF:\n", "    if False:\n"),
    sabotage(TIMERS, "sheets are never finished", "export_sheet.drawn(batch), batch.size", "export_sheet.drawn(batch), batch.size - 1"),
    sabotage(FORMS, "sheets are fetched as text", '"application/pdf" if self is Form.PDF else ', ""),
    sabotage(SHEET, "a code is left out of the sheets", "range(batch.size)", "range(1, batch.size)"),
    sabotage(SHEET, "a QR code says another code than stands below it", "Label(text=code, below=code)", "Label(text=code[:-1], below=code)"),
    sabotage(FILES, "a spoiled part is taken", '"Body": content, "ContentMD5": digest}', '"Body": content}'),
    sabotage(FILES, "S3's slowness is an error of ours", "        if status >= 500:\n", "        if False:\n"),
)  # fmt: skip

PROMISED: dict[str, Mutant] = {
    "exports_are_looked_after": sabotage(TIMERS, "a file is due at no time", "when={\"leased\": Export.gsi2sk == leased.gsi2sk}, due=now + rules.DAY)", "when={\"leased\": Export.gsi2sk == leased.gsi2sk}, due=None)"),
    "further_exports_take_two": sabotage(ASKING, "who agrees is not written down", "Export.approved_by.set(intent.actor),", "Export.approved_by.set(export.by),"),
    "exports_are_made_in_parts": sabotage(TIMERS, "a part is not counted", "noted: list[Action] = [Export.done.set(after), Export.marks.set(marks)]", "noted: list[Action] = [Export.marks.set(marks)]"),
    "exports_are_in_the_log": sabotage(TIMERS, "nobody wrote down that a file is there", "    add_finished(tx, leased)\n", "    pass\n"),
    "exports_end": sabotage(TIMERS, "what is over stays as it is", "[Export.state.set(ExportState.GONE), Export.why.set(why), Export.upload.remove()]", "[Export.why.set(why), Export.upload.remove()]"),
}  # fmt: skip
