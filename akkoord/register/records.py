"""The register as it stands and as it stood: whole entries, each with what it lacks (art. 30)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from akkoord.law.register_rules import Element, lacking
from akkoord.law.terms import law_day
from akkoord.register.models import RegisterVersion, language_now
from akkoord.register.version_models import COMPANY, HOUSE

Record = Mapping[str, Any]

# Question: what does every entry say now? Index: register_activity_one_current, then per entry.
_NOW = """
SELECT k.key, register_record(k.key), v.number, v.made_at
  FROM (SELECT key FROM register_processingactivity GROUP BY key) AS k
  LEFT JOIN LATERAL (SELECT number, made_at FROM register_registerversion
    WHERE key = k.key ORDER BY number DESC LIMIT 1) AS v ON true
UNION ALL
SELECT %(house)s, register_house(), v.number, v.made_at
  FROM register_organisation
  LEFT JOIN LATERAL (SELECT number, made_at FROM register_registerversion
    WHERE key = %(house)s ORDER BY number DESC LIMIT 1) AS v ON true
"""
# Question: what did every entry say at a moment? Index: register_version_number.
_THEN = """
SELECT DISTINCT ON (key) key, content, number, made_at FROM register_registerversion
 WHERE made_at < %(before)s AND NOT starts_with(key, %(company)s) ORDER BY key, number DESC
"""


def text_of(record: Record, name: str, language: str = "") -> Any:
    """A text of a record in a language; the other one where it was never written."""
    language = language or language_now()
    other = "nl" if language == "en" else "en"
    return record.get(f"{name}_{language}") or record.get(f"{name}_{other}") or ""


@dataclass(frozen=True)
class Entry:
    """One entry at one moment."""

    key: str
    content: Record
    number: int
    made_at: datetime | None
    house: Record = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return str(text_of(self.content, "name"))

    @property
    def purpose(self) -> str:
        """The purpose in the reader's language."""
        return str(text_of(self.content, "purpose"))

    @cached_property
    def lacks(self) -> tuple[Element, ...]:
        """What it should say and does not (INV-29)."""
        return lacking(self.content, self.house)

    @property
    def is_ended(self) -> bool:
        """Whether nothing happens for it any more."""
        return bool(self.content.get("is_ended"))

    @property
    def is_system(self) -> bool:
        """Whether Akkoord performs it."""
        return bool(self.content.get("is_system"))

    @property
    def state(self) -> str:
        """`ended`, `draft`, `lacking` (published, but something went since) or `published`."""
        if self.is_ended:
            return "ended"
        if not self.content.get("is_published"):
            return "draft"
        return "lacking" if self.lacks else "published"


@dataclass(frozen=True)
class Register:
    """All entries at one moment, with the organisation's own part."""

    on: date
    house: Record
    entries: Sequence[Entry]

    @property
    def running(self) -> list[Entry]:
        """What happens: no drafts of activities, and nothing that ended."""
        return [each for each in self.entries if each.state in ("published", "lacking")]

    @property
    def published(self) -> list[Entry]:
        """What is shown to others: complete entries, and ended ones that were."""
        return [
            each
            for each in self.entries
            if each.state in ("published", "lacking")
            or (each.is_ended and each.content.get("is_published"))
        ]

    @property
    def to_mend(self) -> list[Entry]:
        """Entries that lack something."""
        return [each for each in self.entries if each.lacks and not each.is_ended]


def register_now() -> Register:
    """The register as it stands; two queries' worth in one."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"house": HOUSE})
        rows = cursor.fetchall()
    return _register(rows, law_day(timezone.now()))


def register_on(day: date) -> Register:
    """The register as it stood at the end of a day."""
    with connection.cursor() as cursor:
        cursor.execute(_THEN, {"before": end_of(day), "company": COMPANY})
        rows = cursor.fetchall()
    return _register(rows, day)


def end_of(day: date) -> datetime:
    """The moment from which on a day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _register(rows: Sequence[tuple[Any, ...]], on: date) -> Register:
    found = [(key, _loaded(content), number or 0, at) for key, content, number, at in rows]
    house = next((content for key, content, _n, _at in found if key == HOUSE), {})
    entries = [
        Entry(key, content, number, at, house) for key, content, number, at in found if key != HOUSE
    ]
    entries.sort(key=lambda each: (each.is_ended, each.is_system, each.name.casefold()))
    return Register(on, house, entries)


def _loaded(content: Any) -> Record:
    loaded: Record = json.loads(content) if isinstance(content, str) else (content or {})
    return loaded


def entry_now(key: str) -> Entry | None:
    """One entry as it stands; None when it never was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_record(%s), register_house()", [key])
        record, house = cursor.fetchone()
    if record is None:
        return None
    last = RegisterVersion.objects.filter(key=key).order_by("-number").first()
    return Entry(
        key,
        _loaded(record),
        last.number if last else 1,
        last.made_at if last else None,
        _loaded(house),
    )


@dataclass(frozen=True)
class Made:
    """One version of an entry: who made it, by which act, why."""

    version: RegisterVersion
    before: RegisterVersion | None
    by: str


def versions_of(key: str, staff: Mapping[UUID, str], *, most: int) -> list[Made]:
    """The newest versions of an entry, at most so many; `staff` gives names to numbers.

    The last of them still says what stood before it.
    """
    found = RegisterVersion.objects.filter(key=key).order_by("-number")[: most + 1]
    return made_of(list(found), staff)[:most]


def made_of(found: Sequence[RegisterVersion], staff: Mapping[UUID, str]) -> list[Made]:
    """Versions of one entry, the newest first, each with the one before it."""
    return [
        Made(each, before, staff.get(each.changed_by, "") if each.changed_by else "")
        for each, before in zip(found, [*found[1:], None], strict=False)
    ]
