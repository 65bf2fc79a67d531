"""The page behind "are your details still right?": confirm or correct with one press.

It shows what is kept, so its link ends; then it offers a new one to the mailbox. GET and HEAD
change nothing.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.correction import save_correction
from akkoord.consent.correction_form import CorrectionForm
from akkoord.consent.details import confirm_details, not_me
from akkoord.consent.details_page import details_card
from akkoord.consent.public_preferences import in_own_language
from akkoord.consent.queries import living_point
from akkoord.consent.tokens import fresh_link, is_over, read_details
from akkoord.people.actions import PersonRefused
from akkoord.people.addresses import living_address
from akkoord.people.models import ContactPoint
from akkoord.people.own_values import answers_of


@csrf_exempt
def details(request: HttpRequest, token: str) -> HttpResponse:
    """The card, or one of its acts."""
    now = timezone.now()
    place = read_details(token)
    if place is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    point = living_point(place.point_id)
    if point is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "gone"})
    if is_over(place, at=now):
        return render(request, "consent/public/link_bad.html", {"outcome": "old"}, status=410)
    return in_own_language(request, point, lambda: _answer(request, point, at=now))


def _answer(request: HttpRequest, point: ContactPoint, *, at: datetime) -> HttpResponse:
    act = request.POST.get("do", "") if request.method == "POST" else None
    if act is None:
        return _page(request, point, at=at)
    if act == "right":
        confirm_details(point=point, at=at)
        said = _("Thank you. We noted that it is all right.")
        return _page(request, point, at=at, said=said, is_done=True)
    if act == "correct":
        return _correct(request, point, at=at)
    if act == "not-me":
        not_me(point=point, at=at)
        return render(request, "consent/public/details_not_me.html", {"hide_language": True})
    return _page(request, point, at=at, problem=_("Choose what you want to do."))


def _correct(request: HttpRequest, point: ContactPoint, *, at: datetime) -> HttpResponse:
    """Correct, and with that say that the rest is right: all of it or nothing."""
    person = point.person
    form = CorrectionForm(person, living_address(person.id), answers_of(person.id), request.POST)
    if form.is_valid():
        try:
            changed = save_correction(point, form, at=at)
        except PersonRefused as refused:
            form.add_error(
                refused.field if refused.field in form.fields else None, refused.sentence
            )
        else:
            confirm_details(point=point, at=at, changed=changed)
            person.refresh_from_db()
            said = _("Thank you. It is corrected, and counts at once.")
            return _page(request, point, at=at, said=said, is_done=True)
    problem = _("Look at the fields below.")
    return _page(request, point, at=at, problem=problem, form=form)


def _page(
    request: HttpRequest,
    point: ContactPoint,
    *,
    at: datetime,
    said: str = "",
    problem: str = "",
    is_done: bool = False,
    form: CorrectionForm | None = None,
) -> HttpResponse:
    card = details_card(point, at=at)
    context = {
        "card": card,
        "said": said,
        "problem": problem,
        "is_done": is_done,
        "correction": form or CorrectionForm(point.person, card.address, card.answers),
        "preferences_url": fresh_link(point_id=point.id, at=at),
    }
    status = 422 if problem else 200
    return render(request, "consent/public/details.html", context, status=status)
