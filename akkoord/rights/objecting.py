"""An objection to one use (art. 21(1)): to which, what was weighed then, and what its end frees.

Until it is judged the whole record is frozen (art. 18(1)(d)). Granted, that use ends and the rest
may go on, once the person was told (art. 18(3)); unless something else keeps the record frozen.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.consent.end_use import end_use
from akkoord.datamap.holds import holds_on
from akkoord.law.request_rules import RequestKind
from akkoord.law.states import Basis
from akkoord.people.models import Person
from akkoord.people.queries import all_ids
from akkoord.register.models import BalancingTest, ProcessingActivity, Purpose
from akkoord.register.queries import current_versions
from akkoord.rights.log import note
from akkoord.rights.models import RequestPart, RequestStep, RightsRequest
from akkoord.rights.refusals import RequestRefused
from akkoord.trail.actions import Actor


@dataclass(frozen=True, slots=True)
class Use:
    """One use that rests on an interest of ours: its name and purpose, what was weighed (None:
    nothing is written down), and the topics that end with it."""

    key: str
    name: str
    purpose: str
    test: BalancingTest | None
    topics: tuple[str, ...]


def uses() -> list[Use]:
    """Every use that somebody can object to with reasons; three statements."""
    tests = {each.activity_key: each for each in BalancingTest.objects.filter(valid_to=None)}
    found = ProcessingActivity.objects.filter(
        Q(legal_basis=Basis.LEGITIMATE_INTEREST) | Q(key__in=tests), valid_to=None
    ).order_by("key")
    keys = [each.key for each in found]
    topics: dict[str, list[str]] = {}
    living = Purpose.objects.filter(activity_key__in=keys, is_topic=True, ended_at=None)
    for version in current_versions(living):
        topics.setdefault(version.purpose.activity_key, []).append(version.name)
    return [
        Use(each.key, each.name, each.purpose, tests.get(each.key), tuple(topics.get(each.key, ())))
        for each in found
    ]


def end_objected_use(
    request: RightsRequest, *, activity_key: str, at: datetime, actor: Actor
) -> None:
    """End the use that was objected to, for this person. Refuses one that cannot be found."""
    if request.subject_id is None or activity_key not in {each.key for each in uses()}:
        raise RequestRefused(_("Choose which use ends."), "activity")
    end_use(
        person_id=request.subject_id,
        activity_key=activity_key,
        actor=actor,
        at=at,
        happened_at=request.received_at,
    )
    note(
        request,
        "use-ended",
        at=at,
        actor=actor,
        kind=RequestKind.OTHER_USE,
        facts={"activity": activity_key},
    )


def stays_frozen(request: RightsRequest, person: Person) -> bool:
    """Whether something else than this objection keeps the record frozen.

    A freeze that was there before, one that was asked for, another objection that is not judged,
    or a claim for which data that must go stays for now.
    """
    began = request.steps.filter(code="frozen").order_by("id").first()
    if person.restricted_at is None or began is None or began.at != person.restricted_at:
        return True
    ids = all_ids(person.id)
    others = RequestStep.objects.filter(
        request__subject_id__in=ids, code="frozen", at__gte=person.restricted_at
    ).exclude(request=request)
    asked = request.parts.filter(kind=RequestKind.RESTRICTION)
    asked = asked.exclude(state=RequestPart.State.REFUSED)
    return others.exists() or asked.exists() or _waits_for_claim(ids)


def _waits_for_claim(ids: list[UUID]) -> bool:
    erasures = RequestPart.objects.filter(
        request__subject_id__in=ids, kind=RequestKind.ERASURE, state=RequestPart.State.OPEN
    )
    return erasures.exists() and bool(holds_on(ids))
