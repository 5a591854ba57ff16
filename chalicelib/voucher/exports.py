"""What is stored of an export: who asked, who agreed, how far its file is."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute
from chalicelib.voucher.export_forms import Form
from chalicelib.voucher.export_rules import MOST_EXPORTS
from chalicelib.voucher.export_states import ExportState, Why
from chalicelib.voucher.items import BatchId, batch_key


class Export(Item):
    """All codes of a batch in a file, under its key version; the due entry makes the file, and removes it."""

    letter = "VB"
    prefix = "EXP#"

    state = StateAttribute(ExportState)
    why = StateAttribute(Why, null=True)
    """Why it is gone."""
    key_version = IntAttribute()
    bom = IntAttribute(null=True)
    """1 where the file begins with a mark by which Excel knows its letters."""
    pdf = IntAttribute(null=True)
    """1 where the file is sheets of QR codes."""
    by = UnicodeAttribute()
    """The key that asked, which alone gets the file."""
    by_name = UnicodeAttribute()
    """Whose key that is, as its owner called it."""
    approved_by = UnicodeAttribute(null=True)
    """The key that agreed, where one had to."""
    asked_at = TimeAttribute()
    ready_at = TimeAttribute(null=True)
    until = TimeAttribute()
    """When asking lapses, making is given up, or the file goes; whichever is next."""
    size = IntAttribute()
    """Codes in the whole file."""
    done = IntAttribute()
    """How many of them are in its finished parts: the serial that the next part begins with."""
    upload = UnicodeAttribute(null=True)
    """S3's id of what is being written."""
    marks = StructAttribute[list[str]](list[str])
    """Of the finished parts, by which S3 knows them."""

    @property
    def bid(self) -> BatchId:
        """Whose codes."""
        return BatchId(self.pk.split("#")[1])

    @property
    def number(self) -> str:
        """Which of its batch's exports, in two digits from 01 on."""
        return self.sk.removeprefix(self.prefix)

    @property
    def form(self) -> Form:
        """What its file is."""
        return Form.PDF if self.pdf is not None else Form.CSV

    @property
    def file(self) -> str:
        """What its file is called in the bucket."""
        return f"{self.mid}/{self.bid}/{self.number}.{self.form.value}"

    @property
    def called(self) -> str:
        """What its file is saved as."""
        return f"codes-{self.bid}-{self.number}.{self.form.value}"


def export_key(mid: MerchantId, bid: str, number: str) -> Key:
    """Where an export stands."""
    return Key(batch_key(mid, bid).pk, f"{Export.prefix}{number}")


def exports_of(mid: MerchantId, bid: str) -> list[Export]:
    """All exports of a batch, the first one first."""
    page = query(batch_key(mid, bid).pk, begins=Export.prefix, limit=MOST_EXPORTS)
    return [item for item in page.items if isinstance(item, Export)]
