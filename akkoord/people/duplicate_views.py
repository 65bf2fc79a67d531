"""Staff pages: records that may be of one person, side by side, joined and parted."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.law.parameters import parameter
from akkoord.people import duplicates as pairs
from akkoord.people.choosing import choose_pair
from akkoord.people.comparing import choices_in, compare
from akkoord.people.joining import JoinRefused, join_people, part_people
from akkoord.people.models import DuplicatePair, Joining, Person
from akkoord.people.queries import people_page
from akkoord.trail.actions import actor_of
from akkoord.trail.seen import note_seen


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs to look at, those that look most alike first."""
    found = pairs.pairs_page(after=request.GET.get("na", ""))
    joined = list(Joining.objects.select_related("person").order_by("-joined_at")[:10])
    shown = [side.person.id for pair in found.pairs for side in pair.sides]
    _note(request, "people.duplicates", shown + [each.person_id for each in joined])
    context = {
        "page": found,
        "is_paged": bool(request.GET.get("na")),
        "next_url": f"?na={found.next_key}" if found.next_key else "",
        "total": pairs.waiting(),
        "joined": [each for each in joined if each.undo_until >= timezone.localdate()],
    }
    return render(request, "people/duplicates.html", context)


@require_POST
def duplicates_find(request: HttpRequest) -> HttpResponse:
    """Look now instead of tonight."""
    count = pairs.find_duplicates(at=timezone.now())
    if count:
        messages.success(request, _("Akkoord looked through everybody."))
    else:
        messages.success(request, _("Akkoord looked through everybody. Nobody is here twice."))
    return redirect("people:duplicates")


def duplicate(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Both records side by side; joining them (POST) as chosen."""
    pair = get_object_or_404(DuplicatePair, id=pair_id)
    goes, stays = _sides(pair, request.POST.get("stays") or request.GET.get("blijft", ""))
    actor, now = actor_of(request), timezone.now()
    _note(request, "people.duplicate", [goes.id, stays.id])
    if request.method == "POST":
        try:
            done = join_people(
                old_id=goes.id,
                new_id=stays.id,
                choices=choices_in(request.POST),
                at=now,
                actor=actor,
            )
        except JoinRefused as refused:
            messages.error(request, refused.sentence)
            return redirect("people:duplicate", pair_id=pair.id)
        messages.success(request, _("Two records are one now."))
        return redirect(f"{reverse('people:person', args=[done.person_id])}#samengevoegd")
    context = {
        "pair": pair,
        "undo_days": parameter("joining-undo-term", timezone.localdate()),
        "why": pairs.sentences(pair.reasons),
        "found": compare(goes, stays, at=now, actor=actor),
    }
    return render(request, "people/duplicate.html", context)


def _note(request: HttpRequest, place: str, people: list[UUID]) -> None:
    """Whom this page shows (art. 32, 33)."""
    note_seen(actor=actor_of(request), place=place, people=people, at=timezone.now())


def _sides(pair: DuplicatePair, stays: str) -> tuple[Person, Person]:
    """Who goes and who stays; by default who was known first stays."""
    people = [side.person for side in pairs.sides_of([pair.id]).get(pair.id, [])]
    if len(people) != 2 or pair.state != DuplicatePair.State.NEW:
        raise Http404
    first, second = people
    return (first, second) if stays == str(second.id) else (second, first)


def same(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Which record is the same person: looked up (GET), and chosen (POST) to be compared."""
    person = get_object_or_404(Person, id=person_id)
    if request.method == "POST":
        try:
            pair = choose_pair(
                one_id=person.id,
                other_id=_uuid(request.POST.get("other", "")),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except JoinRefused as refused:
            messages.error(request, refused.sentence)
            return redirect("people:same", person_id=person.id)
        return redirect("people:duplicate", pair_id=pair)
    text = request.GET.get("zoek", "")[:200]
    found = people_page(text=text).people if text.strip() else []
    _note(request, "people.same", [person.id, *(each.id for each in found)])
    context = {
        "person": person,
        "text": text,
        "people": [each for each in found if each.id != person.id],
    }
    return render(request, "people/same.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_POST
def duplicate_not(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Two people: never shown again."""
    try:
        pairs.not_the_same(pair_id=pair_id, at=timezone.now(), actor=actor_of(request))
    except JoinRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("These are two people. You do not see them here again."))
    return redirect("people:duplicates")


@require_POST
def part(request: HttpRequest, joining_id: UUID) -> HttpResponse:
    """Part joined records again."""
    try:
        back = part_people(joining_id=joining_id, at=timezone.now(), actor=actor_of(request))
    except JoinRefused as refused:
        messages.error(request, refused.sentence)
        return redirect("people:duplicates")
    url = reverse("people:person", args=[back])
    link = format_html('<a href="{}">{}</a>', url, _("The record that came back"))
    messages.success(request, format_html("{} {}", _("Two records again."), link))
    return redirect("people:duplicates")
