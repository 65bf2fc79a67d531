"""Named reads: the list of requests, one request, a run by its reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from akkoord.law.deadlines import Urgency, urgency
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.people.queries import person_by_id
from akkoord.rights.due_days import due_of
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.refusals import OPEN_STATES

PAGE = 50
# Open, or decided while the person did not hear it. Of who was forgotten nobody is left to tell.
_REACHABLE = Q(subject_id__isnull=False) | ~Q(reply_to="")
_TO_ANSWER = Q(state__in=OPEN_STATES) | (Q(owes_letter=True) & _REACHABLE)
_TOLD_IN_TIME = Q(extension_told_on__lte=F("due_on"))  # as `law.deadlines.answer_due`


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with what binds it now."""

    request: RightsRequest
    due: date
    urgency: Urgency
    days: int  # left; negative when overdue
    is_open: bool
    kinds: list[str]
    waits_for_letter: bool = False

    @property
    def state_word(self) -> Any:
        """The state in a word."""
        if self.waits_for_letter:
            return _("Decided; the letter must still go")
        return RightsRequest.State(self.request.state).label

    @property
    def late_by(self) -> int:
        """Days past the due day."""
        return -self.days


def row_of(request: RightsRequest, today: date) -> RequestRow:
    """One request as a row."""
    due = due_of(request)
    can_tell = request.subject_id is not None or bool(request.reply_to)
    return RequestRow(
        request=request,
        due=due,
        urgency=urgency(due, today),
        days=(due - today).days,
        is_open=request.state in OPEN_STATES,
        kinds=[str(RightsRequest.Kind(kind).label) for kind in request.kinds],
        waits_for_letter=request.owes_letter and can_tell,
    )


def open_requests(today: date, limit: int = 200) -> list[RequestRow]:
    """What waits for an answer or for its letter: overdue on top, then what is due first."""
    found = (
        RightsRequest.objects.filter(_TO_ANSWER)
        .annotate(binding=Case(When(_TOLD_IN_TIME, then=F("extended_until")), default=F("due_on")))
        .order_by("binding", "id")[:limit]
    )
    return [row_of(each, today) for each in found]


def closed_requests(today: date, *, before: UUID | None = None) -> list[RequestRow]:
    """What was answered, newest first, paged by key."""
    found: QuerySet[RightsRequest] = RightsRequest.objects.exclude(_TO_ANSWER)
    if before is not None:
        found = found.filter(id__lt=before)
    return [row_of(each, today) for each in found.order_by("-id")[:PAGE]]


def unfinished_runs() -> list[ErasureRun]:
    """Erasures without a certificate: being checked, cut short, or blocked."""
    return list(
        ErasureRun.objects.exclude(state=ErasureRun.State.CLEAN).order_by("started_at")[:PAGE]
    )


def run_by_reference(reference: str) -> ErasureRun | None:
    """The erasure with this reference, however it was typed."""
    return ErasureRun.objects.filter(reference=reference.strip().upper()).first()


def run_of(request: RightsRequest) -> ErasureRun | None:
    """The erasure that answered a request."""
    if request.erasure_run_id is None:
        return None
    return ErasureRun.objects.filter(id=request.erasure_run_id).first()


def subject_of(request: RightsRequest) -> Person | None:
    """The person who asked, as far as we know them and they are still here."""
    return person_by_id(request.subject_id) if request.subject_id else None


def mailbox_of(request: RightsRequest) -> ContactPoint | None:
    """The mailbox that we know of who asked: the one they typed, when it is still theirs."""
    person = subject_of(request)  # also when the record was joined with another since
    if person is None:
        return None
    mine = ContactPoint.objects.filter(person=person, channel=Channel.EMAIL, ended_at=None)
    typed = mine.filter(normalised=request.reply_to).first() if request.reply_to else None
    return typed or mine.order_by("created_at").first()


def requests_of(person_ids: Sequence[UUID], limit: int) -> list[RightsRequest]:
    """What a person asked, newest first."""
    return list(
        RightsRequest.objects.filter(subject_id__in=person_ids).order_by("-received_at")[:limit]
    )
