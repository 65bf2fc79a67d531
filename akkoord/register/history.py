"""The history of an entry, of a company and of the house: who, when, by which act, why, what."""

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from akkoord.register.company_words import company_lines
from akkoord.register.entry_words import Line, line_differences, whole
from akkoord.register.models import ProcessingActivity, RegisterVersion, language_now
from akkoord.register.records import (
    Entry,
    Made,
    Record,
    Register,
    end_of,
    entry_now,
    made_of,
    versions_of,
)
from akkoord.register.version_models import COMPANY, HOUSE
from akkoord.trail.action_words import action_word

MOST = 100  # versions on one page
Staff = Mapping[UUID, str]
"""Who is who: names by the number of a member of staff; nobody for a reader from outside."""


def shown_history(key: str, staff: Staff, *, only_published: bool = False) -> list[dict[str, Any]]:
    """The versions of an entry as a page shows them, the newest first; two queries.

    `only_published`: from the version that was published first, without the drafts before it. At
    most MOST: the whole is in the dossier.
    """
    entry = entry_now(key)
    made = versions_of(key, staff, most=MOST)
    lines = _entry_lines(key, entry.house if entry else {})
    return _steps(_since_published(made) if only_published else made, lines)


def company_history(
    key: str, staff: Staff, names: Mapping[str, str], *, for_link: bool = False
) -> list[dict[str, Any]]:
    """The versions of a company that receives data, by its key, the newest first.

    `names`: of activities by their keys; those without a name are not told. `for_link`: a version
    in which nothing differs that may be told is left out, too. At most MOST.
    """
    made = versions_of(COMPANY + key, staff, most=MOST)
    return _company_steps(made, names, for_link=for_link)


# Question: which companies received data of these entries, in any published version, and what was
# each called last? The versions stay in the database: only a key and a name per company come out.
# Index: register_version_number (key, number).
_COMPANIES = """
SELECT DISTINCT ON (told->>'key') told->>'key', told->>'name'
FROM register_registerversion v, jsonb_array_elements(v.content->'recipients') AS told
WHERE v.key = ANY(%s) AND (v.content->>'is_published')::boolean
ORDER BY told->>'key', v.made_at DESC, v.number DESC
"""


def companies_shown(register: Register) -> dict[str, str]:
    """Companies that a link shows, key and name: of what is published now, in any version of it."""
    keys = [each.key for each in register.published]
    with connection.cursor() as cursor:
        cursor.execute(_COMPANIES, [keys])
        found = [(str(key), str(name)) for key, name in cursor.fetchall()]
    return dict(sorted(found, key=lambda each: each[1].casefold()))


@dataclass(frozen=True, slots=True)
class History:
    """All versions of one thing: `activity`, `company` or `house`, with its code and name."""

    kind: str
    code: str
    name: str
    steps: list[dict[str, Any]]


def whole_history(register: Register, staff: Staff, *, for_link: bool = False) -> Iterator[History]:
    """The history of everything in a register, up to its day; one query.

    `for_link`: the register holds what is published alone, so only that and who receives it.
    """
    names = {each.key: each.name for each in register.entries}
    companies = companies_shown(register) if for_link else None
    found = RegisterVersion.objects.filter(made_at__lt=end_of(register.on)).order_by(
        "key", "-number"
    )
    for key, versions in itertools.groupby(found.iterator(), lambda each: each.key):
        made = made_of(list(versions), staff)
        if key.startswith(COMPANY):
            code = key.removeprefix(COMPANY)
            if companies is None or code in companies:
                steps = _company_steps(made, names, for_link=for_link)
                yield History("company", code, str(made[0].version.content["name"]), steps)
        elif key == HOUSE:
            if not for_link:  # who answered before is no longer told to others
                yield History("house", "", _("Organisation"), _steps(made, _entry_lines(key, {})))
        elif key in names:
            kept = _since_published(made) if for_link else made
            steps = _steps(kept, _entry_lines(key, register.house))
            yield History("activity", key, names[key], steps)


def activity_names(keys: Collection[str] | None = None) -> dict[str, str]:
    """What activities are called in the reader's language; of these keys, or of all."""
    found = ProcessingActivity.objects.order_by("key", "-version").distinct("key")
    if keys is not None:
        found = found.filter(key__in=keys)
    tail = language_now()
    return dict(found.values_list("key", f"name_{tail}"))


def _company_steps(
    made: Iterable[Made], names: Mapping[str, str], *, for_link: bool
) -> list[dict[str, Any]]:
    steps = _steps(made, lambda version: company_lines(version.content, names))
    return [each for each in steps if not for_link or each["lines"] or each["differences"]]


def _entry_lines(key: str, house: Record) -> Callable[[RegisterVersion], list[Line]]:
    def lines(version: RegisterVersion) -> list[Line]:
        own = version.content if key == HOUSE else house
        return whole(Entry(key, version.content, version.number, version.made_at, own))

    return lines


def _steps(
    made: Iterable[Made], lines: Callable[[RegisterVersion], list[Line]]
) -> list[dict[str, Any]]:
    return [
        {
            "version": each.version,
            "by": each.by,
            "act": action_word(each.version.act) if each.version.act else "",
            "differences": line_differences(lines(each.before), lines(each.version))
            if each.before
            else [],
            "lines": [] if each.before else lines(each.version),
        }
        for each in made
    ]


def _since_published(made: Sequence[Made]) -> list[Made]:
    drafts = itertools.takewhile(
        lambda each: not each.version.content.get("is_published"), reversed(made)
    )
    kept = list(made[: len(made) - len(list(drafts))])
    if not kept:
        return []
    before = kept[-1].before  # a draft, or a published one that is not on this page
    is_told = before is not None and before.content.get("is_published")
    return kept if is_told else [*kept[:-1], replace(kept[-1], before=None)]
