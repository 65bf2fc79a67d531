"""Two records that staff say are of one person: beside each other, like those that are found.

Nothing is joined here: the pair is looked at, compared and joined as every other (art. 5(1)(d)).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.law.likeness import Likeness
from akkoord.people.joining import JoinRefused, pairs_between
from akkoord.people.models import DuplicatePair, DuplicateSide
from akkoord.people.queries import person_by_id
from akkoord.trail.actions import Actor, record_change

State = DuplicatePair.State


@transaction.atomic
def choose_pair(*, one_id: UUID, other_id: UUID, at: datetime, actor: Actor) -> UUID:
    """Say that these two may be of one person; answers the pair, to be looked at now.

    A pair that was said to be two people, or parted, comes up again: somebody knows more. Refuses
    (JoinRefused) a record with itself, one that is gone, and one that is frozen (INV-38).
    """
    found = [person_by_id(each) for each in (one_id, other_id)]
    people = [each for each in found if each is not None]
    if len(people) != 2:
        raise JoinRefused(_("One of these records is gone."))
    one, other = people
    if one.id == other.id:
        raise JoinRefused(_("This is one record already."))
    if one.restricted_at or other.restricted_at:
        raise JoinRefused(_("One of these records is frozen: nothing is done with it."))
    for key in pairs_between(one.id, other.id):
        pair = DuplicatePair.objects.select_for_update().get(id=key)
        if Likeness.BY_STAFF not in pair.reasons:
            pair.reasons = [*pair.reasons, Likeness.BY_STAFF]
        pair.state, pair.decided_at, pair.decided_by = State.NEW, None, None
        pair.save()
        return _noted(pair.id, at=at, actor=actor)
    pair = DuplicatePair.objects.create(score=0, reasons=[Likeness.BY_STAFF], found_at=at)
    DuplicateSide.objects.bulk_create(
        DuplicateSide(pair=pair, person=each) for each in (one, other)
    )
    return _noted(pair.id, at=at, actor=actor)


def _noted(pair_id: UUID, *, at: datetime, actor: Actor) -> UUID:
    record_change(actor=actor, action="pair.choose", object_kind="pair", object_id=pair_id, at=at)
    return pair_id
