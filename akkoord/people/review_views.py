"""Staff page: what may not be right, with one press each to settle it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.people import duplicates, reviewing
from akkoord.people.page import list_links
from akkoord.trail.actions import actor_of
from akkoord.trail.seen import note_seen


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """One kind at a time, each with how many there are."""
    now, kinds = timezone.now(), reviewing.review_kinds()
    tabs = reviewing.tabs(at=now)
    first = next((each.key for each in tabs if each.count), next(iter(kinds)))
    key = request.GET.get("soort") or first
    if key not in kinds:
        raise Http404
    page = reviewing.review_page(key, at=now, after=request.GET.get("na", ""))
    shown = [each.person.id for each in page.rows]
    note_seen(actor=actor_of(request), place="people.review", people=shown, at=now)
    url = reverse("people:review")
    context = {
        "kind": kinds[key],
        "key": key,
        "page": page,
        "is_paged": bool(request.GET.get("na")),
        "next_url": f"?soort={key}&na={page.next_key}" if page.next_key else "",
        **{f"{name}_url": url for name, url in list_links(frozenset()).items()},
        "duplicates": duplicates.waiting(),
        "tabs": [
            {
                "label": each.label,
                "count": each.count,
                "url": f"{url}?soort={each.key}",
                "is_current": each.key == key,
            }
            for each in tabs
        ],
    }
    return render(request, "people/review.html", context)


@require_POST
def review_settle(request: HttpRequest, kind: str, person_id: UUID) -> HttpResponse:
    """Put it right, or say that it is right as it is (`do=right`)."""
    if kind not in reviewing.review_kinds():
        raise Http404
    act = reviewing.is_right if request.POST.get("do") == "right" else reviewing.settle
    try:
        if act(key=kind, person_id=person_id, at=timezone.now(), actor=actor_of(request)):
            messages.success(request, _("Done."))
        else:
            messages.info(request, _("Somebody settled this already."))
    except reviewing.ReviewRefused as refused:
        messages.error(request, refused.sentence)
    return redirect(f"{reverse('people:review')}?soort={kind}")
