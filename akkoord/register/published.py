"""Topics that companies may get at an address that they published for such mail (INV-18)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from akkoord.law.states import Basis
from akkoord.register import reasons
from akkoord.register.actions import RegisterRefused
from akkoord.register.balancing import check_step
from akkoord.register.customers import revise_basis
from akkoord.register.models import ProcessingActivity, Purpose
from akkoord.register.nobody import refuse_persons
from akkoord.register.queries import live_topics
from akkoord.trail.actions import Actor, record_change


@transaction.atomic
def allow_published(
    *, purpose_id: UUID, allows: bool, because: str = "", at: datetime, actor: Actor
) -> Purpose:
    """Say whether a topic also goes to published business addresses, and why that weighs little.

    A new version of its activity carries the basis under art. 11.7(3) Tw with those words (art.
    6(1)(f): who reads there agreed to nothing), or drops both; the same answer again changes
    nothing. Refuses a topic that has ended or that measures, and words that say nothing or name
    somebody.
    """
    purpose = Purpose.objects.select_for_update().get(id=purpose_id)
    if purpose.ended_at is not None:
        raise RegisterRefused("allows", _("This topic has ended."))
    if allows and (purpose.measures or "email" not in purpose.channels):
        raise RegisterRefused("allows", _("This topic does not go by mail."))
    because = because.strip() if allows else ""
    if allows:
        check_step("because", because)
        refuse_persons({"because": because})
    reason = because or _("This topic goes to no published addresses any more.")
    has_changed = revise_basis(
        purpose,
        Basis.PUBLISHED_ADDRESS,
        carries=allows,
        published_why=because,
        reason=reason,
        at=at,
        actor=actor,
    )
    if not has_changed:
        return purpose
    record_change(
        actor=actor,
        action="topic.published-addresses",
        object_kind="topic",
        object_id=purpose.id,
        fields=("telecom_basis", "published_why"),
        at=at,
    )
    reasons.because(reason)
    return purpose


def goes_to_published(purpose: Purpose) -> bool:
    """Whether the register says that this topic goes to published business addresses."""
    return _saying().filter(key=purpose.activity_key).exists()


def topics_for_published() -> list[Purpose]:
    """The living topics that do."""
    keys = set(_saying().values_list("key", flat=True))
    return [each for each in live_topics() if each.activity_key in keys]


def _saying() -> QuerySet[ProcessingActivity]:
    return ProcessingActivity.objects.filter(
        valid_to=None, telecom_basis__contains=Basis.PUBLISHED_ADDRESS.value
    )
