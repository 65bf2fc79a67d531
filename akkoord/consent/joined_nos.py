"""The strictest of two records that are joined: a no of either holds for both (INV-4).

No event is made: what somebody said stays what they said. The other addresses go on the list of
what may not be used, until a later act of the person themself (INV-5), or until the records are
parted, for then it was somebody else's no.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.consent.models import Standing, Suppression
from akkoord.consent.suppression import others_addresses, suppress
from akkoord.law.parameters import term_end
from akkoord.law.states import STOP_STATES, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.joining_steps import Join
from akkoord.people.models import ContactPoint

JOINED = "joined"
No = tuple[str, str]  # channel (empty: every one) and scope
ALL = Suppression.ALL_MARKETING


def nos_of(person_id: UUID, *, since: datetime | None = None) -> dict[No, frozenset[str]]:
    """What somebody said no to, by standing and by the list; with `since` only what came after.

    With each no the topics that they said yes to again later, wherever that no stands.
    """
    points = list(ContactPoint.objects.filter(person_id=person_id))
    others = others_addresses(points)
    mine = [each for each in points if (each.channel, each.normalised) not in others]
    standings = Standing.objects.filter(contact_point__in=mine, state__in=STOP_STATES)
    listed = Suppression.objects.filter(keyed_hash__in=[bytes(each.keyed_hash) for each in mine])
    if since is not None:
        standings = standings.filter(heard_at__gt=since)
        listed = listed.filter(since__gt=since)
    found: dict[No, frozenset[str]] = {}
    ids = {(bytes(each.keyed_hash), each.channel): each.id for each in mine}
    objected: set[UUID] = set()  # where the list knows more of an objection than the standing does
    for each in listed:
        point_id = ids.get((bytes(each.keyed_hash), each.channel))
        if point_id is None:
            continue
        everywhere = each.scope == ALL and each.reason in ("objection", "erasure")
        if everywhere:
            objected.add(point_id)
        no, lifted = ("" if everywhere else each.channel, each.scope), frozenset(each.lifted_for)
        found[no] = found.get(no, lifted) & lifted
    for point_id, channel, slug, state in standings.values_list(
        "contact_point_id", "channel", "purpose__slug", "state"
    ):
        if state != PermissionState.OBJECTED:
            found[channel, slug] = frozenset()
        elif point_id not in objected:
            found["", ALL] = frozenset()
    return found


def _missing(
    person_id: UUID, nos: Mapping[No, frozenset[str]]
) -> list[tuple[ContactPoint, str, frozenset[str]]]:
    """The addresses of somebody where one of these nos falls and does not hold yet.

    Per address: a no at one of theirs says nothing of another one, where they may have said yes.
    With each the topics that may stay an exception. A new mailbox that did not answer yet may be
    somebody else's, who said nothing: the no is carried there with its answer.
    """
    if not nos:
        return []
    living = list(ContactPoint.objects.filter(person_id=person_id, ended_at=None).order_by("id"))
    others = others_addresses(living)
    points = [each for each in living if (each.channel, each.normalised) not in others]
    listed = {
        (bytes(each.keyed_hash), each.channel, each.scope): each.lifted_for
        for each in Suppression.objects.filter(
            keyed_hash__in=[bytes(each.keyed_hash) for each in points]
        )
    }
    stopped = set(
        Standing.objects.filter(contact_point__in=points, state__in=STOP_STATES).values_list(
            "contact_point_id", "purpose__slug"
        )
    )

    def holds(point: ContactPoint, scope: str, lifted: frozenset[str]) -> bool:
        at = (bytes(point.keyed_hash), point.channel)
        every = listed.get((*at, ALL))
        if scope == ALL:
            return every is not None and set(every) <= lifted
        covered = every is not None and scope not in every
        return covered or listed.get((*at, scope)) == [] or (point.id, scope) in stopped

    return [
        (point, scope, nos[channel, scope])
        for channel, scope in sorted(nos)
        for point in points
        if channel in ("", point.channel) and not holds(point, scope, nos[channel, scope])
    ]


def share_nos(join: Join) -> dict[str, Any]:
    """Let the nos of each hold for the other, and answer what was written to do so."""
    made: list[str] = []
    was: list[dict[str, Any]] = []
    sides = {each: nos_of(each) for each in (join.old, join.new)}
    review = term_end("suppression-review", law_day(join.at)) or law_day(join.at)
    for to, said in ((join.old, sides[join.new]), (join.new, sides[join.old])):
        for point, scope, lifted in _missing(to, said):
            entry, is_new = Suppression.objects.select_for_update().get_or_create(
                keyed_hash=bytes(point.keyed_hash),
                channel=point.channel,
                scope=scope,
                defaults={"reason": JOINED, "since": join.at, "review_on": review},
            )
            if is_new:
                made.append(str(entry.id))
            elif entry.lifted_for:
                became = sorted(lifted & set(entry.lifted_for))
                was.append(
                    {
                        "id": str(entry.id),
                        "since": entry.since.isoformat(),
                        "lifted_for": entry.lifted_for,
                        "became": became,
                    }
                )
                entry.since, entry.lifted_for = join.at, became
                entry.save(update_fields=["since", "lifted_for"])
    return {"made": made, "was": was}


def in_words(join: Join) -> list[str]:
    """What the preview says: whose no will hold for the other."""
    if not (_missing(join.old, nos_of(join.new)) or _missing(join.new, nos_of(join.old))):
        return []
    return [
        _(
            "One of the two said no. That holds for both from now on, until the person says "
            "otherwise."
        )
    ]


def part_nos(join: Join, note: Mapping[str, Any]) -> None:
    """Take back what only held for the other, and let what was said since hold for both."""
    since = join.since or join.at
    sides = {each: nos_of(each, since=since) for each in (join.old, join.new)}
    Suppression.objects.filter(
        id__in=note.get("made", []), reason=JOINED, since=since, lifted_for=[]
    ).delete()
    for each in note.get("was", []):
        untouched = Q(since=since, lifted_for=each.get("became", []))
        Suppression.objects.filter(untouched, id=each["id"]).update(
            since=datetime.fromisoformat(each["since"]), lifted_for=each["lifted_for"]
        )
    for to, said in ((join.old, sides[join.new]), (join.new, sides[join.old])):
        for point, scope, _lifted in _missing(to, said):
            suppress(
                keyed_hash=bytes(point.keyed_hash),
                channel=point.channel,
                scope=scope,
                reason="objection" if scope == ALL else "withdrawal",
                at=join.at,
                actor=join.actor,
            )
