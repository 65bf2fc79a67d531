"""Decide how fast letters leave from a sending domain."""

from datetime import datetime

from django.db import transaction

from akkoord.law.terms import law_day
from akkoord.messages.models import DomainRule
from akkoord.trail.actions import Actor, record_change


@transaction.atomic
def set_pace(
    *, domain: str, per_hour: int | None, is_new: bool, at: datetime, actor: Actor
) -> DomainRule:
    """At most so many letters an hour (None: no limit), and small first days for a new domain.

    A warm-up that runs keeps its first day.
    """
    known = DomainRule.objects.filter(domain=domain).first()
    begun = known.warm_up_from if known and known.warm_up_from else law_day(at)
    rule, _made = DomainRule.objects.update_or_create(
        domain=domain,
        defaults={
            "per_hour": per_hour,
            "warm_up_from": begun if is_new else None,
            "changed_at": at,
        },
    )
    record_change(
        actor=actor,
        action="sending.pace",
        object_kind="sending-domain",
        fields=("per_hour", "warm_up_from"),
        at=at,
    )
    return rule
