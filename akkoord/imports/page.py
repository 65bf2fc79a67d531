"""What the pages of an import show: finished data, no decisions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from akkoord.imports.besides import Fields, fields_of
from akkoord.imports.forms import DecisionForm, EvidenceForm, UploadForm, WordingForm
from akkoord.imports.judge import StagedRow
from akkoord.imports.known_layouts import LAYOUTS
from akkoord.imports.layouts import EVIDENCE
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.preview import PREVIEWED
from akkoord.imports.provisional import first_rows, progress_of, tables
from akkoord.imports.sentences import (
    address_sentence,
    class_words,
    error_sentence,
    group_sentence,
    proof_words,
    role_words,
    row_sentence,
)
from akkoord.imports.spool import SpoolGone
from akkoord.imports.upload import may_try_again
from akkoord.law.reasons import Reason
from akkoord.law.sensitive import NEVER
from akkoord.register.models import Purpose

_SAMPLES = 3
_BUSY = (Import.State.WAITING, Import.State.RUNNING)


def steps() -> list[str]:
    """The steps of the wizard."""
    return [_("Where from"), _("Columns"), _("Preview"), _("Result")]


def index_page(form: UploadForm, refusal: ImportRefused | None) -> dict[str, Any]:
    """Where the file comes from; and files that came in."""
    return {
        "form": form,
        "steps": steps(),
        "is_bought": refusal is not None and refusal.reason == Reason.BOUGHT,
        "imports": Import.objects.order_by("-started_at")[:50],
    }


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column with its first cells and what it may be."""

    name: str
    field: str  # of the form
    samples: list[str]
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class PartChoice:
    """One table of the file."""

    name: str
    layout: str
    rows: int
    encoding: str
    delimiter: str
    has_header: bool
    saved_at: Any
    columns: list[ColumnChoice]


def column_page(record: Import) -> dict[str, Any]:
    """What the page for the columns shows: per table each column with its first rows."""
    fields = _fields(record)
    samples = _samples(record)
    apart = {name for role in fields.special for name in fields.names[role]}
    return {
        "record": record,
        "parts": [
            _part(number, part, samples.get(number, []), apart)
            for number, part in enumerate(record.parts)
        ],
        "fields": [(role, label or role_words(role)) for role, label in fields.labels.items()],
        "evidence": [(role, role_words(role)) for role in EVIDENCE],
        "is_gone": not samples,
    }


def _fields(record: Import) -> Fields:
    return fields_of(_topic(record), record.source, by_staff=record.by_staff, at=record.started_at)


def _topic(record: Import) -> Purpose | None:
    return Purpose.objects.filter(id__in=[record.topic_id]).first()


def _part(
    number: int, part: Mapping[str, Any], samples: list[list[str]], apart: Collection[str]
) -> PartChoice:
    """`apart`: columns of special categories, of which nothing is shown (INV-32)."""
    role_at = {place: role for role, place in part["roles"].items()}
    notes = {
        each["column"]: ", ".join(class_words(name) for name in each["classes"])
        for each in part["findings"]
    }
    return PartChoice(
        name=part["name"],
        layout=LAYOUTS[part["layout"]].title,
        rows=part["rows"],
        encoding=part["encoding"],
        delimiter={"\t": _("a tab")}.get(part["delimiter"], part["delimiter"]),
        has_header=part["has_header"],
        saved_at=parse_datetime(part["saved_at"]) if part["saved_at"] else None,
        columns=[
            ColumnChoice(
                name=name,
                field=f"c{number}-{place}",
                samples=[row[place] for row in samples if place < len(row)]
                if name.lower() not in apart
                else [],
                role=role_at.get(place, ""),
                note=notes.get(name, ""),
            )
            for place, name in enumerate(part["header"])
        ],
    )


