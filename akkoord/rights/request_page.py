"""The page of one request, with the forms of what can be done now."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from akkoord.law.request_rules import RequestKind
from akkoord.people.models import Person
from akkoord.people.queries import points_of
from akkoord.rights import queries
from akkoord.rights.forms import ReasonForm, RefusalForm
from akkoord.rights.handling import people_by_fact
from akkoord.rights.handling_forms import (
    AssessForm,
    FindForm,
    LetterForm,
    LiftForm,
    MoreForm,
    NoteForm,
    ToldForm,
    WayForm,
)
from akkoord.rights.handling_shown import found_of, letter_of, log_of, parts_shown
from akkoord.rights.models import RequestAnswer, RightsRequest
from akkoord.rights.objecting import uses
from akkoord.rights.parts import open_parts


def page(
    request: HttpRequest,
    found: RightsRequest,
    *,
    problem: str = "",
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    """Show a request; `forms` are those that were posted and are not right."""
    found.refresh_from_db()
    today = timezone.localdate()
    person = queries.subject_of(found)
    waiting = open_parts(found)
    answer, text = letter_of(found)
    about = found_of(person, on=today) if person else {}
    sales = about.get("sales", [])
    context = {
        "row": queries.row_of(found, today),
        "person": person,
        "mailbox": queries.mailbox_of(found),
        "run": queries.run_of(found),
        "channel": RightsRequest.Channel(found.channel).label,
        "parts": parts_shown(found),
        "waiting": waiting,
        "about": about,
        "log": log_of(found),
        "answer": answer,
        "may_write": _may_write(found),
        "is_sent": answer is not None and answer.state not in ("draft", "approved"),
        "told_of_lifting": found.steps.filter(code="lift-told").exists(),
        "problem": problem,
        "reason": ReasonForm(),
        "told": ToldForm(initial={"told_on": today}),
        "refusal": RefusalForm(kinds=waiting),
        "more": MoreForm(),
        **_objection(waiting),
        "beside": NoteForm(sales=sales),
        "lifting": LiftForm(),
        "letter": LetterForm(initial={"text": text}),
        "way": WayForm(initial={"way": _likely_way(found, waiting)}),
        **_search(request, found),
        **forms,
    }
    return render(request, "rights/request.html", context, status=status)


def _objection(waiting: set[str]) -> dict[str, Any]:
    """The uses that can be objected to, with what was weighed; nothing when nobody objects."""
    if RequestKind.OTHER_USE not in waiting:
        return {}
    found = uses()
    return {"uses": found, "assessment": AssessForm(uses=found)}


def _may_write(found: RightsRequest) -> bool:
    """Whether a letter may still go: also after the last decision, for that is what it tells."""
    if found.state == RightsRequest.State.OPEN:
        return True
    is_decided = found.state in (RightsRequest.State.DONE, RightsRequest.State.REFUSED)
    can_reach = found.subject_id is not None or bool(found.reply_to)
    return is_decided and found.handled_by is not None and can_reach


def _likely_way(found: RightsRequest, waiting: set[str]) -> str:
    """The way that fits: data by link, a mere answer by mail, paper when there is no mailbox."""
    if queries.mailbox_of(found) is None and found.subject_id is not None:
        return RequestAnswer.Way.PAPER
    has_data = bool(waiting & {"access", "portability"}) and found.subject_id is not None
    return RequestAnswer.Way.LINK if has_data else RequestAnswer.Way.MAIL


def _search(request: HttpRequest, found: RightsRequest) -> dict[str, Any]:
    """Who a fact is of, when it is not known yet whose request this is."""
    if found.subject_id is not None:
        return {}
    fact = request.GET.get("feit", "")[:320]
    name = request.GET.get("naam", "")[:200]
    people = people_by_fact(fact, name)
    points = _addresses(people)
    return {
        "find": FindForm(initial={"feit": fact or found.reply_to, "naam": name}),
        "fact": fact,
        "was_searched": bool(fact or name),
        "only_name": bool(name) and not fact,
        "people": [(each, points.get(each.id, "")) for each in people],
    }


def _addresses(people: list[Person]) -> dict[UUID, str]:
    """One living address of each, to tell them apart; one statement."""
    living = points_of([each.id for each in people]).filter(ended_at=None) if people else ()
    return {each.person_id: each.value for each in living}
