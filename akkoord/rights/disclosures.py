"""Who got whose data from us, written down by itself: by a key of the API, by a file, by hand.

What left by mail or post stands in the letters already, but for letters about a leak that a company
prints: those are a file (art. 19, INV-37).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from akkoord.datamap.disclosing import Received
from akkoord.datamap.prepared import prepared
from akkoord.law.terms import law_day
from akkoord.people.models import OwnFieldValue
from akkoord.register.receiving import demand_receiver
from akkoord.rights.models import Disclosure
from akkoord.trail.actions import Actor, record_change

How = Disclosure.How
# One line per person and recipient, however often; without fields everything may have been there.
# In the order of people, so that two at once wait for each other and never for ever.
_RECORD = """
INSERT INTO rights_disclosure (id, person_id, recipient_id, at, how, fields)
SELECT gen_random_uuid(), each, %(recipient)s, %(at)s, %(how)s, %(fields)s
  FROM (SELECT DISTINCT unnest(%(people)s::uuid[]) AS each ORDER BY 1) AS people
    ON CONFLICT (person_id, recipient_id) DO UPDATE
   SET fields = CASE WHEN rights_disclosure.fields = '{}' OR EXCLUDED.fields = '{}' THEN '{}'
       ELSE ARRAY(SELECT DISTINCT unnest(rights_disclosure.fields || EXCLUDED.fields) ORDER BY 1)
       END
 WHERE rights_disclosure.fields <> '{}' AND NOT rights_disclosure.fields @> EXCLUDED.fields
    OR rights_disclosure.fields <> '{}' AND EXCLUDED.fields = '{}'
"""


def record_disclosures(
    *,
    person_ids: Collection[UUID],
    recipient_id: UUID,
    how: str,
    at: datetime,
    fields: Collection[str] = (),
) -> int:
    """A recipient got these people's data; one statement however many they are, in the caller's
    transaction. `fields`: what was in it (none: it may have been all). How many lines are new or
    say more than before."""
    if not person_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "people": list(person_ids),
                "recipient": recipient_id,
                "at": at,
                "how": how,
                "fields": sorted(fields),
            },
        )
        return int(cursor.rowcount)


@transaction.atomic
def record_disclosure(*, person_id: UUID, recipient_id: UUID, at: datetime, actor: Actor) -> None:
    """Write down that a recipient got this person's data by hand; done again it changes nothing."""
    made = record_disclosures(
        person_ids=[person_id], recipient_id=recipient_id, how=How.BY_HAND, at=at
    )
    if made:
        _note_handed(person_id, recipient_id, at=at, actor=actor)


@transaction.atomic
def hand_over_file(*, person_id: UUID, recipient_id: UUID, at: datetime, actor: Actor) -> None:
    """Write down that a recipient gets a file with everything of this person, each time anew.

    Raises RegisterRefused, with the field `who`, for one that may receive nothing (INV-42).
    """
    demand_receiver(recipient_id, "who", law_day(at))
    record_disclosures(person_ids=[person_id], recipient_id=recipient_id, how=How.FILE, at=at)
    _note_handed(person_id, recipient_id, at=at, actor=actor)


def _note_handed(person_id: UUID, recipient_id: UUID, *, at: datetime, actor: Actor) -> None:
    """In the trail, with the own fields that were in it: so it is known which are used."""
    own = OwnFieldValue.objects.filter(person_id=person_id).order_by("field__key")
    record_change(
        actor=actor,
        action="person.disclose",
        object_kind="recipient",
        object_id=recipient_id,
        subject_id=person_id,
        fields=list(own.values_list("field__key", flat=True)),
        at=at,
    )


_HANDED = """
SELECT recipient_id, person_id, how, fields FROM rights_disclosure
 WHERE person_id = ANY(%(people)s::uuid[])
"""


def handed_by_us(person_ids: Sequence[UUID]) -> Iterator[Received]:
    """What stands written down of these people; one statement."""
    for recipient, person, how, fields in prepared(_HANDED, {"people": list(person_ids)}):
        yield Received(recipient, person, how, frozenset(fields))
