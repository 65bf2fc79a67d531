"""Where each field is used, and when it was last (art. 5(1)(c)): from what is recorded already.

Forms, groups, letters, series, files that came in and files that went out. Nothing is written for
it and nobody is followed: a form counts its views, a letter keeps what was approved.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from akkoord.campaigns.used_fields import (
    letter_uses,
    series_uses,
    service_uses,
    waiting_uses,
)
from akkoord.consent.used_fields import form_uses
from akkoord.datamap.ids import first_id
from akkoord.imports.used_fields import import_uses
from akkoord.law.terms import law_day
from akkoord.law.use_rules import FieldUse, UseKind
from akkoord.messages.used_fields import letters_and_fields, welcome_uses
from akkoord.segments.queries import texts_by_topic
from akkoord.segments.used_fields import group_uses
from akkoord.trail.models import Change

MOST_SHOWN = 5
Uses = Mapping[str, Sequence[FieldUse]]
_ON_PAPER = ("first_name", "last_name", "street", "house_number", "postcode", "city", "country")
_EXPORTS = ("letters.download", "letters.download-addresses")
_ORDER = list(UseKind)
LATELY = timedelta(days=200)  # a little over what is asked about; by an index
# Question: which fields went to which recipient lately, and when last?
_HANDED = """
SELECT field, r.name, max(c.at)
  FROM trail_change c CROSS JOIN unnest(c.fields) AS field
  JOIN register_recipient r ON r.id = c.object_id
 WHERE c.action = 'person.disclose' AND c.id >= %s AND c.at > %s
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def field_uses(*, at: datetime) -> Uses:
    """Every use of every field by its key, the newest first; some fifteen statements."""
    letters, texts = letters_and_fields(at=at), texts_by_topic()
    found: dict[str, list[FieldUse]] = defaultdict(list)
    for source in (
        form_uses(at=at),
        welcome_uses(),
        group_uses(letters, texts),
        letter_uses(letters, texts),
        waiting_uses(texts),
        series_uses(texts),
        service_uses(),
        import_uses(at=at),
        _export_uses(),
        _handed_uses(at=at),
    ):
        for key, use in source:
            found[key].append(use)
    return {key: sorted(uses, key=_newest_first) for key, uses in found.items()}


def live_uses(key: str, *, at: datetime) -> list[FieldUse]:
    """Where a field is used that goes on by itself."""
    return [each for each in field_uses(at=at).get(key, ()) if each.is_live]


def shortened(uses: Sequence[FieldUse]) -> list[FieldUse]:
    """What goes on, and of each kind the last few: a page is read, not scrolled."""
    count: dict[UseKind, int] = defaultdict(int)
    found = []
    for each in uses:
        count[each.kind] += 1
        if each.is_live or count[each.kind] <= MOST_SHOWN:
            found.append(each)
    return found


def _newest_first(use: FieldUse) -> tuple[int, int, str]:
    return (_ORDER.index(use.kind), -use.last_on.toordinal() if use.last_on else 1, use.name)


def _export_uses() -> Iterator[tuple[str, FieldUse]]:
    """The files of letters on paper and of their addresses that went to who prints."""
    last = Change.objects.filter(action__in=_EXPORTS).order_by("-id").values_list("at", flat=True)
    if (moment := last.first()) is not None:
        use = FieldUse(UseKind.EXPORT, _("Letters on paper"), law_day(moment))
        for key in _ON_PAPER:
            yield key, use


def _handed_uses(*, at: datetime) -> Iterator[tuple[str, FieldUse]]:
    """What recipients got in a file of a person or as a correction, with the last day of each."""
    with connection.cursor() as cursor:
        cursor.execute(_HANDED, [first_id(at - LATELY), at - LATELY])
        for key, name, moment in cursor.fetchall():
            yield key, FieldUse(UseKind.EXPORT, name, law_day(moment))
