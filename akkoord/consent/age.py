"""Staff say that somebody is, or is not, under sixteen: heard from somebody, never a birth date.

From that second the gate lets pass only what a parent agreed to (INV-14, art. 8 GDPR). Nothing of
the ledger changes: saying the other brings back what stood.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from akkoord.people.models import Person
from akkoord.trail.actions import Actor, record_change


class HeardFrom(StrEnum):
    """Why staff say it: a closed list, for a reason in words would be one more thing to keep."""

    PERSON = "heard-from-person"
    PARENT = "heard-from-parent"
    SEEN = "seen-ourselves"
    MISTAKE = "noted-by-mistake"


@transaction.atomic
def say_age(
    *, person_id: UUID, is_child: bool, heard: HeardFrom, at: datetime, actor: Actor
) -> bool:
    """Note it, with who said so in the trail; whether anything changed.

    A child: known as one from today, so no soft opt-in and no yes without a parent counts. Not a
    child: every yes of their own counts again. Saying the same twice is once.
    """
    person = Person.objects.select_for_update().get(id=person_id)
    if person.is_known_child is is_child:
        return False
    person.is_known_child = is_child
    person.known_child_at = at if is_child else None
    person.updated_at = at
    person.save(update_fields=["is_known_child", "known_child_at", "updated_at"])
    record_change(
        actor=actor,
        action="person.age",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        fields=("age", heard.value),
        at=at,
    )
    return True
