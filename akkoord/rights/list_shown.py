"""What the pages of a list show: numbers, what needs a look, and who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.access import Action, role_may
from akkoord.accounts.models import Role, Staff
from akkoord.law.list_rules import ListStep, refusal_of
from akkoord.people.models import Person
from akkoord.rights.list_models import ErasureList, ErasureListRow
from akkoord.rights.list_reading import IN_ONE
from akkoord.rights.list_report import is_genuine, report_facts
from akkoord.rights.list_stays import who_stayed
from akkoord.rights.lists import goes_in_all, others_of, people_of
from akkoord.rights.models import ErasureRun
from akkoord.rights.preview import preview_of_many
from akkoord.rights.words import ground_word, store_word

PAGE = 100
SOME = 20
_COLUMNS = {
    "email": _("e-mail address"),
    "phone": _("telephone number"),
    "number": _("customer number"),
    "reference": _("reference"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that means nobody, or somebody for the second time."""

    line: int
    looked_for: Any
    outcome: Any


def latest_lists(limit: int = 50) -> list[ErasureList]:
    """The newest first."""
    return list(ErasureList.objects.order_by("-made_at")[:limit])


def waiting_lists() -> list[ErasureList]:
    """What waits for a second person."""
    return list(
        ErasureList.objects.filter(state=ErasureList.State.ASKED).order_by("expires_at")[:10]
    )


def others_who_may(staff_id: UUID | None) -> bool:
    """Whether somebody else here could approve what this member of staff asks."""
    roles = [role for role in Role.values if role_may(role, Action.ERASE)]
    others = Staff.objects.filter(role__in=roles, is_active=True)
    return others.exclude(id__in=[each for each in [staff_id] if each]).exists()


def context_of(found: ErasureList, *, by: UUID | None, after: int, at: datetime) -> dict[str, Any]:
    """All that a page of a list shows."""
    steps = {
        f"may_{step.value}": refusal_of(
            step,
            state=found.state,
            by=by,
            made_by=found.made_by,
            is_late=found.expires_at <= at,
            goes=found.goes,
        )
        is None
        for step in ListStep
    }
    names = dict(
        Staff.objects.filter(id__in=[found.made_by, found.approved_by]).values_list("id", "name")
    )
    return {
        "list": found,
        "others": list(others_of(found)),
        "goes": goes_in_all(found),
        "in_one": IN_ONE,
        **steps,
        "is_mine": by == found.made_by,
        "has_second": others_who_may(found.made_by),
        "made_by": names.get(found.made_by, ""),
        "approved_by": names.get(found.approved_by, "") if found.approved_by else "",
        **(_open(found, after) if found.state in ("draft", "asked") else {}),
        **(_running(found) if found.state == "running" else {}),
        **(_reported(found) if found.report else {}),
        "stayed": who_stayed(found) if found.run_id else [],
    }


def _open(found: ErasureList, after: int) -> dict[str, Any]:
    """Before the decision: what goes and stays, some of the people, lines that need a look."""
    people = people_of(found)
    problems = list(
        found.rows.exclude(outcome=ErasureListRow.Outcome.FOUND)
        .filter(line__gt=after)
        .order_by("line")[: PAGE + 1]
    )
    return {
        "preview": preview_of_many(people, on=timezone.localdate()),
        "some": _some(people[:SOME]),
        "more": max(len(people) - SOME, 0),
        "problems": [
            Problem(each.line, _COLUMNS.get(each.column, ""), each.get_outcome_display())
            for each in problems[:PAGE]
        ],
        "older": _page_after(found, problems[PAGE - 1].line) if len(problems) > PAGE else "",
        "is_paged": after > 0,
    }


def _page_after(found: ErasureList, line: int) -> str:
    return f"{reverse('rights:list', args=[found.id])}?na={line}"


def _some(people: Sequence[UUID]) -> list[Person]:
    """A few of the people, in the order of the list."""
    known = Person.objects.in_bulk(people)
    return [known[each] for each in people if each in known]


def _running(found: ErasureList) -> dict[str, Any]:
    run = ErasureRun.objects.filter(id=found.erasure_id).first()
    if run is None:
        return {}
    left = run.pending.count()
    return {"run": run, "done": max(run.people - left, 0), "total": run.people, "left": left}


def _reported(found: ErasureList) -> dict[str, Any]:
    report = found.report or {}
    return {
        "facts": report_facts(found),
        "erased": [(store_word(x), rows) for x, rows in sorted(report["erased"].items())],
        "kept": [(store_word(x["store"]), ground_word(x["ground"])) for x in report["kept"]],
        "is_genuine": is_genuine(found),
    }
