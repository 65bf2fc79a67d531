"""Telling people by mail of a change that matters (art. 13(3), 14(4)); it sells nothing.

Everybody with a mailbox that works and for whom the law allows a mail of duty, each once, in
batches: a batch and its place in the list are one transaction, so that work that was cut short
goes on where it stopped.
"""

from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from akkoord.consent.details import askable, working_points
from akkoord.consent.tokens import preference_link
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.people.models import ContactPoint, Person
from akkoord.policy.models import PolicyVersion, Telling
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation

BATCH = 200


def people_to_tell() -> QuerySet[Person]:
    """Who is told: as who may be asked whether their details are right (INV-4, INV-38)."""
    return askable()


def tell_some(*, at: datetime) -> int:
    """Put the next batch of mails in the outbox; how many. Nothing to tell: 0.

    Asks again per batch who may be mailed. Two workers never take the same batch.
    """
    with transaction.atomic():
        telling = (
            Telling.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("version")
            .filter(ended_at=None)
            .order_by("begun_at")
            .first()
        )
        if telling is None:
            return 0
        found = people_to_tell().order_by("id")
        if telling.after:
            found = found.filter(id__gt=telling.after)
        people = list(found.values_list("id", flat=True)[:BATCH])
        points = (
            working_points()
            .filter(person_id__in=people)
            .select_related("person")
            .order_by("person_id", F("verified_at").desc(nulls_last=True), "created_at")
            .distinct("person_id")
        )
        house = organisation()
        sent = sum(_tell(telling.version, point, house, at=at) for point in points)
        telling.told += sent
        if people:
            telling.after = people[-1]
        if len(people) < BATCH:
            telling.ended_at = at
        telling.save(update_fields=["told", "after", "ended_at"])
        return sent


def _tell(
    version: PolicyVersion, point: ContactPoint, house: Organisation | None, *, at: datetime
) -> bool:
    language = "en" if point.person.language == "en" else "nl"
    context = {
        "organisation": house,
        "reason": version.reason_en if language == "en" else version.reason_nl,
        "since": version.published_at,
        "link": f"{settings.BASE_URL}{reverse('policy_public:version', args=[version.number])}",
        "preferences": preference_link(point_id=point.id, at=at),
    }
    with translation.override(language):
        parts = {
            part: render_to_string(f"policy/mail/changed/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        }
    try:
        enqueue_mail(
            kind=MessageKind.POLICY_NOTICE,
            recipient=point.value,
            subject=" ".join(parts["subject.txt"].split()),
            text=parts["body.txt"],
            html=parts["body.html"],
            subject_id=point.person_id,
            headers={"From": formataddr((house.sender_name, house.sender_email))} if house else {},
            at=at,
        )
    except UnfitMail:  # an address that no mail can be sent to
        return False
    return True
