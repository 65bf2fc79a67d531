"""At sixteen a child answers for themselves: their own yes takes the place of a parent's (INV-14).

The one button of the letter that asks anew leads here. Until then the parent's yes stands, to the
day on which any child would be sixteen (`law.age_rules`); then it ends, whatever a topic's term.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.law.parameters import parameter
from akkoord.law.states import LIVE_STATES, Basis
from akkoord.law.terms import add_years
from akkoord.people.models import ContactPoint, Person

STEP = 5_000


def rest_on_a_parent(standings: QuerySet[Standing]) -> QuerySet[Standing]:
    """Of these standings the living yeses that a parent gave, not the child."""
    given = PermissionEvent.objects.filter(id=OuterRef("event_id"), evidence__parent_consent=True)
    return standings.filter(Exists(given), basis=Basis.CONSENT, state__in=LIVE_STATES)


def asked_anew(at: datetime) -> QuerySet[Standing]:
    """The yeses of a parent whose child may answer for themselves by now (one year on)."""
    since = datetime.combine(
        add_years(at.date(), -parameter("child-asked-anew", at.date())), at.timetz()
    )
    return rest_on_a_parent(
        Standing.objects.filter(
            Q(person__is_known_child=True, person__known_child_at__lte=since)
            | Q(person__is_known_child=False)
        )
    )


def know_as_child(point: ContactPoint, *, on: datetime) -> None:
    """A parent signed for them that day, so they were under sixteen; never against a later word.

    The caller holds the lock of the contact point.
    """
    Person.objects.filter(id=point.person_id).filter(
        Q(is_known_child=None)
        | Q(is_known_child=True, known_child_at=None)
        | Q(is_known_child=True, known_child_at__lt=on)
    ).update(is_known_child=True, known_child_at=on)


def know_as_sixteen(point: ContactPoint) -> None:
    """They say so themselves, from their own mailbox: no longer a known child.

    The caller holds the lock of the contact point and has asked `may_say_sixteen`.
    """
    Person.objects.filter(id=point.person_id, is_known_child=True).update(
        is_known_child=False, known_child_at=None
    )
    point.person.is_known_child, point.person.known_child_at = False, None


# Which parents' yeses are over? Of known children and of former ones, by the day on which the yes
# was given. Those from now on end by their own `valid_until`; this finds the older ones. Indexes:
# people_person_child, consent_standing by person, the primary key of events.
_LOCK = """
SELECT p.id FROM people_contactpoint p WHERE p.id IN (
  SELECT s.contact_point_id FROM people_person x
    JOIN consent_standing s ON s.person_id = x.id
    JOIN consent_permissionevent e ON e.id = s.event_id
   WHERE x.is_known_child IS NOT NULL AND s.state IN ('given', 'confirmed')
     AND s.basis = 'consent' AND s.since <= %(before)s
     AND e.evidence @> '{"parent_consent": true}'
   ORDER BY s.contact_point_id LIMIT %(step)s)
 ORDER BY p.id FOR NO KEY UPDATE
"""
_STAGE = """
INSERT INTO staged_permission_event (id, person_ref, contact_point_ref, purpose_version_id, channel,
  basis, state, happened_at, recorded_at, valid_until, actor_kind, actor_ref, method,
  collection_point_id, notice_id, is_declared, evidence)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY s.contact_point_id, s.purpose_id)),
  s.person_id, s.contact_point_id, v.id, s.channel, s.basis, 'expired', %(at)s, %(at)s, NULL,
  'system', NULL, 'system', NULL, NULL, false,
  jsonb_build_object('term_of', s.event_id, 'asks_own_yes', true)
  FROM consent_standing s
  JOIN consent_permissionevent e ON e.id = s.event_id
  JOIN register_purposeversion v
    ON v.purpose_id = s.purpose_id AND v.number = s.purpose_version_number
 WHERE s.contact_point_id = ANY(%(points)s) AND s.state IN ('given', 'confirmed')
   AND s.basis = 'consent' AND s.since <= %(before)s
   AND e.evidence @> '{"parent_consent": true}'
"""


def end_parents_yeses(*, at: datetime) -> int:
    """End every parent's yes of a child who is sixteen by now for certain, in steps; how many."""
    on = at.date()
    years = parameter("age-of-consent", on) - parameter("youngest-sign-up", on)
    before = datetime.combine(add_years(on, -years), at.timetz())
    total = 0
    while step := _step(before, at=at):
        total += step
    return total


@transaction.atomic
def _step(before: datetime, *, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"before": before, "step": STEP})
        points = [row[0] for row in cursor.fetchall()]
        if not points:
            return 0
        create_staging(cursor)
        ms = int(at.timestamp() * 1000)
        cursor.execute(_STAGE, {"at": at, "ms": ms, "points": points, "before": before})
        return append_staged_events(cursor)
