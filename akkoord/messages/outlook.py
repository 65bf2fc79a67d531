"""How long a letter will take, said before it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from akkoord.law.pace_rules import days_needed, limit_on
from akkoord.law.terms import law_day
from akkoord.messages.models import DayUse, Dispatch, DomainRule, Pace


@dataclass(frozen=True, slots=True)
class Outlook:
    """`days` over 1: the domain is new, and today at most `today` more leave. `hours`: by the
    limit of so many an hour; 0 when there is none."""

    days: int = 1
    today: int = 0
    hours: int = 0
    per_hour: int = 0


def expected_end(dispatch: Dispatch, due: int, *, at: datetime) -> datetime | None:
    """When the last of so many will have left at the pace of its spread or its domain's limit.

    None where neither says so; nights come on top.
    """
    keys = [f"run:{dispatch.id}", f"from:{dispatch.template.get('domain', '')}"]
    rates = list(Pace.objects.filter(key__in=keys).values_list("per_hour", flat=True))
    return at + timedelta(hours=due / min(rates)) if rates and due else None


def outlook(domain: str, count: int, *, at: datetime) -> Outlook:
    """What the limits of a sending domain mean for so many letters: two statements."""
    rule = DomainRule.objects.filter(domain=domain).first()
    if rule is None:
        return Outlook()
    days, today = 1, 0
    day = law_day(at)
    if rule.warm_up_from and (limit := limit_on(rule.warm_up_from, day)) is not None:
        use = DayUse.objects.filter(domain=domain, day=day).first()
        used = use.used if use else 0
        days = days_needed(count, begun_on=rule.warm_up_from, today=day, used=used)
        today = max(0, limit - used)
    per_hour = rule.per_hour or 0
    return Outlook(days, today, ceil(count / per_hour) if per_hour else 0, per_hour)
