"""Proof that comes after the file: the wording of a group, or other evidence for all of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.evidence_files import keep_file
from akkoord.consent.models import EvidenceFile
from akkoord.consent.queries import published_since
from akkoord.datamap.ids import uuid7
from akkoord.imports.models import Import, PendingEvidence
from akkoord.imports.order import ImportRefused, purpose_ended
from akkoord.imports.sentences import group_sentence
from akkoord.imports.wording import collection_point, declare_group_wording
from akkoord.law.import_rules import cannot_be_a_time
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.people.models import Person
from akkoord.permission.queries import refusals
from akkoord.register.models import Purpose
from akkoord.register.queries import current_version
from akkoord.trail.actions import Actor, record_change


def declare_wording_for(*, import_id: UUID, text: str, at: datetime, actor: Actor) -> int:
    """Add the wording to a whole group afterwards; how many people it makes reachable.

    Only those whose row carried a time or signature of their own act; the others need other
    evidence, and stay.
    """
    with transaction.atomic():
        record = Import.objects.select_for_update().get(id=import_id)
        waited = {
            Reason.WORDING_NOT_DECLARED.value: _ready(record).count(),
        }
        return _grant(record, waited, text=text, at=at, actor=actor)


def _ready(record: Import) -> QuerySet[PendingEvidence]:
    """Those of a file whose evidence lacks nothing but the wording."""
    return PendingEvidence.objects.filter(
        import_file=record, reason=Reason.WORDING_NOT_DECLARED
    ).exclude(state="")


def _grant(
    record: Import,
    waited: Mapping[str, int],
    *,
    text: str,
    at: datetime,
    actor: Actor,
    scan: EvidenceFile | None = None,
) -> int:
    """Make events of what is ready, and set the file's figures right. `waited`: for what these
    people waited until now; `scan`: what they all stand on, which goes with the last of them."""
    with transaction.atomic():
        if record.topic_id is None:
            raise ImportRefused(
                Reason.UNKNOWN_TOPIC, _("First make a topic, then bring the file in again.")
            )
        topic = Purpose.objects.get(id=record.topic_id)
        version = current_version(topic)
        if version is None:
            raise purpose_ended()
        wording = declare_group_wording(text, file_name=record.file_name, at=at, actor=actor)
        point = collection_point(wording, topic, at=at)
        ready = _ready(record)
        ids: list[Any] = [
            version.id,
            Channel.EMAIL,
            at,
            actor.id,
            point.id,
            wording.id,
            record.id,
        ]
        with connection.cursor() as cursor:
            create_staging(cursor)
            cursor.execute(_STAGE_PENDING, [int(at.timestamp() * 1000), *ids])
            if scan is not None:
                cursor.execute(_STAND_ON_SCAN, [int(at.timestamp() * 1000), scan.id])
            count = append_staged_events(cursor)
            cursor.execute("DROP TABLE staged_permission_event")
        Person.objects.filter(id__in=ready.values("person_id")).update(judge_by=None)
        _count_again(record, topic, waited, count, at=at)
        ready.delete()
        record.wording_notice_id, record.collection_point_id = wording.id, point.id
        record.save(
            update_fields=[
                *("wording_notice_id", "collection_point_id", "may_be_mailed", "not_mailable"),
            ]
        )
        record_change(
            actor=actor,
            action="import.declare-wording",
            object_kind="import",
            object_id=record.id,
            at=at,
        )
    return count


def _count_again(
    record: Import, topic: Purpose, waited: Mapping[str, int], count: int, *, at: datetime
) -> None:
    """The file's figures after proof was added: what the gate says of these people now."""
    within = (
        "SELECT contact_point_id FROM imports_pendingevidence "
        "WHERE import_file_id = %s AND reason = 'wording-not-declared' AND state <> ''"
    )
    by_gate = refusals(topic, Channel.EMAIL, at=at, within_sql=(within, (record.id,)))
    counts = Counter(record.not_mailable)
    counts.subtract(waited)
    counts.update({str(reason): n for reason, n in by_gate.items()})
    record.not_mailable = {reason: n for reason, n in counts.items() if n > 0}
    record.may_be_mailed += count - sum(by_gate.values())


