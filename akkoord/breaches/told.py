"""Who was told of a leak (art. 34), who was not, of whom nobody knows; what came back is undone."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from akkoord.breaches.log import note
from akkoord.breaches.models import Affected, Breach, BreachNotice
from akkoord.messages.duty import sent_of
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor


def untold(breach: Breach) -> QuerySet[Affected]:
    """Affected people whom no letter of this leak reached or is on its way to.

    A letter that came back reached nobody, nor did one that was stopped before it left. One of
    which nobody knows is not sent again by itself.
    """
    reached = _reached(breach)
    return breach.affected.filter(told_by="").exclude(person_id__in=reached.values("person_id"))


def _reached(breach: Breach) -> QuerySet[Message]:
    """Letters that left, or are on their way, and did not come back."""
    found = _messages_of(breach).exclude(state__in=[Message.State.SKIPPED, Message.State.FAILED])
    return found.filter(~_came_back()).exclude(
        state=Message.State.DUE, dispatch__state=Dispatch.State.CANCELLED
    )


def told_kinds(breach: Breach) -> set[str]:
    """To whom something was told. Letters that were all stopped or came back told nobody."""
    notices = list(breach.notices.values_list("kind", "dispatch_id"))
    found = {kind for kind, _run in notices}
    by_mail = {run for kind, run in notices if kind == BreachNotice.Kind.PEOPLE}
    if by_mail and None not in by_mail and not _reached(breach).exists():
        found.discard(BreachNotice.Kind.PEOPLE)
    return found


def uncertain(breach: Breach) -> QuerySet[Affected]:
    """Those of whose letter nobody knows whether it arrived, and who get none by post either."""
    found = _messages_of(breach).filter(~_came_back(), state=Message.State.UNCERTAIN)
    return breach.affected.filter(
        told_by="", is_for_post=False, person_id__in=found.values("person_id")
    )


def _messages_of(breach: Breach) -> QuerySet[Message]:
    runs = [each for each in breach.notices.values_list("dispatch_id", flat=True) if each]
    return Message.objects.filter(dispatch_id__in=runs)


def _came_back() -> Exists:
    """Whether the address of a letter turned out not to work after the hand-over."""
    return Exists(
        ContactPoint.objects.filter(
            id=OuterRef("contact_point_id"),
            undeliverable_at__gte=OuterRef("handing_at"),
        )
    )


@transaction.atomic
def settle_told(breach: Breach, *, at: datetime) -> int:
    """Write down of whom the letter left; set-based, and safe to do again. How many.

    Who was told by a letter that came back since is not told (art. 34): that is undone, and noted.
    """
    runs = [each for each in breach.notices.values_list("dispatch_id", flat=True) if each]
    if not runs:
        return 0
    _undo_told(breach, runs, at)
    told = 0
    for notice in breach.notices.filter(dispatch_id__in=runs):
        left = sent_of([notice.dispatch_id]).filter(~_came_back())  # type: ignore[list-item]
        found = breach.affected.filter(told_by="", person_id__in=left.values("person_id"))
        told += found.update(told_by=Affected.Told.MAIL, told_at=notice.at)
    return told


def _undo_told(breach: Breach, runs: list[Any], at: datetime) -> None:
    sent = sent_of(runs)
    back = sent.filter(_came_back()).values("person_id")
    arrived = sent.filter(~_came_back()).values("person_id")
    found = breach.affected.filter(told_by=Affected.Told.MAIL, person_id__in=back)
    if found.exclude(person_id__in=arrived).update(told_by="", told_at=None):
        note(breach, "mail-back", at=at, actor=Actor.system())


def settle_all(*, at: datetime) -> int:
    """The same for every leak that told people in the last month."""
    since = at - timedelta(days=30)
    lately = Breach.objects.filter(notices__kind="people", notices__at__gte=since).distinct()
    return sum(settle_told(each, at=at) for each in lately)
