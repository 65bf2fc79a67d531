"""A signed list as evidence for a group: each line matched by staff to somebody (art. 7(1)).

Set-based: a sheet of three hundred lines is as many statements as one of three.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from akkoord.consent.bulk import STAGED_COLUMNS, append_staged_events, create_staging
from akkoord.consent.models import (
    CollectionPoint,
    EvidenceFile,
    EvidenceRow,
    Notice,
    Suppression,
)
from akkoord.consent.notices import keep_collection_point
from akkoord.consent.refusals import ConsentRefused, demand
from akkoord.consent.row_sources import TypedRow, settle_rows
from akkoord.consent.suppression import lift_for
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.law.consent_rules import Box, GrantClaim, judge_grant
from akkoord.law.evidence_rules import Evidence, judge_evidence
from akkoord.law.reasons import Reason
from akkoord.law.states import ActorKind, Channel, Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor, record_change

MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A line, and whose address it is already; None: nobody's, or no address at all."""

    row: TypedRow
    normalised: str
    person: Person | None

    @property
    def is_readable(self) -> bool:
        """Whether the line can become somebody's yes."""
        return bool(self.normalised)


def find_people(rows: Sequence[TypedRow]) -> list[Found]:
    """Each line with the person whose address it is; two queries for any number of lines."""
    spelled = {row.row: _spelled(row.address) for row in rows}
    points = {
        point.normalised: point.person
        for point in ContactPoint.objects.filter(
            normalised__in={each for each in spelled.values() if each},
            channel=Channel.EMAIL,
            ended_at=None,
        ).select_related("person")
    }
    return [Found(row, spelled[row.row], points.get(spelled[row.row])) for row in rows]


def _spelled(address: str) -> str:
    try:
        return normalise_email(address)
    except BadIdentifier:
        return ""


@dataclass(frozen=True, slots=True)
class SignedList:
    """What all lines of a sheet have in common."""

    file: EvidenceFile
    version: PurposeVersion
    signed_at: datetime
    notice: Notice
    shown: CollectionPoint | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of it: how many lines became a yes, and which did not."""

    agreed: int
    left: tuple[int, ...]


def match_list(
    *, sheet: SignedList, rows: Sequence[TypedRow], at: datetime, actor: Actor
) -> Matched:
    """Record a yes for every line that staff ticked; the others stay as they are.

    Each event names the file and the line. Somebody who is not known yet comes in with this yes.
    Left out: a line without a working address, one who is known to be under 16 (INV-14), and one
    who said no after this list was signed (INV-5). Refuses what no list can carry: words that do
    not speak of mail or of this topic (INV-12), a day to come, a file that is no list.
    """
    _judge(sheet, at=at)
    with transaction.atomic():
        file = EvidenceFile.objects.select_for_update().get(id=sheet.file.id)
        if file.kind != EvidenceFile.LIST:
            raise ConsentRefused(Reason.NO_EVIDENCE)
        points = _points(find_people(rows), sheet, at=at)
        done = set(EvidenceRow.objects.filter(file=file).values_list("person_id", flat=True))
        taken = set(EvidenceRow.objects.filter(file=file).values_list("row", flat=True))
        agreed = {
            row: point
            for row, point in points.items()
            if point.person_id not in done and row not in taken and not point.person.is_known_child
        }
        agreed = _once_each(_not_refused(agreed, sheet, at=at))
        _append(agreed, sheet, at=at, actor=actor)
        people = [point.person_id for point in agreed.values()]
        Person.objects.filter(id__in=people, judge_by__isnull=False).update(judge_by=None)
        settle_rows(people)
        record_change(
            actor=actor, action="list.match", object_kind="evidence", object_id=file.id, at=at
        )
    return Matched(len(agreed), tuple(row.row for row in rows if row.row not in agreed))


def _judge(sheet: SignedList, *, at: datetime) -> None:
    """The law's rules for a grant, which are the same for every line."""
    purpose = sheet.version.purpose
    channels = frozenset({Channel.EMAIL}) & frozenset(map(Channel, purpose.channels))
    if sheet.shown is not None:
        boxes = sheet.shown.snapshot.get("topics", [])
        mine = [each for each in boxes if each.get("version") == str(sheet.version.id)]
        channels = frozenset(Channel(each.get("channel", Channel.EMAIL)) for each in mine)
    demand(judge_evidence(Method.PAPER, Channel.EMAIL, Evidence(has_file=True)))
    demand(
        judge_grant(
            GrantClaim(
                box=Box(frozenset({purpose.slug}), channels, wording=sheet.notice.text),
                is_ticked=True,
                method=Method.PAPER,
                actor=ActorKind.STAFF,
                happened_at=sheet.signed_at,
                wording_hash=sheet.notice.sha256,
                notice_hash=sheet.notice.sha256,
                address_channel=Channel.EMAIL,
            ),
            at=at,
        )
    )


