"""Verbs of imports: bring a file in, declare the wording of a group afterwards."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role, Staff
from akkoord.consent.actions import declare_wording
from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.models import CollectionPoint, Notice
from akkoord.datamap.ids import uuid7
from akkoord.imports.bring_in import Bringing, Report, bring_in, record_report
from akkoord.imports.judge import Judging, judge_rows
from akkoord.imports.layouts import Columns, Layout, columns_of, layout_of
from akkoord.imports.models import Import, PendingEvidence
from akkoord.imports.reader import Table, UnreadableFile, open_table
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.people.models import Person
from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions, field_allowed, live_topics, topic_by_slug
from akkoord.trail.actions import Actor, record_change

SOURCES = ("own-signup", "customers", "other-system", "bought")
TO_BE_JUDGED = "import-to-be-judged"


class ImportRefused(Exception):
    """A file that cannot come in at all: a reason code and a sentence for the person."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What staff say of a file."""

    file_name: str
    layout: str = "auto"
    topic_slug: str = ""
    source: str = "own-signup"
    wording: str = ""
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that can come in: its table and what the columns mean."""

    table: Table
    layout: Layout
    columns: Columns
    topic: Purpose | None


def open_file(source: Path | BinaryIO, order: ImportOrder) -> OpenedFile:
    """Open a file by its order.

    Refuses a file that is no table, has no address column, or was bought (Tw 11.7).
    """
    if order.source == "bought":
        raise ImportRefused(
            Reason.BOUGHT,
            _(
                "A bought or copied list cannot be used for e-mail: nobody on it agreed to your "
                "letters (art. 11.7 Telecommunicatiewet). Put a form on your site, or write by "
                "post."
            ),
        )
    topic = _topic(order.topic_slug)
    try:
        table = open_table(source)
    except UnreadableFile as problem:
        raise ImportRefused(
            problem.reason, _("This file is not a table that we can read.")
        ) from None
    layout = layout_of(table.header, order.layout)
    columns = columns_of(layout, table.header, _allowed(topic))
    if columns is None:
        table.close()
        raise ImportRefused(
            Reason.NO_ADDRESS, _("We found no column with e-mail addresses in this file.")
        )
    return OpenedFile(table, layout, columns, topic)


def import_file(
    source: Path | BinaryIO, *, order: ImportOrder, at: datetime, actor: Actor
) -> tuple[Import, Report]:
    """Bring a file in at once: one transaction, or nothing. A dry run leaves nothing behind.

    Without a wording older consent proves nothing: people come in to be judged (INV-7).
    """
    opened = open_file(source, order)
    with transaction.atomic():
        bringing = begin_import(order, opened, sha256=_sha256(source), at=at, actor=actor)
        report = bring_in(
            judge_rows(opened.table.rows, judging_of(bringing, opened, at=at)), bringing, at=at
        )
        report.dropped_columns = list(opened.columns.dropped)
        record_report(bringing.record, report, at=at, actor=actor)
        if order.is_dry_run:
            transaction.set_rollback(True)
    return bringing.record, report


def judging_of(bringing: Bringing, opened: OpenedFile, *, at: datetime) -> Judging:
    """What the rows are judged by."""
    is_declared = bringing.wording is not None and opened.topic is not None
    return Judging(columns=opened.columns, at=at, is_wording_declared=is_declared)


def _topic(slug: str) -> Purpose | None:
    """The topic named, or the oldest living one; None when there is none yet."""
    if not slug:
        return live_topics().first()
    topic = topic_by_slug(slug)
    if topic is None:
        raise ImportRefused(Reason.PURPOSE_ENDED, _("There is no topic with this name."))
    return topic


def _allowed(topic: Purpose | None) -> frozenset[str]:
    """Fields that the topic or the review may keep (INV-31)."""
    return field_allowed(topic.activity_key if topic else TO_BE_JUDGED) & {
        "email",
        "first_name",
        "last_name",
        "language",
    }


def begin_import(
    order: ImportOrder, opened: OpenedFile, *, sha256: str, at: datetime, actor: Actor
) -> Bringing:
    """The record of a file, with the wording that staff declare for it."""
    wording = (
        declare_group_wording(order.wording, file_name=order.file_name, at=at, actor=actor)
        if order.wording.strip()
        else None
    )
    topic = opened.topic
    point = _collection_point(wording, topic, at=at) if wording and topic else None
    record = Import.objects.create(
        file_name=Path(order.file_name).name[:200],
        file_sha256=sha256,
        layout=opened.layout.name,
        source=order.source,
        topic_id=topic.id if topic else None,
        wording_notice_id=wording.id if wording else None,
        collection_point_id=point.id if point else None,
        state=Import.State.RUNNING,
        is_dry_run=order.is_dry_run,
        dropped_columns=list(opened.columns.dropped),
        by_staff=actor.id,
        started_at=at,
    )
    return Bringing(record, topic, wording, point, actor.id)


def _sha256(source: Path | BinaryIO) -> str:
    """The file's hash, so that a later look can tell which file it was; a path only."""
    if not isinstance(source, Path):
        return ""
    digest = hashlib.sha256()
    with source.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def declare_group_wording(text: str, *, file_name: str, at: datetime, actor: Actor) -> Notice:
    """The wording that people of a file agreed to, as declared by staff (INV-7).

    On the command nobody is logged in: whoever may run it on the server speaks for the owner.
    """
    if actor.id is None:
        owner = Staff.objects.filter(role=Role.OWNER, is_active=True).order_by("id").first()
        if owner is None:
            raise ImportRefused(
                Reason.WORDING_NOT_DECLARED,
                _("First set up the organisation: a wording is declared by its owner."),
            )
        actor = Actor.staff(owner.pk)
    return declare_wording(text=text.strip(), source=Path(file_name).name[:200], actor=actor, at=at)


