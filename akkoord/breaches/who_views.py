"""Staff pages: who is affected, found by ways that staff choose; the list of these people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.breaches import actions, affected, counting, forms, queries
from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.log import note
from akkoord.breaches.models import Breach, BreachScope
from akkoord.breaches.views import breach_or_404, clock_of, refuse_at
from akkoord.breaches.who_choices import choices_of, scope_words
from akkoord.breaches.who_forms import PersonForm, ScopeForm
from akkoord.datamap.dpv import CATEGORIES
from akkoord.trail.actions import actor_of
from akkoord.trail.seen import note_seen

PLACE = "breach.people"


def who(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """How many people and records, by which ways; and those whom no list of Akkoord holds."""
    found = breach_or_404(breach_id)
    form = forms.OutsideForm(found, request.POST or None, kinds=_kinds(found))
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        if "later" in request.POST:
            return redirect("breaches:breach", breach_id=found.id)
        return redirect("breaches:step", breach_id=found.id, name="severity")
    return _page(request, found, form=form)


def _kept(request: HttpRequest, found: Breach, form: forms.OutsideForm) -> bool:
    now = timezone.now()
    try:
        actions.keep_step(
            breach_id=found.id, step="who", values=form.values(), at=now, actor=actor_of(request)
        )
    except BreachRefused as refused:
        refuse_at(form, refused)
        return False
    counting.count_records(found.id, at=now, actor=actor_of(request))
    return True


def _kinds(found: Breach) -> list[tuple[str, str]]:
    """Kinds of data to tick: those that were found first, then the rest."""
    there = [row.key for row in counting.kinds_found(found)]
    rest = sorted(set(CATEGORIES) - set(there), key=lambda key: str(CATEGORIES[key].label).lower())
    return [(key, str(CATEGORIES[key].label)) for key in [*there, *rest]]


def _page(request: HttpRequest, found: Breach, **more: Any) -> HttpResponse:
    kind = request.GET.get("manier", "")
    if "scope_form" not in more and kind in BreachScope.Kind.values:
        more["scope_form"] = ScopeForm(kind, choices_of(kind))
    page = {
        **clock_of(found),
        "labels": queries.step_labels(),
        "done": queries.done_steps(found),
        "step": 3,
        "ways": BreachScope.Kind.choices,
        "scopes": scope_words(list(found.scopes.order_by("id"))),
        "kinds": counting.kinds_found(found),
        "stores": counting.stores_found(found),
        "person_form": PersonForm(),
        "by_hand": found.affected.filter(is_by_hand=True).count(),
        **more,
    }
    page.setdefault("form", forms.OutsideForm(found, kinds=_kinds(found)))
    return render(request, "breaches/who.html", page)


@require_POST
def scope_add(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Find the people of one way more."""
    found = breach_or_404(breach_id)
    kind = request.POST.get("kind", "")
    if kind not in BreachScope.Kind.values:
        raise Http404
    form = ScopeForm(kind, choices_of(kind), request.POST)
    if form.is_valid():
        try:
            affected.add_scope(
                breach_id=found.id,
                facts=form.facts(),
                at=timezone.now(),
                actor=actor_of(request),
            )
            return redirect("breaches:who", breach_id=found.id)
        except BreachRefused as refused:
            refuse_at(form, refused)
    return _page(request, found, scope_form=form)


@require_POST
def scope_remove(request: HttpRequest, scope_id: UUID) -> HttpResponse:
    """One way less."""
    try:
        found = affected.remove_scope(scope_id=scope_id, at=timezone.now(), actor=actor_of(request))
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
        return redirect("breaches:index")
    if found is None:
        raise Http404
    return redirect("breaches:who", breach_id=found.id)


@require_POST
def person_add(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """One person more, by their address."""
    found = breach_or_404(breach_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            affected.add_person(
                breach_id=found.id,
                address=form.cleaned_data["address"],
                at=timezone.now(),
                actor=actor_of(request),
            )
            messages.success(request, _("Added."))
            return redirect("breaches:who", breach_id=found.id)
        except BreachRefused as refused:
            refuse_at(form, refused)
    return _page(request, found, person_form=form)


@require_safe
def people(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The list of affected people, fifty at a time; who looked stands in the trail (INV-45)."""
    found = breach_or_404(breach_id)
    page = affected.affected_page(found, after=request.GET.get("na", ""))
    now, actor = timezone.now(), actor_of(request)
    note(found, "people-read", at=now, actor=actor)
    note_seen(actor=actor, place=PLACE, people=[each.id for _row, each in page.rows], at=now)
    return render(request, "breaches/people.html", {"page": page, **clock_of(found)})
