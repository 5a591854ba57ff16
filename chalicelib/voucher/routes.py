"""Codes and words over HTTP, for whoever types one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core.errors import RippleError
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.family.problems import FAMILY_ENDED
from chalicelib.family.topup_problems import CODE_NEEDS_FAMILY, WALLET_FULL
from chalicelib.pictures import qr_shown
from chalicelib.pictures.errands import QrForm
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.pictures.qr_shown import QrCode, ToDraw
from chalicelib.rewards.problems import CASH_NOT_FOR_MINORS, NEW_CLAIMERS_ONLY
from chalicelib.sharing.sightings import seen_from
from chalicelib.voucher import counter, problems, service, texts, views, word_problems, word_views, words
from chalicelib.voucher.counter import Pass
from chalicelib.voucher.views import CodePreview, CodeRedeemed

CodeText = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody typed: a code, however it is written, or a word that everybody may type."""

    code: CodeText


class CodeToDraw(msgspec.Struct, forbid_unknown_fields=True):
    """A code that is wanted as a QR code."""

    code: CodeText
    form: QrForm = "png"


class PassQr(QrCode, kw_only=True):
    """A pass as a QR code."""

    until: datetime
    """It is good before this."""
    now: datetime


@operation(
    auth=USER,
    body=Typed,
    answer=CodePreview,
    name="preview_code",
    summary="What a code or a word would bring, and why it cannot be redeemed now",
    description="Nothing is used up by asking, but a wrong code counts as a guess: five in five minutes lock their "
    "user out.",
    problems=(problems.CODE_MISTYPED, problems.CODE_INVALID, problems.CODE_LOCKED),
)
def preview(call: Call[Typed]) -> CodePreview:
    """Look at a code, or at a word."""
    if (word := words.read_as_word(call.body.code)) is not None:
        return word_views.preview(words.preview(call.mid, call.uid, word), call.language)
    seen = seen_from(call.client_ip, call.headers)
    return views.preview(service.preview(call.mid, call.uid, call.body.code, seen), call.language)


@operation(
    auth=USER,
    body=Typed,
    answer=CodeRedeemed,
    status=201,
    idempotent=True,
    name="redeem_code",
    summary="Redeem a code or a word",
    description="What it brings is there when this is answered. A code for goods is redeemed by an order instead.",
    problems=(
        problems.CODE_MISTYPED,
        problems.CODE_INVALID,
        problems.CODE_LOCKED,
        problems.CODE_NOT_YET,
        problems.CODE_ALREADY_YOURS,
        problems.CODE_ORDERED,
        problems.CODE_LIMIT,
        problems.CODE_NEEDS_ORDER,
        problems.CODE_AT_COUNTER,
        CODE_NEEDS_FAMILY,
        FAMILY_ENDED,
        WALLET_FULL,
        word_problems.WORD_GONE,
        word_problems.WORD_LIMIT,
        word_problems.WORD_LIMIT_TODAY,
        word_problems.WORD_REFUSED,
        NEW_CLAIMERS_ONLY,
        CASH_NOT_FOR_MINORS,
        NOT_RUNNING,
    ),
)
def redeem(call: Call[Typed]) -> CodeRedeemed:
    """Redeem a code, or a word."""
    if (word := words.read_as_word(call.body.code)) is not None:
        return word_views.redeemed(words.redeem(call.intent, word), call.language)
    seen = service.redeem(call.intent, call.body.code, seen_from(call.client_ip, call.headers))
    return views.redeemed(seen, call.language)


@operation(
    auth=USER,
    answer=Pass,
    name="my_pass",
    summary="My pass, for the staff to scan",
    description="Draw it as a QR code. It is good for two minutes: ask for a new one before it ends.",
)
def my_pass(call: Call[None]) -> Pass:
    """What tells the staff whose account it is."""
    return counter.pass_of(call.mid, call.uid)


@operation(
    auth=USER,
    query=ToDraw,
    answer=PassQr,
    name="my_pass_qr",
    summary="My pass as a QR code, for the staff to scan",
    description="It is good for two minutes, as the pass is: ask for a new one before it ends.",
    problems=(PICTURES_BUSY,),
)
def my_pass_qr(call: Call[None]) -> PassQr:
    """Draw a new pass."""
    wanted: ToDraw = call.query
    made = counter.pass_of(call.mid, call.uid)
    code = qr_shown.drawn(made.qr, wanted.form)
    return PassQr(**msgspec.structs.asdict(code), until=made.until, now=made.now)


@operation(
    auth=USER,
    body=CodeToDraw,
    answer=QrCode,
    name="code_qr",
    summary="A code as a QR code",
    description="It says the letters in groups. Whether the code is good is not asked, and no guess is counted.",
    problems=(problems.CODE_MISTYPED, PICTURES_BUSY),
)
def code_qr(call: Call[CodeToDraw]) -> QrCode:
    """Draw a code's letters."""
    written = texts.read(call.body.code)
    if written is None:
        raise RippleError(problems.CODE_MISTYPED, "/code")
    return qr_shown.drawn(written, call.body.form)
