"""What the page of a request shows: who, what is found, what stays, who received it, the log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.law.request_rules import ARTICLES, RequestKind
from akkoord.people.models import Person
from akkoord.people.queries import all_ids, points_of, purchases_of
from akkoord.rights.about import recipients_of
from akkoord.rights.answers import draft
from akkoord.rights.export import stores_of
from akkoord.rights.models import RequestAnswer, RequestStep, RightsRequest
from akkoord.rights.preview import preview_erasure
from akkoord.rights.redact import Redactor
from akkoord.rights.request_words import fact_words, refusal_word, step_word
from akkoord.trail.models import ActorKind

SALES = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """One step as a sentence: when, who, what."""

    at: datetime
    who: str
    what: str


def parts_shown(request: RightsRequest) -> list[dict[str, Any]]:
    """Each kind with its state, its ground and its article."""
    return [
        {
            "kind": each.kind,
            "label": RightsRequest.Kind(each.kind).label,
            "state": each.state,
            "word": each.get_state_display(),
            "ground": refusal_word(each.ground) if each.ground else "",
            "explanation": each.explanation,
            "article": ARTICLES[RequestKind(each.kind)],
        }
        for each in request.parts.order_by("id")
    ]


def log_of(request: RightsRequest) -> list[LogLine]:
    """The log, oldest first; names of staff, never of the person."""
    steps = list(request.steps.order_by("at", "id"))
    names = dict(
        Staff.objects.filter(id__in={each.actor_id for each in steps if each.actor_id}).values_list(
            "id", "name"
        )
    )
    return [LogLine(each.at, _who(each, names), _what(each)) for each in steps]


def _who(step: RequestStep, names: dict[UUID, str]) -> str:
    if step.actor_kind == ActorKind.STAFF and step.actor_id in names:
        return names[step.actor_id]
    return str(ActorKind(step.actor_kind).label)


def _what(step: RequestStep) -> str:
    text = step_word(step.code)
    if step.kind in RightsRequest.Kind.values:
        text += f": {str(RightsRequest.Kind(step.kind).label).lower()}"
    if step.ground:
        text += f" ({refusal_word(step.ground).lower()})"
    told = fact_words(step.facts)
    return f"{text}. {told}" if told else text


def found_of(person: Person, *, on: date) -> dict[str, Any]:
    """Everything that is kept, per room, with what happens at an erasure and who received it."""
    ids = all_ids(person.id)
    stores = stores_of(person)
    redactor = Redactor(ids, stores)
    redactor.stores(stores)
    preview = preview_erasure(person, on=on)
    addresses = [each.value for each in points_of(ids)]
    return {
        "preview": preview,
        "others": redactor.count,
        "recipients": recipients_of(ids),
        "sales": list(purchases_of(person.id)[:SALES]),
        "is_staff": Staff.objects.filter(email__in=[each.lower() for each in addresses]).exists(),
        "companies": list(
            person.relations.exclude(company=None).values_list("company__name", flat=True)
        ),
    }


def letter_of(request: RightsRequest) -> tuple[RequestAnswer | None, str]:
    """The answer as far as it is, and the words of its letter."""
    answer = RequestAnswer.objects.filter(request=request).first()
    with translation.override(request.language):
        return answer, draft(request, at=timezone.now())
