"""What became of a letter: delivered, returned, pressed, stopped, bought; of nobody in particular.

A bounded number of statements, whatever the number of recipients. A figure about fewer than five
people is not shown: it would be about somebody (art. 5(1)(c) GDPR).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_sql import named
from akkoord.insight import results_sql as sql
from akkoord.insight.seldom import counted_seldom
from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.people.models import ContactPoint
from akkoord.register.queries import current_versions, field_allowed
from akkoord.segments.models import Group

SMALL = 5
DAYS = (7, 14, 30)
MOST_GROUPS = 8
MONEY = "purchase_amount"  # the field that a topic must be allowed before sales are counted
_BLOCKED = ("5.7.", "4.7.")
_SOFT = ("5.2.2", "5.3.", "5.4.")


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """One link: how often people pressed it, and machines that look ahead."""

    place: int
    url: str
    presses: int
    ahead: int

    @property
    def label(self) -> str:
        """The address as it is read: without its scheme."""
        parts = urlsplit(self.url)
        return f"{parts.netloc.removeprefix('www.')}{parts.path}".rstrip("/")[:80]


@dataclass(frozen=True, slots=True)
class Bounced:
    """Letters that did not arrive, by kind; None: of fewer than five people.

    `total`: None too where it less the kinds that are shown would tell the one that is not.
    """

    hard: int | None = 0
    soft: int | None = 0
    block: int | None = 0
    later: int | None = 0  # taken by the server at first, and returned: still counted as sent
    total: int | None = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """People of those who let us see it: who opened, whose program opened ahead, who pressed."""

    opened: int | None
    opened_ahead: int | None
    pressed: int | None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How it went in one group, at one receiving domain or under one topic; never fewer than five
    people, and None for a figure about fewer.

    `bounced`: refused at the hand-over or returned since. `pressed`: of those who let us see it.
    `amount`: None too where the topic may not know of sales.
    """

    name: str
    sent: int
    failed: int | None
    stopped: int | None
    delivered: int | None = None
    bounced: int | None = None
    complaints: int | None = None
    pressed: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Revenue:
    """What was bought by whom it reached. `allowed`: whether the topic may know of sales."""

    allowed: bool
    buyers: int | None = None
    purchases: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one letter's page tells. None: fewer than five people."""

    campaign: Campaign
    figures: DispatchFigures
    bounced: Bounced
    links: tuple[LinkFigures, ...]
    stopped_during: int | None
    stopped_after: int | None
    complaints_during: int | None
    complaints_after: int | None
    opt_ins: int | None
    measured: Measured
    revenue: Revenue
    days: int
    groups: tuple[GroupFigures, ...] = ()
    domains: tuple[GroupFigures, ...] = ()
    topics: tuple[GroupFigures, ...] = ()  # of a letter about several

    @property
    def delivered(self) -> int | None:
        """Taken by the other side, and not returned since; None: fewer than five came back."""
        later = self.bounced.later
        return None if later is None else self.figures.sent - later

    @property
    def is_small(self) -> bool:
        """Whether it reached so few that every figure would be about somebody."""
        return self.figures.sent < SMALL

    @property
    def presses(self) -> int:
        """Presses of people on all links."""
        return sum(each.presses for each in self.links)

    @property
    def ahead(self) -> int:
        """What machines took before anybody read."""
        return sum(each.ahead for each in self.links)

    @property
    def stopped(self) -> int | None:
        """Stops by this letter's own link; None: fewer than five."""
        found = (self.stopped_during, self.stopped_after)
        return None if None in found else sum(each or 0 for each in found)

    def as_json(self) -> dict[str, Any]:
        """For the command."""
        hidden = self.is_small
        return {
            "state": self.figures.state,
            "audience": self.figures.audience,
            "sent": self.figures.sent,
            "delivered": self.delivered,
            "bounced": asdict(self.bounced),
            "presses": None if hidden else self.presses,
            "machines": None if hidden else self.ahead,
            "links": []
            if hidden
            else [
                {"url": each.url, "presses": each.presses, "machines": each.ahead}
                for each in self.links
            ],
            "stopped": {"during": self.stopped_during, "after": self.stopped_after},
            "complaints": {"during": self.complaints_during, "after": self.complaints_after},
            "opt_ins": self.opt_ins,
            "measured": asdict(self.measured),
            "revenue": asdict(self.revenue) | {"days": self.days},
            "groups": [asdict(each) for each in self.groups],
            "domains": [asdict(each) for each in self.domains],
            "topics": [asdict(each) for each in self.topics],
        }

    @property
    def is_live(self) -> bool:
        """Whether figures still change by sending."""
        return self.figures.state in ("ready", "running") or self.figures.claimed > 0