# The evidence kept of a file's rows becomes events; index imports_pending_once.
_STAGE_PENDING = """
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY contact_point_id)), person_id,
       contact_point_id, %s::uuid, %s, 'consent', state, happened_at, %s, NULL, 'import',
       %s::uuid, 'import', %s::uuid, %s::uuid, true, evidence
  FROM imports_pendingevidence
 WHERE import_file_id = %s AND reason = 'wording-not-declared' AND state <> ''
"""

# Who stands on a scan, so that it is theirs to see and goes with the last of them.
_STAND_ON_SCAN = """
INSERT INTO consent_evidencerow (id, file_id, person_id, row, event_id)
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY e.id)), %s::uuid, e.person_ref,
       row_number() OVER (ORDER BY e.id), e.id
  FROM (SELECT DISTINCT ON (person_ref) person_ref, id FROM staged_permission_event
         ORDER BY person_ref, id) e
"""


@dataclass(frozen=True, slots=True)
class GroupEvidence:
    """Evidence for people whose rows proved nothing: what, from when, with which words.

    `scan`: the content of a scan or photo of it, sealed as all evidence is (art. 32).
    """

    kind: str  # paper, counter, phone
    signed_at: datetime
    wording: str
    description: str
    scan: bytes | None = None


def add_group_evidence(
    *, import_id: UUID, evidence: GroupEvidence, at: datetime, actor: Actor
) -> int:
    """Other evidence for all of a file's people who still wait (a signed list, for example).

    Each gets an event of their own that names the evidence and its scan; how many. Raises
    ImportRefused without words or a place, and BadFile for a scan that cannot be evidence; nothing
    is kept then.
    """
    if not evidence.wording.strip() or not evidence.description.strip():
        raise ImportRefused(
            Reason.NO_EVIDENCE, _("Say what the evidence is, and which words people agreed to.")
        )
    if why := cannot_be_a_time(evidence.signed_at, at=at):
        raise ImportRefused(why, group_sentence(why.value))
    with transaction.atomic():
        record = Import.objects.select_for_update().get(id=import_id)
        _stood_there(record, evidence)
        everybody = PendingEvidence.objects.filter(import_file=record)
        waited = dict(
            everybody.values_list("reason").annotate(n=Count("id")).values_list("reason", "n")
        )
        scan = None
        if evidence.scan and waited:
            scan = keep_file(evidence.scan, person_id=None, actor=actor, at=at)
        everybody.update(
            reason=Reason.WORDING_NOT_DECLARED,
            state="given",
            happened_at=evidence.signed_at,
            evidence=_named(evidence, scan),
        )
        return _grant(record, waited, text=evidence.wording, at=at, actor=actor, scan=scan)


def _stood_there(record: Import, evidence: GroupEvidence) -> None:
    """Refuse a day before these very words were published, when they are those of a form (INV-7).

    As for one person: who signed before the form was there agreed to other words.
    """
    since = published_since(evidence.wording, topic_id=record.topic_id)
    if since is not None and localdate(evidence.signed_at) < localdate(since):
        raise ImportRefused(
            Reason.IMPOSSIBLE_TIME,
            _("These are the words of a form that did not exist yet that day (%(day)s).")
            % {"day": date_format(localdate(since), "DATE_FORMAT")},
        )


def _named(evidence: GroupEvidence, scan: EvidenceFile | None) -> dict[str, str]:
    """What each event keeps of it."""
    named = {
        "kind": evidence.kind,
        "where": evidence.description,
        "reference": str(uuid7()),
    }
    if scan is not None:
        named |= {"file": str(scan.id), "file_sha256": scan.sha256}
    return named