def _samples(record: Import) -> dict[int, list[list[str]]]:
    try:
        return {
            number: [row.cells for row in islice(rows, _SAMPLES) if not row.refused]
            for number, rows in tables(record)
        }
    except SpoolGone:
        return {}


def choices_of(record: Import, data: QueryDict) -> list[dict[str, int]]:
    """What staff chose: per table role -> place. A role that stands twice counts once."""
    known = _fields(record).roles | {*EVIDENCE}
    choices = []
    for number, part in enumerate(record.parts):
        roles: dict[str, int] = {}
        for place in range(len(part["header"])):
            role = data.get(f"c{number}-{place}", "")
            if role in known and role not in roles:
                roles[role] = place
        choices.append(roles)
    return choices


def result_page(record: Import, *, may_decide: bool) -> dict[str, Any]:
    """What would happen or happened with a file."""
    waiting = dict(
        record.pending.values_list("reason").annotate(n=Count("id")).values_list("reason", "n")
    )
    return {
        "record": record,
        "steps": steps(),
        "step": 3 if record.state in (*_BUSY, Import.State.CHECKED) and record.is_dry_run else 4,
        "is_busy": record.state in _BUSY,
        "done": progress_of(record.id) if record.state in _BUSY else 0,
        "error": error_sentence(record.error),
        "may_try_again": may_try_again(record),
        "reasons": [
            {"label": group_sentence(reason), "count": n}
            for reason, n in sorted(record.not_mailable.items(), key=lambda each: -each[1])
        ],
        "refusals": [
            {"row": each.row, "part": each.part, "sentence": row_sentence(each.reason)}
            for each in record.refusals.order_by("part", "row")[:50]
        ],
        # By its own name: in a template `besides.values` would be the method of a dictionary.
        "own_values": record.besides.get("values", 0),
        "addresses_out": [
            address_sentence(why, n) for why, n in record.besides.get("posts_out", {}).items()
        ],
        "formulas": sum(part.get("formulas", 0) for part in record.parts),
        "preview": _preview(record),
        "held": [
            each
            | {"words": [class_words(name) for name in each["classes"]]}
            | {"never": bool(set(each["classes"]) & {str(name) for name in NEVER})}
            for each in record.sensitive
        ],
        "may_decide": may_decide,
        "decision_form": DecisionForm(),
        "waiting": sum(waiting.values()),
        "needs_wording": waiting.get("wording-not-declared", 0),
        "wording_form": WordingForm(),
        "evidence_form": EvidenceForm(),
        "may_undo": record.state == Import.State.DONE,
    }


def _since(row: StagedRow, proof: str) -> datetime | None:
    """Since when what a row shows holds."""
    if proof in ("given", "confirmed"):
        return row.happened_at
    return row.stopped_at if row.stop_state else row.cleaned_at


_BECOMES = {"new": "good", "changed": "needs-you", "same": "plain"}


def _preview(record: Import) -> list[dict[str, Any]]:
    """The first rows, with the address and name as long as the provisional file is there."""
    if record.state != Import.State.CHECKED:
        return []
    rows = first_rows(record, PREVIEWED)
    words = {
        "new": _("new"),
        "changed": _("changes"),
        "same": _("the same"),
        "stays-out": _("stays out"),
        "refused": _("refused"),
    }
    shown = []
    for each in record.preview:
        row = rows.get((each["part"], each["line"]))
        out = each["becomes"] in ("refused", "stays-out")
        shown.append(
            {
                "line": each["line"],
                "part": each["part"],
                "address": row.value if row else "",
                "name": f"{row.given_name} {row.family_name}".strip() if row else "",
                "becomes": words[each["becomes"]],
                "kind": _BECOMES.get(each["becomes"], "not-allowed"),
                "proof": proof_words(each.get("proof", "")),
                "since": _since(row, each.get("proof", "")) if row else None,
                "may": each["may"],
                "why": row_sentence(each["why"]) if out else group_sentence(each["why"]),
                "is_out": out,
            }
        )
    return shown
