"""The purpose under which service messages of an activity leave; nobody chooses it or leaves it.

It is no topic: it stands at no form and in no preference centre. It carries the activity's fields
to the messages (purpose binding), and gives their runs a purpose to be counted under.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from akkoord.law.states import Basis, Channel
from akkoord.register.models import ProcessingActivity, Purpose, PurposeVersion

PREFIX = "service-"
CARRYING = (Basis.CONTRACT.value, Basis.LEGAL_OBLIGATION.value)


def service_activities() -> QuerySet[ProcessingActivity]:
    """Activities that may carry service messages: on a contract or a duty, about customers."""
    return (
        ProcessingActivity.objects.filter(
            valid_to=None,
            legal_basis__in=CARRYING,
            subjects__contains=["dpv:Customer"],
            is_system=False,
        )
        .exclude(key="questions")
        .order_by("name_nl", "key")
    )


@transaction.atomic
def service_purpose(activity: ProcessingActivity, *, at: datetime) -> Purpose:
    """The purpose of an activity's service messages, made the first time."""
    purpose, made = Purpose.objects.get_or_create(
        slug=f"{PREFIX}{activity.key}"[:80],
        defaults={
            "activity_key": activity.key,
            "is_topic": False,
            "channels": [Channel.EMAIL.value],
            "refresh_weeks": 0,
            "created_at": at,
        },
    )
    if made:
        PurposeVersion.objects.create(
            purpose=purpose,
            number=1,
            name_nl=activity.name_nl[:120],
            name_en=activity.name_en[:120],
            description_nl=activity.purpose_nl,
            description_en=activity.purpose_en,
            valid_from=at,
        )
    return purpose
