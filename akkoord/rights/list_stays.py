"""Who stayed after a list was approved: counted by the reason, and named where staff may look.

The report holds nobody's data. Whom it counts stands in the trail, which goes with the person.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from akkoord.people.models import Person
from akkoord.rights.list_matching import left_out_of
from akkoord.rights.list_models import ErasureList
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import Change

STAYS = "list.stays"
SHOWN = 50


def note_stays(found: ErasureList, people: Sequence[UUID], *, at: datetime, actor: Actor) -> None:
    """These people were held, frozen or asked something after the approval, and stay; in the
    caller's transaction."""
    out = left_out_of(people)
    ErasureList.objects.filter(id=found.id).update(
        held=F("held") + len(out.held),
        frozen=F("frozen") + len(out.frozen),
        waiting=F("waiting") + len(out.waiting),
    )
    for reason, whom in (("held", out.held), ("frozen", out.frozen), ("waiting", out.waiting)):
        for each in sorted(whom):
            record_change(
                actor=actor,
                action=STAYS,
                object_kind="erasure-list",
                object_id=found.id,
                subject_id=each,
                fields=(reason,),
                at=at,
            )


def who_stayed(found: ErasureList, most: int = SHOWN) -> list[Person]:
    """Who of an approved list stayed, to be named; two queries."""
    noted = Change.objects.filter(action=STAYS, object_id=found.id, subject_id__isnull=False)
    ids = noted.order_by("id").values_list("subject_id", flat=True)[:most]
    return list(Person.objects.filter(id__in=[each for each in ids if each]).order_by("id"))
