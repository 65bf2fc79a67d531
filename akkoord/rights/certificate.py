"""The certificate of an erasure: counts and dates, nobody's data, signed (Ed25519).

It is issued when the check found nothing, and once more when the last bytes have left the disk:
both days stand on it.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from akkoord.datamap.keys import certificate_holds, certificate_public_key, certificate_sign
from akkoord.law.erasure_rules import KEEP_GROUNDS, KeepGround, kept_until
from akkoord.register.queries import organisation
from akkoord.rights.models import ErasureItem, ErasureRun
from akkoord.trail.ledger import sources

FORMAT = "akkoord-erasure-certificate-1"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """What stays in one store, why, and until when (None: no fixed day)."""

    store: str
    ground: str
    until: date | None

    @property
    def article(self) -> str:
        """The article that the ground rests on; empty for what is no ground of erasure law."""
        try:
            return KEEP_GROUNDS[KeepGround(self.ground)].article
        except ValueError:
            return ""

    @property
    def end(self) -> str:
        """What ends it, where it has no fixed day; a word of `law.erasure_rules.KeepEnd`."""
        if self.until is not None:
            return ""
        try:
            return str(KEEP_GROUNDS[KeepGround(self.ground)].end or "")
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The outcome of an erasure. Without `document` there is no certificate: see `findings`."""

    run: ErasureRun
    erased: dict[str, int]
    kept: tuple[KeptLine, ...]

    @property
    def document(self) -> dict[str, Any] | None:
        """The signed content."""
        found: dict[str, Any] | None = self.run.certificate
        return found

    @property
    def is_genuine(self) -> bool:
        """Whether our key signed what stands here."""
        return (
            self.run.certificate is not None
            and self.run.signature is not None
            and certificate_holds(canonical(self.run.certificate), bytes(self.run.signature))
        )

    def as_json(self) -> dict[str, Any]:
        """What the command answers."""
        run = self.run
        return {
            "reference": run.reference,
            "erased": self.erased,
            "kept": [_kept_json(each) for each in self.kept],
            "scan": _scan_json(run),
            "physical": _physical_json(run),
        }

    def as_file(self) -> dict[str, Any]:
        """The certificate to download: content, signature, and the key to check it with."""
        return {
            "certificate": self.run.certificate,
            "signature": base64.b64encode(bytes(self.run.signature or b"")).decode(),
            "public_key": base64.b64encode(certificate_public_key()).decode(),
            "how": "Ed25519 over the certificate as JSON: keys sorted, no spaces, UTF-8.",
        }


def certificate_of(run: ErasureRun) -> Certificate:
    """A run with what went and what stays; two statements."""
    items = list(ErasureItem.objects.filter(run=run).order_by("store"))
    return Certificate(run, _erased(items), tuple(_kept(run, items)))


def issue(run: ErasureRun) -> ErasureRun:
    """Write and sign the certificate of a clean run, in the caller's transaction."""
    found = certificate_of(run)
    house = organisation()
    document = {
        "format": FORMAT,
        "reference": run.reference,
        "organisation": house.name if house else "",
        "asked_by": run.by_kind,
        "people": run.people,
        "begun": _moment(run.started_at),
        "erased": found.erased,
        "kept": [_kept_json(each) for each in found.kept],
        "scan": {**_scan_json(run), "at": _moment(run.logical_at)},
        "physical": _physical_json(run),
    }
    run.certificate = document
    run.signature = certificate_sign(canonical(document))
    run.save(update_fields=["certificate", "signature"])
    return run


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes that are signed."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _erased(items: Iterable[ErasureItem]) -> dict[str, int]:
    """Rows that went or were emptied, per store."""
    found: dict[str, int] = {}
    for each in items:
        if each.removed or each.blanked:
            found[each.store] = found.get(each.store, 0) + each.removed + each.blanked
    return found


def _kept(run: ErasureRun, items: Iterable[ErasureItem]) -> Iterator[KeptLine]:
    """What stays: declared stores, hashes, the sealed shells of events, and this very record."""
    day = run.started_at.date()
    sealed = {each.table for each in sources()}
    lines: dict[tuple[str, str], KeptLine] = {}
    for each in items:
        if each.kept:
            lines[each.store, each.ground] = KeptLine(
                each.store, each.ground, each.until or _until(each.ground, day)
            )
        if each.blanked and each.store in sealed:
            ground = KeepGround.SEALED_HASH.value
            lines[each.store, ground] = KeptLine(each.store, ground, None)
        if each.blanked and each.store == "rights_rightsrequest":
            ground = KeepGround.REQUEST_RECORD.value
            lines[each.store, ground] = KeptLine(each.store, ground, _until(ground, day))
    yield from (lines[key] for key in sorted(lines))
    ground = KeepGround.ERASURE_RECORD.value
    yield KeptLine("rights_erasurerun", ground, _until(ground, day))


def _until(ground: str, day: date) -> date | None:
    """When something kept on this ground goes or is reviewed."""
    try:
        return kept_until(KeepGround(ground), day)
    except ValueError:
        return None


def _kept_json(line: KeptLine) -> dict[str, Any]:
    return {
        "store": line.store,
        "ground": line.ground,
        "article": line.article,
        "until": line.until.isoformat() if line.until else None,
        "end": line.end or None,
    }


def _scan_json(run: ErasureRun) -> dict[str, Any]:
    return {
        "tables": run.tables,
        "columns": run.columns,
        "files": run.files,
        "hits": run.hits,
    }


def _physical_json(run: ErasureRun) -> dict[str, Any]:
    """`by`: "us", or "administrator": of the database server, when its log is not ours to drop."""
    return {
        "due": run.physical_due.isoformat(),
        "done": _moment(run.physical_at),
        "by": run.physical_by,
    }


def _moment(at: datetime | None) -> str | None:
    """A moment as it stands in every answer of ours."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
