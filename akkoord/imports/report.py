"""What a file brought: counts, refusals, what was found and left out; no personal data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from akkoord.imports.judge import Refusal
from akkoord.imports.models import Import, RefusedRow
from akkoord.imports.refused import Refusals
from akkoord.imports.screening import Finding
from akkoord.trail.actions import Actor, record_change

MAX_REFUSALS = 100_000


@dataclass(slots=True)
class Report:
    """What a file brought; the JSON answer of `akkoord import`."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differing: int = 0  # known people with another name in the file
    overwritten: int = 0
    may_be_mailed: int = 0
    not_mailable: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    undeliverable: int = 0
    stayed_out: int = 0
    refused: Refusals = field(default_factory=Refusals)
    dropped_columns: list[str] = field(default_factory=list)
    values: int = 0  # cells of own fields that were kept
    values_left: int = 0  # rows of which they were not: nothing shows a yes
    special: int = 0  # sealed cells that were kept on an exception (INV-32)
    special_left: int = 0  # and that were not: what it asks does not hold for the person
    posts: int = 0  # postal addresses that were kept
    posts_out: dict[str, int] = field(default_factory=dict)  # and that were not, by why
    sensitive: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)  # how each table was read
    ignored: list[str] = field(default_factory=list)  # members of a ZIP that are no table
    preview: list[dict[str, Any]] = field(default_factory=list)  # the first rows, by line

    def as_json(self) -> dict[str, Any]:
        """The answer as design.md gives it; what is more stands behind it."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "may_be_mailed": self.may_be_mailed,
            "not_mailable": self.not_mailable,
            "withdrawn": self.withdrawn,
            "undeliverable": self.undeliverable,
            "stayed_out": self.stayed_out,
            "refused": [_refused(each) for each in islice(self.refused, MAX_REFUSALS)],
            "refused_rows": len(self.refused),
            "dropped_columns": self.dropped_columns,
            "differing": self.differing,
            "overwritten": self.overwritten,
            "own_fields": {"kept": self.values, "left_out_rows": self.values_left},
            "special_fields": {"kept": self.special, "left_out": self.special_left},
            "addresses": self.posts,
            "addresses_left_out": self.posts_out,
            "sensitive": self.sensitive,
            "parts": self.parts,
            "ignored": self.ignored,
        }

    def of_besides(self) -> dict[str, Any]:
        """What the file brought besides names and proof; kept on the record."""
        found = {
            "values": self.values,
            "values_left": self.values_left,
            "special": self.special,
            "special_left": self.special_left,
            "posts": self.posts,
            "posts_out": self.posts_out,
        }
        return {key: each for key, each in found.items() if each}

    def note_dropped(self, names: Iterable[str]) -> None:
        """Columns that stay out, each name once."""
        self.dropped_columns += [each for each in names if each not in self.dropped_columns]

    def note_findings(self, findings: Iterable[Finding]) -> None:
        """Columns with sensitive data."""
        self.sensitive += [each.as_json() for each in findings]


def _refused(refusal: Refusal) -> dict[str, Any]:
    answer = {"row": refusal.line, "reason": str(refusal.reason)}
    return answer | {"file": refusal.part} if refusal.part else answer


_KEPT = (
    *("rows", "created", "updated", "unchanged", "differing", "overwritten", "may_be_mailed"),
    *("not_mailable", "withdrawn", "undeliverable", "stayed_out", "dropped_columns", "preview"),
)


def record_report(record: Import, report: Report, *, at: datetime, actor: Actor) -> None:
    """Write what became of a file beside its provenance, with the refused lines and the trail."""
    for name in _KEPT:
        setattr(record, name, getattr(report, name))
    record.besides = report.of_besides()
    record.sensitive, record.parts = report.sensitive, report.parts
    record.ignored = report.ignored
    record.refused = len(report.refused) - report.stayed_out
    record.state = Import.State.CHECKED if record.is_dry_run else Import.State.DONE
    record.ended_at = at
    record.save()
    record.refusals.all().delete()
    rows = (
        RefusedRow(
            import_file=record,
            row=each.line,
            reason=each.reason,
            column=each.column,
            part=each.part,
        )
        for each in islice(report.refused, MAX_REFUSALS)
    )
    while some := list(islice(rows, 1_000)):  # bulk_create would make a list of all of them
        RefusedRow.objects.bulk_create(some)
    record_change(
        actor=actor,
        action="import.look-through" if record.is_dry_run else "import.bring-in",
        object_kind="import",
        object_id=record.id,
        at=at,
    )
