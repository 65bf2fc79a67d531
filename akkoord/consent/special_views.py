"""Staff page: what is kept of one person on an exception, for the one role that may (INV-32)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.evidence_files import BadFile
from akkoord.consent.grant_forms import FILE_SENTENCES
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.consent.special_fit import fit_people, not_fit_sentence
from akkoord.consent.special_forms import ValueForm, YesForm
from akkoord.consent.special_values import (
    SpecialRefused,
    read_values,
    role_of,
    write_value,
)
from akkoord.consent.special_yes import record_yes, take_back, words_of_yes
from akkoord.consent.uploads import off_the_disk
from akkoord.law.exception_rules import Asks
from akkoord.law.terms import law_day
from akkoord.people.models import Person
from akkoord.register.exception_queries import open_exceptions, rule_of
from akkoord.register.models import FieldException
from akkoord.trail.actions import actor_of


@dataclass(slots=True)
class ShownField:
    """One field that this reader's role may see, with what can be done."""

    exception: FieldException
    value: str
    where: str
    missing: str  # what must be there first; empty: it may be written
    by_yes: bool
    is_gone: bool  # it stands here, and nobody can open it
    words: str
    value_form: ValueForm
    yes_form: YesForm


@off_the_disk
def special(request: HttpRequest, person_id: Any) -> HttpResponse:
    """The fields of this reader's role; looking is itself recorded. Posting writes one of them."""
    person = get_object_or_404(Person, id=person_id)
    now = timezone.now()
    problem: Form | None = None
    if request.method == "POST":
        problem = _act(request, person, at=now)
        if problem is None:
            return redirect("consent:person_special", person.id)
    page = {"person": person, "fields": _fields(request, person, problem, at=now)}
    return render(request, "consent/person_special.html", page)


def _exception(request: HttpRequest, key: str, *, at: datetime) -> FieldException:
    role = role_of(actor_of(request))
    found = open_exceptions(law_day(at)).filter(field__key=key, seen_by=role).first()
    if found is None:
        raise Http404
    return found


def _act(request: HttpRequest, person: Person, *, at: datetime) -> Form | None:
    """Do what was asked; a form with what is wrong, or None when it is done."""
    exception = _exception(request, request.POST.get("field", ""), at=at)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    form, does, said = act(request, person, exception, at)
    if not form.is_valid():
        return form
    try:
        does(form)
    except SpecialRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    except ConsentRefused as refused:
        form.add_error(None, sentence_of(refused.reason))
    except BadFile as bad:
        form.add_error("scan", FILE_SENTENCES[bad.fault])
    else:
        messages.success(request, said)
        return None
    return form


Act = tuple[Form, Callable[[Form], object], str]


def _write(request: HttpRequest, person: Person, exception: FieldException, at: datetime) -> Act:
    def does(form: Form) -> None:
        write_value(
            person_id=person.id,
            field_key=exception.field.key,
            value=form.cleaned_data["value"],
            where=form.cleaned_data.get("where", ""),
            at=at,
            actor=actor_of(request),
        )

    return ValueForm(exception, request.POST), does, _("Saved, encrypted.")


def _yes(request: HttpRequest, person: Person, exception: FieldException, at: datetime) -> Act:
    def does(form: Form) -> None:
        day = form.cleaned_data["happened_on"]
        noon = timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))
        record_yes(
            person_id=person.id,
            field_key=exception.field.key,
            scan=form.cleaned_data["scan"],
            happened_at=min(noon, at) if day == law_day(at) else noon,
            at=at,
            actor=actor_of(request),
        )

    return YesForm(request.POST, request.FILES), does, _("Saved, with its evidence.")


def _back(request: HttpRequest, person: Person, exception: FieldException, at: datetime) -> Act:
    def does(_form: Form) -> None:
        take_back(
            person_id=person.id, field_key=exception.field.key, at=at, actor=actor_of(request)
        )

    return Form(request.POST), does, _("Taken back. What was kept is gone.")


_ACTS = {"write": _write, "yes": _yes, "back": _back}


def _fields(
    request: HttpRequest, person: Person, problem: Form | None, *, at: datetime
) -> list[ShownField]:
    actor = actor_of(request)
    mine = open_exceptions(law_day(at)).filter(seen_by=role_of(actor))
    kept = {each.field.id: each for each in read_values(person_id=person.id, at=at, actor=actor)}
    asked = request.POST.get("field", "")
    shown = []
    for each in mine:
        found = kept.get(each.field_id)
        is_fit = bool(fit_people(each, [person.id], at=at))
        mine_now = problem if asked == each.field.key else None
        by_yes = rule_of(each).asks is Asks.EXPLICIT_YES
        shown.append(
            ShownField(
                exception=each,
                value=found.shown if found else "",
                where=found.where if found else "",
                missing="" if is_fit else not_fit_sentence(each),
                by_yes=by_yes,
                is_gone=found is not None and found.is_gone,
                words=words_of_yes(each, person.language) if by_yes else "",
                value_form=mine_now
                if isinstance(mine_now, ValueForm)
                else ValueForm(each, initial=_initial(found)),
                yes_form=mine_now if isinstance(mine_now, YesForm) else YesForm(),
            )
        )
    return shown


def _initial(found: Any) -> dict[str, str]:
    return {"value": found.value, "where": found.where} if found else {}