def results_of(campaign: Campaign, *, at: datetime, days: int = 14) -> Results:
    """The results of a letter that was sent, or is being sent; twenty statements, and three
    more for a letter about several topics."""
    run = campaign.dispatch
    if run is None:
        raise LookupError(campaign.id)
    asked = _Asked(campaign, run, at, days)
    stops = asked.kept("stops", lambda: _rows(sql.STOPS, asked.values))
    during = sum(1 for _point, when in stops if when <= asked.end)
    complaints = asked.kept("complaints", lambda: _rows(sql.COMPLAINTS, asked.values))
    early = sum(1 for _person, is_early in complaints if is_early)
    late = len(complaints) - early
    asked.values["stopped"] = [point for point, _when in stops if point]
    asked.values["complained"] = [person for person, _early in complaints]
    return Results(
        campaign=campaign,
        figures=asked.kept("figures", lambda: dispatch_figures(run.id, at=at)),
        bounced=_bounced(asked),
        links=links_of([run.id]).get(run.id, ()),
        stopped_during=shown(during),
        stopped_after=shown(len(stops) - during),
        complaints_during=shown(early),
        complaints_after=shown(late),
        opt_ins=shown(asked.kept("opt-ins", lambda: _rows(sql.OPT_INS, asked.values))[0][0]),
        measured=Measured(*map(shown, _rows(sql.MEASURED, asked.values)[0])),
        revenue=_revenue(asked),
        days=days,
        groups=_groups(asked),
        domains=_domains(asked),
        topics=_topics(asked),
    )


class _Asked:
    """One look at one run: what the statements need, and how their answers are kept."""

    def __init__(self, campaign: Campaign, run: Dispatch, at: datetime, days: int) -> None:
        self.campaign, self.run, self.at, self.days = campaign, run, at, days
        self.purposes = (campaign.purpose, *campaign.also_topics)
        self.may_know_sales = all(
            MONEY in field_allowed(each.activity_key) for each in self.purposes
        )
        self.end = run.ended_at or at
        self.values: dict[str, Any] = {
            "run": run.id,
            "purpose": run.purpose_id,
            "since": run.started_at or run.created_at,
            "end": self.end,
            "days": days,
            "small": SMALL,
            "topics": [each.id for each in self.purposes],
            "money": self.may_know_sales,
        }

    def kept(self, name: str, count: Any) -> Any:
        """The answer of now, or of a while ago when asking takes long."""
        return counted_seldom(f"results.{self.run.id}.{self.days}.{name}", count)


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def shown(n: int) -> int | None:
    """A figure about people that may be shown: nobody, or five and more."""
    return n if n == 0 or n >= SMALL else None


def is_small(run: UUID) -> bool:
    """Whether a run reached so few that every figure would be about somebody: one statement."""
    return Message.objects.filter(dispatch_id=run, state="sent")[:SMALL].count() < SMALL


def links_of(runs: list[UUID]) -> dict[UUID, tuple[LinkFigures, ...]]:
    """The counted links of these runs, in the order of the letter: one statement."""
    found: dict[UUID, list[LinkFigures]] = {}
    for run, place, url, presses, ahead in _rows(sql.CLICKS, {"runs": runs}):
        found.setdefault(run, []).append(LinkFigures(place, url, presses, ahead))
    return {run: tuple(links) for run, links in found.items()}


