"""How many letters may be taken now, and which must wait: limits that all workers draw from.

The limits stand in the database, so that two workers together never go faster than one may. Where
there is none, nothing is asked. A letter that must wait goes back to due before anything of it was
handed over; it is asked of the gate again when its turn comes (INV-25).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction

from akkoord.law.pace_rules import faster, is_about_provider, limit_on, slower
from akkoord.law.schedule_rules import quiet_until
from akkoord.law.terms import LAW_ZONE, law_day
from akkoord.messages.models import DayUse, Dispatch, DomainRule, Message, Pace

SPREAD, NIGHT, THROTTLE, WARM_UP = "spread", "night", "throttle", "warm-up"
BURST = 90.0  # seconds that may be caught up with: the sweep looks every minute
LOOK = 1.0  # seconds between looks at the limits
HOUR = 3600.0
LONGEST_WAIT = 3600.0  # seconds before a letter that must wait is looked at again
CHANGE_EVERY = timedelta(minutes=1)  # a provider's pace changes no more often
# What may leave is the time since `free_at`, at most the burst; drawn under the row's lock.
_DRAW = """
WITH now AS MATERIALIZED (
  SELECT key, per_hour / 3600.0 AS rate,
         greatest(free_at, %(at)s::timestamptz - make_interval(secs =>
           greatest(%(burst)s, 3600.0 / per_hour))) AS start
    FROM messages_pace WHERE key = %(key)s FOR UPDATE),
drawn AS (
  SELECT key, start, rate, least(%(wanted)s, greatest(0, floor(
    extract(epoch FROM %(at)s::timestamptz - start) * rate + 1e-6)))::int AS granted FROM now)
UPDATE messages_pace p SET free_at = d.start + make_interval(secs => d.granted / d.rate)
  FROM drawn d WHERE p.key = d.key
RETURNING d.granted, p.free_at + make_interval(secs => 1 / d.rate)
"""
_RETURN = """
UPDATE messages_pace SET free_at = free_at - make_interval(secs => %s * 3600.0 / per_hour)
 WHERE key = %s
"""
_DRAW_DAY = """
WITH now AS MATERIALIZED (
  SELECT id, used FROM messages_dayuse WHERE domain = %s AND day = %s FOR UPDATE),
drawn AS (SELECT id, least(%s, greatest(0, %s - used)) AS granted FROM now)
UPDATE messages_dayuse u SET used = u.used + d.granted FROM drawn d WHERE u.id = d.id
RETURNING d.granted
"""


@dataclass(frozen=True, slots=True)
class Room:
    """How many may be taken; when none, why, and when to look again."""

    count: int
    why: str = ""
    until: datetime | None = None


def domain_of(address: str) -> str:
    """The receiving domain of an address."""
    return address.rpartition("@")[2].lower()


class Brake:
    """What slows one run. It is asked before each batch is taken, and told what came of it."""

    def __init__(self, dispatch: Dispatch, sending_domain: str) -> None:
        """Know whom it is about; nothing is asked yet."""
        self._dispatch = dispatch
        self._domain = sending_domain
        self._looked = -LOOK
        self._rule: DomainRule | None = None
        self._slowed: dict[str, float] = {}
        self._drawn: list[str] = []

    # -- before a batch

    def room(self, wanted: int, *, at: datetime) -> Room:
        """How many of these may be taken now; they count as used until `give_back`."""
        self._look()
        self._drawn = []
        if self._dispatch.rests_at_night and (morning := quiet_until(at)):
            return Room(0, NIGHT, morning)
        room = Room(wanted)
        for draw in (self._draw_day, self._draw_throttle, self._draw_spread):
            found = draw(room.count, at)
            if found.count < room.count:
                self._return(room.count - found.count, but=1)
            room = found
            if not room.count:
                self._drawn = []
                break
        return room

    def _look(self) -> None:
        """The limits as they stand; a second's delay is no harm."""
        if monotonic() - self._looked < LOOK:
            return
        self._looked = monotonic()
        self._rule = DomainRule.objects.filter(domain=self._domain).first()
        paces = Pace.objects.filter(key__startswith="to:").values_list("key", "per_hour")
        self._slowed = {key[3:]: per_hour for key, per_hour in paces}

    def _draw_day(self, wanted: int, at: datetime) -> Room:
        begun = self._rule.warm_up_from if self._rule else None
        day = law_day(at)
        limit = limit_on(begun, day) if begun else None
        if limit is None:
            return Room(wanted)
        DayUse.objects.get_or_create(domain=self._domain, day=day)
        granted = _one(_DRAW_DAY, [self._domain, day, wanted, limit])[0]
        self._drawn.append(f"day:{day.isoformat()}")
        return Room(granted, WARM_UP, _next_day(at))

    def _draw_throttle(self, wanted: int, at: datetime) -> Room:
        per_hour = self._rule.per_hour if self._rule else None
        if per_hour is None:
            return Room(wanted)
        key = f"from:{self._domain}"
        _ensure(key, float(per_hour), at=at, changes=True)
        return self._draw(key, wanted, THROTTLE, at)

    def _draw_spread(self, wanted: int, at: datetime) -> Room:
        if not self._dispatch.spread_minutes:
            return Room(wanted)
        key = f"run:{self._dispatch.id}"
        if not Pace.objects.filter(key=key).exists():
            count = Message.objects.filter(
                dispatch_id=self._dispatch.id, state=Message.State.DUE
            ).count()
            _ensure(key, max(1, count) * 60 / self._dispatch.spread_minutes, at=at)
        return self._draw(key, wanted, SPREAD, at)

    def _draw(self, key: str, wanted: int, why: str, at: datetime) -> Room:
        granted, again = _one(_DRAW, {"key": key, "at": at, "burst": BURST, "wanted": wanted})
        self._drawn.append(key)
        return Room(granted, why, again)

    def give_back(self, count: int) -> None:
        """So many of what was drawn were not handed over."""
        if count > 0:
            self._return(count)

    def _return(self, count: int, *, but: int = 0) -> None:
        """Give back to every limit that was drawn from, but for the last so many of them."""
        for key in self._drawn[: len(self._drawn) - but]:
            with connection.cursor() as cursor:
                if key.startswith("day:"):
                    cursor.execute(
                        "UPDATE messages_dayuse SET used = greatest(0, used - %s)"
                        " WHERE domain = %s AND day = %s",
                        [count, self._domain, key[4:]],
                    )
                else:
                    cursor.execute(_RETURN, [count, key])

    # -- who must wait for a provider

    def held(self, addresses: Iterable[str], *, at: datetime) -> dict[str, datetime]:
        """Of these addresses those whose provider has had enough for now, and until when."""
        if not self._slowed:
            return {}
        by_domain: dict[str, list[str]] = {}
        for address in addresses:
            if (domain := domain_of(address)) in self._slowed:
                by_domain.setdefault(domain, []).append(address)
        held = {}
        for domain, waiting in sorted(by_domain.items()):
            values = {"key": f"to:{domain}", "at": at, "burst": BURST, "wanted": len(waiting)}
            drawn = _maybe(_DRAW, values)
            granted = drawn[0] if drawn else len(waiting)  # free again meanwhile
            pause = HOUR / self._slowed[domain]
            for place, address in enumerate(waiting[granted:], 1):
                seconds = min(LONGEST_WAIT, max(CHANGE_EVERY.total_seconds(), place * pause))
                held[address] = at + timedelta(seconds=seconds)
        return held

    # -- after a batch

    def learn(self, answers: Collection[tuple[str, str, bool]], *, at: datetime) -> None:
        """Address, code and whether it was taken, of a batch: providers slow down or speed up."""
        if not self._domain:  # a push service says nothing of a person's provider
            return
        asked = {domain_of(to) for to, code, ok in answers if not ok and is_about_provider(code)}
        fine = {domain_of(to) for to, _code, ok in answers if ok} - asked
        for domain in sorted(asked):
            _slow_down(domain, at=at)
        for domain in sorted(fine & set(self._slowed)):
            _speed_up(domain, at=at)
        if asked:
            self._looked = -LOOK

    @property
    def watches(self) -> bool:
        """Whether any provider is slowed, so that what was taken is of interest, too."""
        return bool(self._slowed)


