"""The one report of a list: numbers, days and closed words, signed as a certificate (Ed25519)."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role, Staff
from akkoord.datamap.keys import certificate_holds, certificate_public_key, certificate_sign
from akkoord.register.queries import organisation
from akkoord.rights.certificate import canonical
from akkoord.rights.list_models import ErasureList
from akkoord.rights.models import ErasureRun
from akkoord.rights.words import ground_word, store_word
from akkoord.web.documents import typeset

FORMAT = "akkoord-list-report-1"
_SOURCE = Path(__file__).with_name("print") / "proof.typ"
_ACCENT = "#125c3c"


def sign_report(found: ErasureList, *, at: datetime) -> None:
    """Write and sign the report of a list whose erasure is proven, in the caller's transaction."""
    run = ErasureRun.objects.get(id=found.erasure_id)
    found.state = ErasureList.State.STOPPED if found.stopped_at else ErasureList.State.DONE
    found.ended_at = at
    found.report = _document(found, run)
    found.signature = certificate_sign(canonical(found.report))
    found.save(update_fields=["state", "ended_at", "report", "signature"])


def _document(found: ErasureList, run: ErasureRun) -> dict[str, Any]:
    """The content: nobody's data, of staff only their role."""
    house = organisation()
    certificate = run.certificate or {}
    return {
        "format": FORMAT,
        "reference": found.reference,
        "organisation": house.name if house else "",
        "ground": found.ground,
        "made": _moment(found.made_at),
        "made_by": _role(found.made_by),
        "asked": _moment(found.asked_at),
        "approved": _moment(found.decided_at),
        "approved_by": _role(found.approved_by),
        "stopped": _moment(found.stopped_at),
        "ended": _moment(found.ended_at),
        "lines": found.lines,
        "not_found": found.not_found,
        "several": found.several,
        "doubles": found.doubles,
        "found": found.found,
        "left_out": {"held": found.held, "frozen": found.frozen, "waiting": found.waiting},
        "forgotten": run.people,
        "stayed": max(found.goes - run.people, 0),
        "certificate": run.reference,
        "erased": certificate.get("erased", {}),
        "kept": certificate.get("kept", []),
        "scan": certificate.get("scan", {}),
    }


def _role(staff_id: Any) -> str:
    staff = Staff.objects.filter(id=staff_id).only("role").first()
    return str(staff.role) if staff else ""


def report_file(found: ErasureList) -> dict[str, Any]:
    """The report to download: content, signature, and the key to check it with."""
    return {
        "report": found.report,
        "signature": base64.b64encode(bytes(found.signature or b"")).decode(),
        "public_key": base64.b64encode(certificate_public_key()).decode(),
        "how": "Ed25519 over the report as JSON: keys sorted, no spaces, UTF-8.",
    }


def is_genuine(found: ErasureList) -> bool:
    """Whether our key signed what stands here."""
    return (
        found.report is not None
        and found.signature is not None
        and certificate_holds(canonical(found.report), bytes(found.signature))
    )


def report_pdf(found: ErasureList, *, language: str) -> bytes:
    """The report on paper, in the reader's language."""
    house = organisation()
    with translation.override(language):
        report: Mapping[str, Any] = found.report or {}
        return typeset(
            _SOURCE,
            {
                "language": language,
                "title": _("Report of a list"),
                "controller": report.get("organisation", ""),
                "accent": (house.accent if house else "") or _ACCENT,
                "made": date_format(timezone.localtime(found.ended_at), "j F Y, H:i"),
                "page": _("Page"),
                "facts": report_facts(found),
                "gone_title": _("What is gone"),
                "gone": [
                    [store_word(store), str(rows)]
                    for store, rows in sorted(report.get("erased", {}).items())
                ],
                "kept_title": _("What stays, and why"),
                "kept": [
                    [store_word(each["store"]), ground_word(each["ground"])]
                    for each in report.get("kept", [])
                ],
                "signed_title": _("Signed (Ed25519)"),
                "signature": base64.b64encode(bytes(found.signature or b"")).decode(),
            },
        )


def report_facts(found: ErasureList) -> list[tuple[str, str]]:
    """The report as words and numbers, for page and paper."""
    report: Mapping[str, Any] = found.report or {}
    scan, out = report.get("scan", {}), report.get("left_out", {})
    rows = [
        (_("Reference"), report.get("reference")),
        (_("Why"), found.get_ground_display()),
        (_("Asked"), _by(found.asked_at, report.get("made_by", ""))),
        (_("Approved"), _by(found.decided_at, report.get("approved_by", ""))),
        (_("Stopped"), _day(found.stopped_at)),
        (_("Lines on the list"), report.get("lines")),
        (_("Nobody found"), report.get("not_found")),
        (_("More than one person could be meant"), report.get("several")),
        (_("Stood on it twice"), report.get("doubles")),
        (_("Held for a legal claim"), out.get("held")),
        (_("Frozen"), out.get("frozen")),
        (_("Waits for the answer to a request"), out.get("waiting")),
        (_("Not reached, or stayed for another reason"), report.get("stayed")),
        (_("Forgotten"), report.get("forgotten")),
        (_("Certificate"), report.get("certificate")),
        (
            _("Looked for everywhere"),
            _("%(tables)s tables, %(columns)s columns, %(files)s files. Nothing was found.")
            % {name: scan.get(name, 0) for name in ("tables", "columns", "files")},
        ),
    ]
    return [(label, str(value)) for label, value in rows if value not in (None, "", 0)]


def _by(at: datetime | None, role: str) -> str:
    word = dict(Role.choices).get(role, "")
    return f"{_day(at)}, {word}" if word else _day(at)


def _day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j b Y, H:i") if at else ""


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