def _bounced(asked: _Asked) -> Bounced:
    """By the code that the other side gave, at the hand-over or in a letter that came back."""
    counts = {"hard": 0, "soft": 0, "block": 0}
    for code, n in asked.kept("failed", lambda: _rows(sql.FAILED, asked.values)):
        counts[_kind_of(code)] += n
    later = 0
    for code, n in asked.kept("returned", lambda: _rows(sql.RETURNED, asked.values)):
        counts[_kind_of(code)] += n
        later += n
    kinds = {kind: shown(n) for kind, n in counts.items()}
    total = None if None in kinds.values() else sum(counts.values())
    return Bounced(**kinds, later=shown(later), total=total)


def _kind_of(code: str) -> str:
    """Hard, soft or block, by the enhanced status in a server's answer (RFC 3463)."""
    status = code.rpartition(" ")[2]
    if status.startswith(_BLOCKED):
        return "block"
    if status.startswith("4") or status.startswith(_SOFT):
        return "soft"
    return "hard" if status.startswith("5") else "soft"


def _revenue(asked: _Asked) -> Revenue:
    """Sales after it, where the topic's activity may use them (purpose binding, art. 5(1)(b))."""
    if not asked.may_know_sales:
        return Revenue(allowed=False)
    row = asked.kept("revenue", lambda: _rows(sql.REVENUE, asked.values))[0]
    buyers = shown(row[0])
    if buyers is None:
        return Revenue(allowed=True)
    return Revenue(allowed=True, buyers=buyers, purchases=row[1], amount=row[2])


def _figures(asked: _Asked, name: str, row: Sequence[Any]) -> GroupFigures:
    """One line, with what is about fewer than five left out."""
    sent, failed, returned, stopped, complained, pressed, bought, amount = row
    is_shown = asked.may_know_sales and shown(bought) is not None
    return GroupFigures(
        name,
        sent,
        shown(failed),
        shown(stopped),
        delivered=None if shown(returned) is None else sent - returned,
        bounced=shown(failed + returned),
        complaints=shown(complained),
        pressed=shown(pressed),
        amount=amount if is_shown else None,
    )


def _groups(asked: _Asked) -> tuple[GroupFigures, ...]:
    """The saved groups of its topics, as they are now: one statement for all of them."""
    parts: list[str] = []
    names: list[str] = []
    values = dict(asked.values)
    groups = Group.objects.filter(purpose__in=asked.purposes, ended_at=None)
    for group in groups.select_related("purpose").order_by("name")[:MOST_GROUPS]:
        try:
            inside = group_condition(group.text, group.purpose, asked.at)
        except GroupRefused:  # a field that it uses may not be used any more
            continue
        points: QuerySet[Any, Any] = ContactPoint.objects.filter(inside).values_list("id")
        text, own = named(*points.query.sql_with_params(), f"g{len(names)}_")
        key = f"group{len(names)}"
        values |= own | {key: len(names)}
        parts.append(sql.GROUP.replace("%(group)s", f"%({key})s").format(inside=text))
        names.append(group.name)
    if not names:
        return ()
    statement = sql.EACH + " UNION ALL ".join(parts)
    found = asked.kept("groups", lambda: _rows(statement, values))
    return tuple(
        _figures(asked, names[number], row)
        for number, *row in sorted(found)
        if row[0] + row[1] >= SMALL
    )


def _domains(asked: _Asked) -> tuple[GroupFigures, ...]:
    found = asked.kept("domains", lambda: _rows(sql.DOMAINS, asked.values))
    return tuple(
        _figures(asked, domain or _("Other domains"), row)
        for domain, *row in found
        if row[0] + row[1] >= SMALL
    )


def _topics(asked: _Asked) -> tuple[GroupFigures, ...]:
    """Of a letter about several topics: how it went under each of them, in its order."""
    if len(asked.purposes) == 1:
        return ()
    found = asked.kept("topics", lambda: _rows(sql.TOPICS, asked.values))
    rows = {topic: row for topic, *row in found}
    names = {each.purpose_id: each.name for each in current_versions(asked.purposes)}
    return tuple(
        _figures(asked, names[each.id], rows[each.id])
        for each in asked.purposes
        if each.id in rows and rows[each.id][0] + rows[each.id][1] >= SMALL
    )
