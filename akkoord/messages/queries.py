"""Named reads: how a dispatch stands, and what was sent to one person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import Agreement, Purchase


@dataclass(frozen=True, slots=True)
class DispatchFigures:
    """Exact accounting: `audience` = sent + failed + skipped + uncertain + due + claimed + made.

    `complete`: all recipients' rows are there; before that the audience still grows. `rate` is
    messages a second over the time that the dispatch ran.
    """

    state: str
    audience: int = 0
    sent: int = 0
    failed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    uncertain: int = 0
    due: int = 0
    claimed: int = 0
    made: int = 0  # letters on paper that wait to be handed over
    rate: float = 0.0
    complete: bool = False
    pause_reason: str = ""
    waiting: dict[str, int] = field(default_factory=dict)  # of `due`: those held up, by reason
    waits_for: str = ""  # why nothing leaves now, while it runs
    waits_until: datetime | None = None

    @property
    def remaining(self) -> int:
        """What still waits for its outcome."""
        return self.due + self.claimed

    @property
    def to_send(self) -> int:
        """Those whom the gate let through, as far as it is known."""
        return self.audience - sum(self.skipped.values())

    @property
    def is_growing(self) -> bool:
        """Whether people are still being listed, while the first letters leave already."""
        return self.state == Dispatch.State.RUNNING and not self.complete

    @property
    def handled(self) -> int:
        """Those with an outcome of a hand-over."""
        return self.sent + self.failed + self.uncertain + self.made

    @property
    def seconds_left(self) -> int | None:
        """How long it may still take; None when nothing says so."""
        if self.is_growing or not self.rate or not self.remaining:
            return None
        return round(self.remaining / self.rate)

    def as_json(self) -> dict[str, Any]:
        """For the command and the API."""
        return asdict(self) | {"remaining": self.remaining}


def dispatch_figures(dispatch_id: UUID, *, at: datetime | None = None) -> DispatchFigures:
    """How a dispatch stands now, in two statements (index messages_counts).

    Raises Dispatch.DoesNotExist.
    """
    dispatch = Dispatch.objects.get(id=dispatch_id)
    rows = (
        Message.objects.filter(dispatch_id=dispatch_id)
        .values_list("state", "reason")
        .annotate(n=Count("*"))
        .order_by("-n", "reason")
    )
    counts = dict.fromkeys(Message.State.values, 0)
    skipped: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for state, reason, number in rows:
        counts[state] += number
        if state == Message.State.SKIPPED:
            skipped[reason] = skipped.get(reason, 0) + number
        if state == Message.State.DUE and reason:
            waiting[reason] = waiting.get(reason, 0) + number
    return DispatchFigures(
        state=dispatch.state,
        audience=sum(counts.values()),
        sent=counts["sent"],
        failed=counts["failed"],
        skipped=skipped,
        uncertain=counts["uncertain"],
        due=counts["due"],
        claimed=counts["claimed"],
        made=counts["made"],
        rate=_rate(dispatch, counts["sent"] + counts["failed"] + counts["uncertain"], at),
        complete=dispatch.fanned_out_at is not None,
        pause_reason=dispatch.pause_reason,
        waiting=waiting,
        waits_for=dispatch.waits_for if dispatch.state == Dispatch.State.RUNNING else "",
        waits_until=dispatch.waits_until,
    )


def _rate(dispatch: Dispatch, handled: int, at: datetime | None) -> float:
    """Messages a second since it began."""
    start = dispatch.started_at
    end = dispatch.ended_at or at
    if start is None or end is None or end <= start:
        return 0.0
    return round(handled / (end - start).total_seconds(), 1)


def messages_of(person_ids: Sequence[UUID], limit: int = 50) -> QuerySet[Message]:
    """What was sent to a person, or not, newest first, with its dispatch (index
    messages_person)."""
    return (
        Message.objects.filter(person_id__in=person_ids)
        .select_related("dispatch__purpose")
        .order_by("-due_at", "-id")[:limit]
    )


def bought_on(found: Sequence[Message]) -> dict[UUID, date]:
    """The day of what each service message rests on, in two statements at most."""
    days: dict[str, tuple[Any, str]] = {
        "purchase": (Purchase, "bought_on"),
        "agreement": (Agreement, "agreed_day"),
    }
    told: dict[UUID, date] = {}
    for kind, (model, day) in days.items():
        wanted = [each.evidence_id for each in found if each.evidence_kind == kind]
        if any(wanted):
            told |= dict(model.objects.filter(id__in=filter(None, wanted)).values_list("id", day))
    return told


def last_sent_at(person_id: UUID, point_id: UUID, purpose_id: UUID) -> datetime | None:
    """When a letter for this purpose last left for this address, or may have (index
    messages_person)."""
    found: datetime | None = (
        Message.objects.filter(
            Q(purpose_id=purpose_id) | Q(purpose_id=None, dispatch__purpose_id=purpose_id),
            person_id=person_id,
            contact_point_id=point_id,
            state__in=[Message.State.SENT, Message.State.UNCERTAIN],
        )
        .order_by("-outcome_at")
        .values_list("outcome_at", flat=True)
        .first()
    )
    return found


def somebody_got(run: str) -> Exists:
    """Whether anything of a run left, as a condition; `run`: the outer query's field for it.

    What is being handed over this moment counts: who has it may open it before its outcome stands.
    """
    state = Message.State
    left = Q(state__in=(state.SENT, state.UNCERTAIN)) | Q(
        state=state.CLAIMED, handing_at__isnull=False
    )
    return Exists(Message.objects.filter(left, dispatch_id=OuterRef(run)))


def running_dispatches() -> list[Dispatch]:
    """Dispatches that are under way or paused, the oldest first."""
    return list(
        Dispatch.objects.filter(state__in=[Dispatch.State.RUNNING, Dispatch.State.PAUSED])
        .select_related("purpose")
        .order_by("created_at")[:20]
    )
