"""What the start page and the overview tell: a bounded number of statements each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import ngettext

from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.queries import plans_that_need_somebody
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.receive import count_to_read
from akkoord.delivery.server_queries import ServersAway, servers_away
from akkoord.insight.seldom import counted_seldom
from akkoord.law.deadlines import Urgency
from akkoord.law.states import LIVE_STATES, PermissionState
from akkoord.law.terms import law_day
from akkoord.messages.contracts import Whose, without_contract
from akkoord.messages.models import Dispatch, Message
from akkoord.people.queries import people_count, to_judge_count
from akkoord.register.exception_queries import ending_soon
from akkoord.register.models import FieldException, Purpose
from akkoord.register.queries import live_topics
from akkoord.rights.queries import RequestRow, open_requests
from akkoord.rights.recipient_queries import open_notice_count
from akkoord.trail.backup_queries import BackupState, backup_state
from akkoord.web.numbers import in_words

SMALL_GROUP = 5  # figures about fewer people are not shown


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """How a topic stands: who said yes, who waits, who left."""

    topic: Purpose
    name: str
    yes: int
    waiting: int
    left: int

    @property
    def note(self) -> str:
        """Who waits and who left, in a few words."""
        parts = []
        if self.waiting:
            parts.append(
                ngettext("{n} waits", "{n} wait", self.waiting).format(n=in_words(self.waiting))
            )
        if self.left:
            parts.append(ngettext("{n} left", "{n} left", self.left).format(n=in_words(self.left)))
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class StartFigures:
    """What the start page shows."""

    people: int
    to_judge: int
    mails_to_read: int
    topics: list[TopicFigures]
    requests: list[RequestRow]  # what is overdue first
    others_to_hear: int  # recipients that have not answered (INV-37)
    running: list[Campaign]
    latest: list[Campaign]
    plans: list[Plan]  # missed, or not started
    away: ServersAway | None  # mail servers that do not answer
    no_contract: list[Whose]  # mail servers that may get no address yet (INV-42)
    backups: BackupState | None  # late, or the journal in one place; None: nothing to do
    closing: list[FieldException]  # fields of special categories that close within the month

    @property
    def overdue(self) -> list[RequestRow]:
        """Requests whose day has passed: on top of everything (INV-33)."""
        return [each for each in self.requests if each.urgency == Urgency.OVERDUE]


def _standing_counts() -> dict[UUID, dict[str, int]]:
    """Standings per purpose and state, in one statement; who is frozen counts nowhere (INV-38)."""
    counts: dict[UUID, dict[str, int]] = {}
    free = Standing.objects.filter(person__restricted_at=None)
    for row in free.values("purpose_id", "state").annotate(n=Count("id")):
        counts.setdefault(row["purpose_id"], {})[row["state"]] = row["n"]
    return counts


def topic_figures() -> list[TopicFigures]:
    """Standing counts per topic, in one statement beside the topics themselves."""
    counts = counted_seldom("standing-counts", _standing_counts)
    figures = []
    for topic in live_topics():
        states = counts.get(topic.id, {})
        current = topic.current[0]  # type: ignore[attr-defined]  # set by the prefetch
        figures.append(
            TopicFigures(
                topic=topic,
                name=current.name,
                yes=sum(states.get(state, 0) for state in LIVE_STATES),
                waiting=states.get(PermissionState.REQUESTED, 0),
                left=states.get(PermissionState.WITHDRAWN, 0)
                + states.get(PermissionState.OBJECTED, 0),
            )
        )
    return figures


def start_figures() -> StartFigures:
    """Everything on the start page."""
    campaigns = Campaign.objects.select_related("dispatch")
    people = people_count()
    return StartFigures(
        people=people,
        to_judge=to_judge_count(),
        mails_to_read=count_to_read(),
        topics=topic_figures(),
        requests=open_requests(timezone.localdate(), 50),
        others_to_hear=open_notice_count(),
        running=list(
            campaigns.filter(
                dispatch__state__in=[
                    Dispatch.State.RUNNING,
                    Dispatch.State.PAUSED,
                    Dispatch.State.READY,  # on paper: somebody prints it
                ]
            ).order_by("-created_at")[:5]
        ),
        latest=list(
            campaigns.filter(dispatch__state=Dispatch.State.FINISHED).order_by(
                "-dispatch__ended_at"
            )[:5]
        ),
        plans=plans_that_need_somebody(),
        away=servers_away(),
        no_contract=without_contract(),
        backups=_backups_to_see_to(people),
        closing=ending_soon(law_day(timezone.now())),
    )


def _backups_to_see_to(people: int) -> BackupState | None:
    """How backups stand when that asks for somebody; with nobody in it there is nothing to lose."""
    state = backup_state() if people else None
    return state if state and state.needs_somebody else None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Choices in one month: how many said yes, how many left."""

    month: date
    yes: int
    left: int