def _collection_point(wording: Notice, topic: Purpose, *, at: datetime) -> CollectionPoint:
    snapshot = {"kind": "import", "wording": wording.text, "declared": True, "topic": topic.slug}
    return CollectionPoint.objects.create(
        kind="import",
        language=wording.language,
        snapshot=snapshot,
        sha256=wording.sha256,
        notice=wording,
        purpose_version_ids=[version.id for version in current_versions([topic])],
        published_at=at,
    )


def declare_wording_for(*, import_id: UUID, text: str, at: datetime, actor: Actor) -> int:
    """Add the wording to a whole group afterwards; how many people it makes reachable.

    Only those whose row carried a time or signature of their own act; the others need other
    evidence, and stay.
    """
    with transaction.atomic():
        record = Import.objects.select_for_update().get(id=import_id)
        if record.topic_id is None:
            raise ImportRefused(
                Reason.PURPOSE_ENDED, _("First make a topic, then bring the file in again.")
            )
        topic = Purpose.objects.get(id=record.topic_id)
        wording = declare_group_wording(text, file_name=record.file_name, at=at, actor=actor)
        point = _collection_point(wording, topic, at=at)
        version = current_versions([topic])[0]
        ready = PendingEvidence.objects.filter(
            import_file=record, reason=Reason.WORDING_NOT_DECLARED
        ).exclude(state="")
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
            count = append_staged_events(cursor)
            cursor.execute("DROP TABLE staged_permission_event")
        Person.objects.filter(id__in=ready.values("person_id")).update(judge_by=None)
        ready.delete()
        record.wording_notice_id, record.collection_point_id = wording.id, point.id
        record.save(update_fields=["wording_notice_id", "collection_point_id"])
        record_change(
            actor=actor,
            action="import.declare-wording",
            object_kind="import",
            object_id=record.id,
            at=at,
        )
    return count


# The evidence kept of a file's rows becomes events; index imports_pending_once.
_STAGE_PENDING = """
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%s, row_number() OVER (ORDER BY contact_point_id)), person_id,
       contact_point_id, %s::uuid, %s, 'consent', state, happened_at, %s, NULL, 'import',
       %s::uuid, 'import', %s::uuid, %s::uuid, true, evidence
  FROM imports_pendingevidence
 WHERE import_file_id = %s AND reason = 'wording-not-declared' AND state <> ''
"""


@dataclass(frozen=True, slots=True)
class GroupEvidence:
    """Evidence for people whose rows proved nothing: what, from when, with which words."""

    kind: str  # paper, counter, phone
    signed_at: datetime
    wording: str
    description: str


def add_group_evidence(
    *, import_id: UUID, evidence: GroupEvidence, at: datetime, actor: Actor
) -> int:
    """Other evidence for all of a file's people who still wait (a signed list, for example).

    Each gets an event of their own that names the evidence; how many.
    """
    if not evidence.wording.strip() or not evidence.description.strip():
        raise ImportRefused(
            Reason.NO_EVIDENCE, _("Say what the evidence is, and which words people agreed to.")
        )
    with transaction.atomic():
        record = Import.objects.select_for_update().get(id=import_id)
        PendingEvidence.objects.filter(import_file=record).update(
            reason=Reason.WORDING_NOT_DECLARED,
            state="given",
            happened_at=evidence.signed_at,
            evidence={
                "kind": evidence.kind,
                "description": evidence.description,
                "reference": str(uuid7()),
            },
        )
        return declare_wording_for(import_id=import_id, text=evidence.wording, at=at, actor=actor)
