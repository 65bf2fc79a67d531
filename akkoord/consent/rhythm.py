"""A pause and less often: the person's own wishes, which only ever take away (art. 7(3), 25).

Not consent and not sealed: nothing may ever be sent because of them. The gate reads them; the
pipeline says which letters really left (`take_turns`), since counting belongs to what happened.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from akkoord.consent.events import lock_point
from akkoord.consent.models import Rhythm
from akkoord.consent.refusals import ConsentRefused, demand
from akkoord.datamap.holds import held_people
from akkoord.law.reasons import Reason
from akkoord.law.rhythm_rules import Rhythm as HowOften
from akkoord.law.rhythm_rules import judge_pause, next_turn
from akkoord.people.models import ContactPoint

HERE = ZoneInfo("Europe/Amsterdam")
LastSent = Callable[[UUID, UUID, UUID], datetime | None]
_last_sent: list[LastSent] = []

# Of these addresses those that asked for less often take their turn, if it has come: the row's
# lock and the condition together let one of two letters through. Index: consent_one_rhythm.
_TAKE = """
WITH asked AS MATERIALIZED (
  SELECT id, contact_point_id FROM consent_rhythm
   WHERE contact_point_id = ANY(%(points)s::uuid[]) AND purpose_id = %(purpose)s AND at_most <> ''),
taken AS (
  UPDATE consent_rhythm r SET was_not_before = r.not_before,
         not_before = CASE r.at_most WHEN 'week' THEN %(week)s::timestamptz
                                     WHEN 'month' THEN %(month)s::timestamptz
                                     ELSE %(quarter)s::timestamptz END
    FROM asked a WHERE r.id = a.id AND (r.not_before IS NULL OR r.not_before <= %(at)s)
  RETURNING r.contact_point_id)
SELECT contact_point_id FROM asked EXCEPT SELECT contact_point_id FROM taken
"""


def last_sent_by(source: LastSent) -> LastSent:
    """Register who knows when a topic was last sent: (person, contact point, purpose) to moment."""
    _last_sent[:] = [source]
    return source


def pause(
    *,
    point_id: UUID,
    until: date,
    at: datetime,
    purpose_id: UUID | None = None,
    only_longer: bool = False,
) -> datetime:
    """Nothing of this topic (None: of any topic) until that day begins; answers the moment.

    A topic pauses at this address; everything pauses at every address and device of the person, as
    everything off stops it everywhere. Refuses (ConsentRefused) a day that is past and one beyond
    the limit. A second time moves it; with `only_longer` never to an earlier moment.
    """
    demand(judge_pause(until, today=timezone.localdate(at, HERE)))
    moment = datetime.combine(until, time(), HERE)
    with transaction.atomic():
        for point in _points(point_id, purpose_id):
            known = _wish(point, purpose_id)
            if only_longer and known.filter(paused_until__gte=moment).exists():
                continue
            if not known.update(paused_until=moment, changed_at=at):
                Rhythm.objects.create(
                    contact_point=point, purpose_id=purpose_id, paused_until=moment, changed_at=at
                )
    return moment


def resume(*, point_id: UUID, at: datetime, purpose_id: UUID | None = None) -> None:
    """End a pause before its day, as wide as it began. What was stopped stays stopped."""
    with transaction.atomic():
        for point in _points(point_id, purpose_id):
            found = _wish(point, purpose_id)
            found.update(paused_until=None, changed_at=at)
            found.filter(at_most="").delete()


def pause_with(*, point_id: UUID, mailbox_id: UUID, at: datetime) -> None:
    """A device that comes beside a mailbox keeps still as long as the mailbox does."""
    paused = Rhythm.objects.filter(
        contact_point_id=mailbox_id, purpose__isnull=True, paused_until__gt=at
    ).first()
    if paused is None:
        return
    Rhythm.objects.update_or_create(
        contact_point_id=point_id,
        purpose=None,
        defaults={"paused_until": paused.paused_until, "changed_at": at},
    )


def _points(point_id: UUID, purpose_id: UUID | None) -> list[ContactPoint]:
    """This address, for everything with the person's other living ones; locked, in order."""
    if purpose_id is not None:
        return [lock_point(point_id)]
    asked = ContactPoint.objects.filter(id=point_id)
    found = list(
        ContactPoint.objects.select_for_update(no_key=True, of=("self",))
        .filter(Q(id=point_id) | Q(person_id__in=asked.values("person_id"), ended_at=None))
        .order_by("id")
    )
    if not found:
        raise ConsentRefused(Reason.PERSON_GONE)
    return found


