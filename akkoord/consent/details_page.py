"""The card with each field that is kept of somebody: its value, who gave it, and what it is for.

Serves art. 14 (where it came from, what for) and art. 16 (correct it).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from akkoord.consent.centre_page import one_line
from akkoord.consent.models import Standing
from akkoord.consent.sections import PreferenceLink, entries_for
from akkoord.consent.words import source_word
from akkoord.law.states import LIVE_STATES
from akkoord.people.addresses import living_address
from akkoord.people.models import ContactPoint, Person, PostalAddress
from akkoord.people.own_values import Answer, answers_of
from akkoord.register.details_activity import DETAILS
from akkoord.register.form_activities import CUSTOMERS, QUESTIONS
from akkoord.register.models import ActivityField, ProcessingActivity

_ABOUT_EVERYBODY = ("proof", "requests")  # what is said and asked is kept of everybody


@dataclass(frozen=True, slots=True)
class Detail:
    """One field: what is kept, who gave it, and for what it is used."""

    label: str
    value: str
    source: str
    purposes: list[str]


@dataclass(frozen=True, slots=True)
class DetailsCard:
    """Everything that the page shows."""

    details: list[Detail]
    address: PostalAddress | None
    answers: list[Answer]
    entries: list[PreferenceLink]


def details_card(point: ContactPoint, *, at: datetime) -> DetailsCard:
    """The card of somebody; a bounded number of statements."""
    person = point.person
    address, answers = living_address(person.id), answers_of(person.id)
    uses = _uses(person)
    came_in = source_word(person.source, person.created_at)
    details = [
        _detail(
            _("E-mail address"),
            point.value,
            source_word(point.source, point.created_at),
            uses,
            ("email",),
        )
    ]
    if person.full_name:
        of_name = ("first_name", "last_name")
        details.append(_detail(_("Name"), person.full_name, came_in, uses, of_name))
    if person.customer_number:
        details.append(_detail(_("Customer number"), person.customer_number, came_in, uses, ()))
    if address is not None:
        since = source_word("", address.created_at)
        of_address = ("street", "postcode", "city", "country")
        details.append(_detail(_("Address"), one_line(address), since, uses, of_address))
    languages = {"nl": "Nederlands", "en": "English"}
    spoken = languages.get(person.language, person.language)
    details.append(_detail(_("Language"), spoken, "", uses, ("language",)))
    details += [
        _detail(each.field.name, each.shown, "", uses, (each.field.key,)) for each in answers
    ]
    return DetailsCard(details, address, answers, entries_for(point, at=at))


def _detail(
    label: str, value: str, source: str, uses: dict[str, list[str]], keys: Iterable[str]
) -> Detail:
    purposes = list(dict.fromkeys(name for key in keys for name in uses.get(key, ())))
    return Detail(label, value, source, purposes)


def _uses(person: Person) -> dict[str, list[str]]:
    """Per field the activities that use it of this person now, in the reader's language."""
    theirs = _activities_of(person)
    names: dict[str, Any] = {
        each.key: each.name
        for each in ProcessingActivity.objects.filter(valid_to=None)
        if each.key in theirs
    }
    found: dict[str, list[str]] = {}
    rows = ActivityField.objects.filter(ended_at=None).order_by("admitted_at", "id")
    for key, activity in rows.values_list("field__key", "activity_key"):
        if activity in names:
            found.setdefault(key, []).append(names[activity])
    return found


def _activities_of(person: Person) -> set[str]:
    """What goes on about this person: the topics they get, their purchases, keeping data right."""
    live = Standing.objects.filter(person=person, state__in=LIVE_STATES)
    found = {*live.values_list("purpose__activity_key", flat=True), DETAILS, *_ABOUT_EVERYBODY}
    if person.judge_by:
        found.add("import-to-be-judged")
    if person.purchases.exists() or person.relations.filter(until=None).exists():
        found.add(CUSTOMERS)
    if person.enquiries.exists():
        found.add(QUESTIONS)
    return found