def forget_old_limits(*, at: datetime) -> int:
    """Remove what slows nobody any more: providers that were quiet for a day, old runs and days."""
    providers = Pace.objects.filter(
        key__startswith="to:", changed_at__lt=at - timedelta(days=1)
    ).delete()[0]
    runs = Pace.objects.filter(
        key__startswith="run:", changed_at__lt=at - timedelta(days=90)
    ).delete()[0]
    return providers + runs + DayUse.objects.filter(day__lt=at - timedelta(days=60)).delete()[0]


def _ensure(key: str, per_hour: float, *, at: datetime, changes: bool = False) -> None:
    """The limit is there, with one letter free at once; a changed one holds from now on."""
    start = at - timedelta(seconds=HOUR / per_hour)
    known = Pace.objects.filter(key=key)
    if changes and known.exclude(per_hour=per_hour).update(per_hour=per_hour, changed_at=at):
        return
    if not known.exists():
        Pace.objects.bulk_create(
            [Pace(key=key, per_hour=per_hour, free_at=start, changed_at=at)],
            ignore_conflicts=True,
        )


@transaction.atomic
def _slow_down(domain: str, *, at: datetime) -> None:
    """Half as fast to a provider that asked for patience; no more often than every minute."""
    row = Pace.objects.select_for_update().filter(key=f"to:{domain}").first()
    if row is None:
        _ensure(f"to:{domain}", slower(None), at=at)
    elif row.changed_at <= at - CHANGE_EVERY:
        row.per_hour, row.changed_at = slower(row.per_hour), at
        row.save(update_fields=["per_hour", "changed_at"])


@transaction.atomic
def _speed_up(domain: str, *, at: datetime) -> None:
    """A little faster to a provider that takes letters again; in the end without a limit."""
    row = Pace.objects.select_for_update().filter(key=f"to:{domain}").first()
    if row is None or row.changed_at > at - CHANGE_EVERY:
        return
    rate = faster(row.per_hour)
    if rate is None:
        row.delete()
        return
    row.per_hour, row.changed_at = rate, at
    row.save(update_fields=["per_hour", "changed_at"])


def _next_day(at: datetime) -> datetime:
    """When the next day begins in Amsterdam."""
    day = law_day(at) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=LAW_ZONE)


def _maybe(statement: str, values: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def _one(statement: str, values: Any) -> tuple[Any, ...]:
    found = _maybe(statement, values)
    return found if found is not None else (0, None)
