"""Staff pages: the list of people, one person with everything that rooms say of them."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from akkoord.people import actions, own_values, page, queries
from akkoord.people.forms import NamesForm
from akkoord.people.models import Person
from akkoord.register.queries import fields_in_use
from akkoord.trail.actions import Actor, actor_of, record_change
from akkoord.trail.seen import note_seen

SOURCES = {
    "form": gettext_lazy("a form"),
    "import": gettext_lazy("a file"),
    "staff": pgettext_lazy("source", "staff"),
    "purchase": gettext_lazy("a purchase"),
    "demo": gettext_lazy("the demo"),
}


def index(request: HttpRequest) -> HttpResponse:
    """People, newest first; search by name or address. Whom it showed is noted (art. 32, 33)."""
    text = request.GET.get("q", "")[:200]
    to_judge = request.GET.get("te-beoordelen") == "1"
    found = queries.people_page(text=text, to_judge=to_judge, after=request.GET.get("na", ""))
    note_seen(
        actor=actor_of(request),
        place="people.list",
        people=[each.id for each in found.people],
        at=timezone.now(),
    )
    template = "people/_list.html" if request.headers.get("HX-Request") else "people/index.html"
    return render(
        request,
        template,
        {
            "page": found,
            "text": text,
            "to_judge": to_judge,
            "total": queries.people_count(),
            "is_paged": bool(request.GET.get("na")),
            "next_url": _next_url(text, to_judge=to_judge, key=found.next_key),
            **{f"{name}_url": url for name, url in page.list_links(_may(request)).items()},
        },
    )


def _may(request: HttpRequest) -> frozenset[str]:
    """What the reader may do."""
    return getattr(request, "may", frozenset())


def _next_url(text: str, *, to_judge: bool, key: str) -> str:
    """The address of the next page; empty at the end."""
    if not key:
        return ""
    query = {
        "na": key,
        **({"q": text} if text else {}),
        **({"te-beoordelen": 1} if to_judge else {}),
    }
    return f"{reverse('people:index')}?{urlencode(query)}"


def _person(person_id: UUID) -> Person:
    person = queries.person_by_id(person_id)
    if person is None:
        raise Http404
    return person


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: addresses, standing, timeline and whatever rooms plug in.

    Reading is itself recorded (INV-45; art. 32).
    """
    who = _person(person_id)
    now = timezone.now()
    record_change(
        actor=actor_of(request),
        action="person.read",
        object_kind="person",
        object_id=who.id,
        subject_id=who.id,
        at=now,
    )
    ids = queries.all_ids(who.id)
    return render(
        request,
        "people/person.html",
        {
            "person": who,
            "points": queries.points_of(ids),
            "answers": own_values.answers_of(who.id),
            "purchases": queries.purchases_of(who.id)[:10],
            "joinings": who.joinings.filter(undo_until__gte=timezone.localdate()).order_by(
                "-joined_at"
            ),
            "sections": page.sections_for(who),
            "acts": page.acts_for(who, _may(request)),
            "timeline": page.timeline_of(ids),
            "source_words": SOURCES.get(who.source, who.source),
        },
    )


def person_correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct names, language and answers in own fields."""
    who = _person(person_id)
    now = {name: getattr(who, name) for name in ("given_name", "family_name", "language")}
    answers = own_values.answers_of(who.id)
    form = NamesForm(fields_in_use(), answers, request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            _correct(who, form, actor_of(request))
        except actions.PersonRefused as refused:
            form.add_error(
                refused.field if refused.field in form.fields else None, refused.sentence
            )
        else:
            messages.success(request, _("Corrected."))
            return redirect("people:person", person_id=who.id)
    return render(request, "people/correct.html", {"person": who, "form": form})


@transaction.atomic
def _correct(who: Person, form: NamesForm, actor: Actor) -> None:
    now = timezone.now()
    actions.correct_names(person_id=who.id, **form.names(), at=now, actor=actor)
    own_values.correct_answers(person_id=who.id, answers=form.answers(), at=now, actor=actor)


def address_works(request: HttpRequest, person_id: UUID, point_id: UUID) -> HttpResponse:
    """An address works again (POST)."""
    who = _person(person_id)
    if request.method == "POST" and who.points.filter(id=point_id).exists():
        actions.mark_deliverable(point_id=point_id, at=timezone.now(), actor=actor_of(request))
        messages.success(request, _("We try this address again."))
    return redirect("people:person", person_id=who.id)
