"""Invitations to families over HTTP, for who makes them and who holds their codes."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.family import detail, invitation_codes, inviting, joining, preview, rules
from chalicelib.family.inviting import LISTED
from chalicelib.family.items import people_index
from chalicelib.family.people_problems import (
    ALREADY_IN_FAMILY,
    CONSENT_NEEDED,
    FAMILY_FULL,
    FAMILY_LOCKED,
    INVITATION_OVER,
    INVITATION_UNKNOWN,
    INVITATIONS_LOCKED,
)
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_FROZEN, FAMILY_UNKNOWN, NOT_OWNER
from chalicelib.family.routes import CapFen
from chalicelib.family.states import Role
from chalicelib.family.views import FamilyView, InvitationPreview, Invitations, InvitationView
from chalicelib.pictures import qr_shown
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.pictures.qr_shown import QrCode, ToDraw

OWNED = (FAMILY_UNKNOWN, NOT_OWNER)
WRONG = (INVITATION_UNKNOWN, INVITATIONS_LOCKED)


class ToInvite(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """As what somebody is invited."""

    role: Literal["adult", "minor"] = "adult"
    per_fen: CapFen = rules.PER
    """What he may spend at once."""
    cap_fen: CapFen = rules.CAP
    """What he may spend in a month."""
    consent: bool = False
    """That I am the guardian of the minor whom I invite, and agree."""


@operation(
    auth=USER,
    body=ToInvite,
    answer=InvitationView,
    status=201,
    idempotent=True,
    name="invite_to_family",
    summary="Invite somebody to my family",
    description="The code is good for one person, once, for 7 days: say it, show it as a QR code, or send `share`.",
    problems=(*OWNED, FAMILY_ENDED, FAMILY_FROZEN, FAMILY_FULL, CONSENT_NEEDED),
)
def invite(call: Call[ToInvite]) -> InvitationView:
    """Make an invitation."""
    asked = call.body
    wish = inviting.Wish(role=Role(asked.role), per=asked.per_fen, cap=asked.cap_fen, consent=asked.consent)
    return preview.for_owner(*inviting.invite(call.intent, call.path["family_id"], wish), call.language)


@operation(
    auth=USER,
    query=Page,
    answer=Invitations,
    name="family_invitations",
    summary="The invitations of my family, the newest first",
    problems=OWNED,
)
def listed(call: Call[None]) -> Invitations:
    """A page of them."""
    page: Page = call.query
    fid = call.path["family_id"]
    after = cursor.decode(page.cursor, people_index(call.mid, fid), "gsi1", LISTED)
    family, found, more = inviting.listed(call.mid, call.uid, fid, page.limit, after)
    shown = [preview.for_owner(family, invitation, call.language) for invitation in found]
    return Invitations(invitations=shown, cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=USER,
    answer=InvitationView,
    idempotent=True,
    name="revoke_family_invitation",
    summary="Revoke an invitation",
    problems=(*OWNED, INVITATION_UNKNOWN, INVITATION_OVER),
)
def revoke(call: Call[None]) -> InvitationView:
    """Its code is good for nobody any more."""
    revoked = inviting.revoke(call.intent, call.path["family_id"], call.path["code"])
    return preview.for_owner(*revoked, call.language)


@operation(
    auth=USER,
    body=ToDraw,
    answer=QrCode,
    name="family_invitation_qr",
    summary="An invitation as a QR code",
    description="It says the code: give what was scanned to `GET /v1/family-invitations/{code}`.",
    problems=(*OWNED, INVITATION_UNKNOWN, PICTURES_BUSY),
)
def qr(call: Call[ToDraw]) -> QrCode:
    """Draw the code."""
    invitation = inviting.own(call.mid, call.uid, call.path["family_id"], call.path["code"])
    return qr_shown.drawn(invitation_codes.shown(invitation.code), call.body.form)


@operation(
    auth=USER,
    answer=InvitationPreview,
    name="preview_family_invitation",
    summary="What I am invited to: whose family, as what, and how caps and waiting work",
    description="Nothing is used up by looking. Every wrong code is answered alike; five in five minutes, or twenty on"
    " a day, lock me out for a while.",
    problems=WRONG,
)
def look(call: Call[None]) -> InvitationPreview:
    """Look at an invitation."""
    return preview.for_holder(joining.look(call.mid, call.uid, call.path["code"]), call.language)


@operation(
    auth=USER,
    answer=FamilyView,
    status=201,
    idempotent=True,
    name="accept_family_invitation",
    summary="Join the family that I am invited to",
    description="I spend 24 hours later (`spends_from`).",
    problems=(
        *WRONG,
        INVITATION_OVER,
        ALREADY_IN_FAMILY,
        FAMILY_LOCKED,
        FAMILY_ENDED,
        FAMILY_FULL,
        FAMILY_UNKNOWN,
    ),
)
def accept(call: Call[None]) -> FamilyView:
    """Join it."""
    fid = joining.accept(call.intent, call.path["code"])
    return detail.show(call.mid, call.uid, fid, call.language)


@operation(
    auth=USER,
    answer=InvitationPreview,
    idempotent=True,
    name="decline_family_invitation",
    summary="Decline an invitation",
    description="Its code is good for nobody any more.",
    problems=(*WRONG, INVITATION_OVER),
)
def decline(call: Call[None]) -> InvitationPreview:
    """Decline it."""
    joining.decline(call.intent, call.path["code"])
    return preview.for_holder(joining.look(call.mid, call.uid, call.path["code"]), call.language)
