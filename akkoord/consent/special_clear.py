"""The night's clean-up of fields of special categories: what rests on nothing any more (INV-32)."""

from datetime import datetime

from django.db import transaction

from akkoord.consent.special_fit import fits, written_under
from akkoord.consent.special_models import SpecialValue
from akkoord.datamap.holds import held_people
from akkoord.law.terms import law_day
from akkoord.register.exception_queries import open_exceptions
from akkoord.register.exceptions import end_past
from akkoord.register.models import FieldException, PersonalDataField
from akkoord.trail.actions import Actor, record_change


def clear_closed(*, at: datetime) -> int:
    """Every night: exceptions past their day end, and what rests on nothing any more goes.

    Also what was written under an earlier decision with another ground. Of who is held for a claim
    or frozen it stays, sealed and unread (art. 17(3)(e), 18). How many values went.
    """
    end_past(at=at)
    gone = 0
    opened = {each.field_id: each for each in open_exceptions(law_day(at))}
    kept = PersonalDataField.objects.filter(id__in=SpecialValue.objects.values("field_id"))
    for field in kept.order_by("key"):
        gone += _clear(field, opened.get(field.id), at=at)
    return gone


@transaction.atomic
def _clear(field: PersonalDataField, exception: FieldException | None, *, at: datetime) -> int:
    """One statement, however many there are."""
    rows = SpecialValue.objects.filter(field=field, person__restricted_at=None)
    left = rows.exclude(person_id__in=held_people())
    if exception is not None:
        left = left.exclude(written_under([exception]) & fits(exception, at=at))
    gone, _per_table = left.delete()
    if gone:
        record_change(
            actor=Actor.system(),
            action="special.clear",
            object_kind="personal-data-field",
            object_id=field.id,
            fields=(field.key,),
            at=at,
        )
    return gone
