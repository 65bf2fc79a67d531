"""The strictest of two records that are joined: a no of either holds for both (INV-4).

No event is made: what somebody said stays what they said. The other addresses go on the list of
what may not be used, until a later act of the person themself (INV-5), or until the records are
parted, for then it was somebody else's no.
"""

from collections.abc import Iterable, Mapping
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


def nos_of(person_id: UUID, *, since: datetime | None = None) -> set[No]:
    """What somebody said no to, by standing and by the list; with `since` only what came after."""
    points = list(ContactPoint.objects.filter(person_id=person_id))
    others = others_addresses(points)
    mine = [each for each in points if (each.channel, each.normalised) not in others]
    standings = Standing.objects.filter(contact_point__in=mine, state__in=STOP_STATES)
    listed = Suppression.objects.filter(keyed_hash__in=[bytes(each.keyed_hash) for each in mine])
    if since is not None:
        standings = standings.filter(heard_at__gt=since)
        listed = listed.filter(since__gt=since)
    found: set[No] = set()
    for channel, slug, state in standings.values_list("channel", "purpose__slug", "state"):
        found.add(("", ALL) if state == PermissionState.OBJECTED else (channel, slug))
    channels = {(bytes(each.keyed_hash), each.channel) for each in mine}
    for each in listed:
        if (bytes(each.keyed_hash), each.channel) in channels:
            everywhere = each.scope == ALL and each.reason in ("objection", "erasure")
            found.add(("" if everywhere else each.channel, each.scope))
    return found


def _targets(person_id: UUID, nos: Iterable[No]) -> Iterable[tuple[ContactPoint, str]]:
    """The addresses of somebody that these nos fall on."""
    points = list(ContactPoint.objects.filter(person_id=person_id, ended_at=None).order_by("id"))
    for channel, scope in sorted(nos):
        for point in points:
            if channel in ("", point.channel):
                yield point, scope


def share_nos(join: Join) -> dict[str, Any]:
    """Let the nos of each hold for the other, and answer what was written to do so."""
    made: list[str] = []
    was: list[dict[str, Any]] = []
    sides = {each: nos_of(each) for each in (join.old, join.new)}
    review = term_end("suppression-review", law_day(join.at)) or law_day(join.at)
    for to, said in ((join.old, sides[join.new]), (join.new, sides[join.old])):
        for point, scope in _targets(to, said - sides[to]):
            entry, is_new = Suppression.objects.select_for_update().get_or_create(
                keyed_hash=bytes(point.keyed_hash),
                channel=point.channel,
                scope=scope,
                defaults={"reason": JOINED, "since": join.at, "review_on": review},
            )
            if is_new:
                made.append(str(entry.id))
            elif entry.lifted_for:
                was.append(
                    {
                        "id": str(entry.id),
                        "since": entry.since.isoformat(),
                        "lifted_for": entry.lifted_for,
                    }
                )
                entry.since, entry.lifted_for = join.at, []
                entry.save(update_fields=["since", "lifted_for"])
    return {"made": made, "was": was}


def in_words(join: Join) -> list[str]:
    """What the preview says: whose no will hold for the other."""
    sides = {each: nos_of(each) for each in (join.old, join.new)}
    shared = sides[join.old] ^ sides[join.new]
    if not shared:
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
    later = nos_of(join.old, since=since) | nos_of(join.new, since=since)
    untouched = Q(since=since, lifted_for=[])
    Suppression.objects.filter(untouched, id__in=note.get("made", []), reason=JOINED).delete()
    for each in note.get("was", []):
        Suppression.objects.filter(untouched, id=each["id"]).update(
            since=datetime.fromisoformat(each["since"]), lifted_for=each["lifted_for"]
        )
    for to in (join.old, join.new):
        for point, scope in _targets(to, later - nos_of(to, since=since)):
            suppress(
                keyed_hash=bytes(point.keyed_hash),
                channel=point.channel,
                scope=scope,
                reason="objection" if scope == ALL else "withdrawal",
                at=join.at,
                actor=join.actor,
            )
