"""The words that people of a file agreed to before Akkoord, as staff declare them (INV-7)."""

from datetime import datetime

from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role, Staff
from akkoord.consent.actions import declare_wording
from akkoord.consent.models import CollectionPoint, Notice
from akkoord.consent.notices import WordingRefused
from akkoord.datamap.naming import file_title
from akkoord.imports.evidence import ANY_TIME, Period
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.law.reasons import Reason
from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions
from akkoord.trail.actions import Actor


def declare_group_wording(
    text: str,
    *,
    file_name: str,
    at: datetime,
    actor: Actor,
    period: Period = ANY_TIME,
) -> Notice:
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
    try:
        return declare_wording(
            text=text.strip(),
            source=file_title(file_name),
            actor=actor,
            at=at,
            first_day=period.first,
            last_day=period.last,
        )
    except WordingRefused as refusal:
        raise ImportRefused(Reason.WORDING_NOT_DECLARED, str(refusal)) from None


def collection_point(wording: Notice, topic: Purpose, *, at: datetime) -> CollectionPoint:
    """What people of a file saw, as staff declare it, frozen with its hash."""
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


def drop_wording(record: Import) -> bool:
    """Take away the words that were declared for an upload that never came in; whether they went.

    Words that another upload, an event or anything shown rests on stay (INV-7).
    """
    notice, point = record.wording_notice_id, record.collection_point_id
    if notice is None:
        return False
    record.wording_notice_id = record.collection_point_id = None
    record.save(update_fields=["wording_notice_id", "collection_point_id"])
    others = Import.objects.filter(Q(wording_notice_id=notice) | Q(collection_point_id=point))
    if others.exists():
        return False
    try:
        with transaction.atomic():
            CollectionPoint.objects.filter(id__in=[point], kind="import").delete()
            return bool(Notice.objects.filter(id=notice, is_declared=True).delete()[0])
    except (IntegrityError, ProtectedError, ProgrammingError):  # somebody agreed to these words
        return False