def choices_per_month(*, at: datetime | None = None, months: int = 12) -> list[MonthFigures]:
    """Opt-ins and opt-outs per month, oldest first; erased people count on, without a name."""
    now = at or timezone.now()
    since = (now - timedelta(days=31 * months)).replace(day=1, hour=0, minute=0, second=0)
    rows = (
        PermissionEvent.objects.filter(
            recorded_at__gte=since, purpose_version__purpose__is_topic=True
        )
        .annotate(month=TruncMonth("recorded_at"))
        .values("month")
        .annotate(
            yes=Count("id", filter=Q(state=PermissionState.CONFIRMED)),
            left=Count(
                "id", filter=Q(state__in=[PermissionState.WITHDRAWN, PermissionState.OBJECTED])
            ),
        )
        .order_by("month")
    )
    return [MonthFigures(row["month"].date(), row["yes"], row["left"]) for row in rows]


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """What became of one campaign."""

    campaign: Campaign
    sent: int
    not_sent: int
    failed: int
    left_after: int  # withdrawals of its topic within seven days of the start


def campaign_figures(limit: int = 12) -> list[CampaignFigures]:
    """Results of the latest campaigns: two statements for all of them."""
    campaigns = list(
        Campaign.objects.exclude(dispatch=None)
        .exclude(dispatch__started_at=None)
        .select_related("dispatch")
        .order_by("-dispatch__started_at")[:limit]
    )
    counts: dict[object, dict[str, int]] = {}
    for row in (
        Message.objects.filter(dispatch_id__in=[each.dispatch_id for each in campaigns])
        .values("dispatch_id", "state")
        .annotate(n=Count("id"))
    ):
        counts.setdefault(row["dispatch_id"], {})[row["state"]] = row["n"]
    left = _left_after(campaigns)
    return [
        CampaignFigures(
            campaign=each,
            sent=counts.get(each.dispatch_id, {}).get(Message.State.SENT, 0),
            not_sent=counts.get(each.dispatch_id, {}).get(Message.State.SKIPPED, 0),
            failed=counts.get(each.dispatch_id, {}).get(Message.State.FAILED, 0),
            left_after=left.get(each.id, 0),
        )
        for each in campaigns
    ]


def _left_after(campaigns: list[Campaign]) -> dict[object, int]:
    """Withdrawals of each campaign's topic in the seven days after it: one statement."""
    if not campaigns:
        return {}
    totals = {
        f"c{number}": Count(
            "id",
            filter=Q(
                purpose_version__purpose_id=each.purpose_id,
                recorded_at__gte=each.dispatch.started_at,
                recorded_at__lt=each.dispatch.started_at + timedelta(days=7),
            ),
        )
        for number, each in enumerate(campaigns)
        if each.dispatch is not None and each.dispatch.started_at is not None
    }
    row = PermissionEvent.objects.filter(state=PermissionState.WITHDRAWN).aggregate(**totals)
    return {each.id: row.get(f"c{number}", 0) for number, each in enumerate(campaigns)}