def set_frequency(
    *,
    point_id: UUID,
    purpose_id: UUID,
    at_most: HowOften | None,
    at: datetime,
    only_less: bool = False,
) -> None:
    """At most one letter of this topic in this time, counted from the last that left (None: as it
    comes). With `only_less` nothing happens where less was asked already."""
    with transaction.atomic():
        point = lock_point(point_id)
        found = _wish(point, purpose_id)
        if only_less and not _is_less(found.first(), at_most):
            return
        if at_most is None:
            found.update(at_most="", not_before=None, was_not_before=None, changed_at=at)
            found.filter(paused_until=None).delete()
            return
        last = _last_sent[0](point.person_id, point.id, purpose_id) if _last_sent else None
        moments = [next_turn(last, at_most)] if last else []
        if only_less:  # whatever is known of the last letter, nothing may come sooner
            moments += [each.not_before for each in found if each.not_before]
        Rhythm.objects.update_or_create(
            contact_point=point,
            purpose_id=purpose_id,
            defaults={
                "at_most": at_most,
                "not_before": max(moments, default=None),
                "was_not_before": None,
                "changed_at": at,
            },
        )


def _is_less(known: Rhythm | None, at_most: HowOften | None) -> bool:
    order = ["", *HowOften]
    return order.index(at_most or "") > order.index(known.at_most if known else "")


def _wish(point: ContactPoint, purpose_id: UUID | None) -> QuerySet[Rhythm]:
    of_point = Rhythm.objects.filter(contact_point=point)
    if purpose_id is None:
        return of_point.filter(purpose__isnull=True)
    return of_point.filter(purpose_id=purpose_id)


def take_turns(point_ids: Collection[UUID], *, purpose_id: UUID, at: datetime) -> set[UUID]:
    """A letter of this topic is about to leave for these addresses: those that it is too early for.

    One statement; of two letters at once, one comes through. Who asked nothing is untouched.
    """
    if not point_ids:
        return set()
    values = {each.value: next_turn(at, each) for each in HowOften}
    with connection.cursor() as cursor:
        wanted = "{" + ",".join(each.hex for each in point_ids) + "}"  # ten times a list's speed
        cursor.execute(_TAKE, {"points": wanted, "purpose": purpose_id, "at": at, **values})
        return {row[0] for row in cursor.fetchall()}


def give_turns_back(point_ids: Collection[UUID], *, purpose_id: UUID) -> int:
    """The letter did not leave after all: the turn stands where it stood; how many."""
    if not point_ids:
        return 0
    return (
        Rhythm.objects.filter(contact_point_id__in=list(point_ids), purpose_id=purpose_id)
        .exclude(at_most="")
        .update(not_before=F("was_not_before"), was_not_before=None)
    )


def rhythms_at(point: ContactPoint) -> dict[UUID | None, Rhythm]:
    """The wishes of one address, per topic; under None the pause of everything."""
    return {each.purpose_id: each for each in Rhythm.objects.filter(contact_point=point)}


def forget_past_pauses(*, at: datetime) -> int:
    """Remove pauses that are over, but of who is held for a legal claim; how many rows went or
    changed."""
    past = Rhythm.objects.filter(paused_until__lte=at)
    past = past.exclude(contact_point__person_id__in=held_people())
    gone = past.filter(at_most="").delete()[0]
    return gone + past.filter(~Q(at_most="")).update(paused_until=None)
