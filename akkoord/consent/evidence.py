"""What staff have to show of a yes, as it goes into the event (art. 7(1) GDPR)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from akkoord.consent.evidence_files import keep_file
from akkoord.consent.models import EvidenceFile
from akkoord.law.evidence_rules import Evidence
from akkoord.trail.actions import Actor


@dataclass(frozen=True, slots=True)
class Proof:
    """What there is to show of a yes; which of it is needed, `law.evidence_rules` says.

    `scan` is an upload that is not kept yet, `file` one that is, with the `row` of a list.
    `where` is where typed words stood: staff's own note, so it goes with the person.
    `tablet` is the staff member who set the tablet ready at which the person ticked.
    """

    scan: bytes | None = None
    file: EvidenceFile | None = None
    row: int | None = None
    tablet: UUID | None = None
    caller: str = ""
    script: str = ""
    recording: str = ""
    receipt: str = ""
    where: str = ""
    offers_objection: bool = False
    shows_number: bool = False

    def as_claim(self) -> Evidence:
        """In the words of the law's rule."""
        return Evidence(
            has_file=bool(self.scan) or self.file is not None,
            is_own_act=self.tablet is not None,
            caller=self.caller,
            script=self.script,
            recording=self.recording,
            receipt=self.receipt,
            offers_objection=self.offers_objection,
            shows_number=self.shows_number,
        )

    def kept(self, *, person_id: UUID, actor: Actor, at: datetime) -> "Proof":
        """The same, with its scan sealed and kept (in the caller's transaction)."""
        if not self.scan:
            return self
        file = keep_file(self.scan, person_id=person_id, actor=actor, at=at)
        return replace(self, scan=None, file=file)

    def as_json(self) -> dict[str, Any]:
        """What the event keeps; only what there is."""
        found: dict[str, Any] = {
            "file": str(self.file.id) if self.file else "",
            "file_sha256": self.file.sha256 if self.file else "",
            "row": self.row,
            "tablet": str(self.tablet) if self.tablet else "",
            "caller": self.caller.strip(),
            "script": self.script.strip(),
            "recording": self.recording.strip(),
            "receipt": self.receipt.strip(),
            "where": self.where.strip(),
            "objection_offered": self.offers_objection,
            "number_shown": self.shows_number,
        }
        return {name: value for name, value in found.items() if value}