def _points(found: Sequence[Found], sheet: SignedList, *, at: datetime) -> dict[int, ContactPoint]:
    """The contact point of every readable line, locked; people who are not known yet are made."""
    new: dict[str, TypedRow] = {}
    for each in found:
        if each.is_readable and each.person is None:
            new.setdefault(each.normalised, each.row)
    people = [_person(row, sheet, at=at) for row in new.values()]
    Person.objects.bulk_create(people)
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                person=person,
                channel=Channel.EMAIL,
                value=row.address.strip(),
                normalised=normalised,
                keyed_hash=keyed_hash(normalised),
                source="paper",
                created_at=at,
            )
            for person, (normalised, row) in zip(people, new.items(), strict=True)
        ]
    )
    points = {
        point.normalised: point
        for point in ContactPoint.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            normalised__in={each.normalised for each in found if each.is_readable},
            channel=Channel.EMAIL,
            ended_at=None,
        )
        .select_related("person")
        .order_by("id")
    }
    return {each.row.row: points[each.normalised] for each in found if each.is_readable}


def _person(row: TypedRow, sheet: SignedList, *, at: datetime) -> Person:
    given, _space, family = " ".join(row.name.split()).partition(" ")
    return Person(
        given_name=given[:120],
        family_name=family[:160],
        language=sheet.notice.language,
        source="paper",
        source_ref=sheet.file.id,
        created_at=at,
        updated_at=at,
    )


def _not_refused(
    points: dict[int, ContactPoint], sheet: SignedList, *, at: datetime
) -> dict[int, ContactPoint]:
    """Without those whose address was put on the list of no after the day of signing (INV-4, 5).

    An older entry is lifted by the signature, which is the person's own act.
    """
    entries = Suppression.objects.filter(
        keyed_hash__in=[bytes(point.keyed_hash) for point in points.values()],
        channel=Channel.EMAIL,
        scope__in=[Suppression.ALL_MARKETING, sheet.version.purpose.slug],
    )
    since = {bytes(each.keyed_hash): each.since for each in entries}
    kept = {}
    for row, point in points.items():
        no_at = since.get(bytes(point.keyed_hash))
        if no_at is not None and no_at >= sheet.signed_at:
            continue
        if no_at is not None:
            lift_for(
                keyed_hash=bytes(point.keyed_hash),
                channel=Channel.EMAIL,
                purpose_ids=[sheet.version.purpose_id],
                acted_at=sheet.signed_at,
                at=at,
            )
        kept[row] = point
    return kept


def _once_each(points: dict[int, ContactPoint]) -> dict[int, ContactPoint]:
    """One line per person: the first."""
    seen: set[UUID] = set()
    return {
        row: point
        for row, point in points.items()
        if not (point.person_id in seen or seen.add(point.person_id))  # type: ignore[func-returns-value]
    }


def _append(
    points: dict[int, ContactPoint], sheet: SignedList, *, at: datetime, actor: Actor
) -> None:
    """The events and their lines, many at once."""
    shown = sheet.shown or keep_collection_point(
        kind=Method.PAPER,
        language=sheet.notice.language,
        snapshot={"wording": sheet.notice.text, "declared": sheet.notice.is_declared},
        notice=sheet.notice,
        versions=[sheet.version],
        at=at,
    )
    lines = []
    with connection.cursor() as cursor:
        create_staging(cursor)
        columns = ", ".join(STAGED_COLUMNS)
        with cursor.copy(f"COPY staged_permission_event ({columns}) FROM STDIN") as copy:
            for row, point in points.items():
                line = EvidenceRow(
                    file=sheet.file, person_id=point.person_id, row=row, event_id=uuid7()
                )
                lines.append(line)
                values = _event(line, point, sheet, shown, actor, at)
                copy.write_row([values[name] for name in STAGED_COLUMNS])
        append_staged_events(cursor)
        cursor.execute("DROP TABLE staged_permission_event")
    EvidenceRow.objects.bulk_create(lines)


def _event(
    line: EvidenceRow,
    point: ContactPoint,
    sheet: SignedList,
    shown: CollectionPoint,
    actor: Actor,
    at: datetime,
) -> dict[str, object]:
    """One line's event, by the names of the staging table's columns."""
    return {
        "id": line.event_id,
        "person_ref": point.person_id,
        "contact_point_ref": point.id,
        "purpose_version_id": sheet.version.id,
        "channel": Channel.EMAIL.value,
        "basis": "consent",
        "state": PermissionState.GIVEN.value,
        "happened_at": sheet.signed_at,
        "recorded_at": at,
        "valid_until": None,
        "actor_kind": ActorKind.STAFF.value,
        "actor_ref": actor.id,
        "method": Method.PAPER.value,
        "collection_point_id": shown.id,
        "notice_id": sheet.notice.id,
        "is_declared": sheet.notice.is_declared,
        "evidence": json.dumps(
            {"file": str(sheet.file.id), "file_sha256": sheet.file.sha256, "row": line.row}
        ),
    }
