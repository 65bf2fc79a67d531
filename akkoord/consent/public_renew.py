"""The page behind "yes, go on" in a mail that asks anew. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.public_preferences import in_own_language
from akkoord.consent.queries import living_point
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.renew import renew, renewable
from akkoord.consent.tokens import read_renewal
from akkoord.people.models import ContactPoint


@csrf_exempt
def renewal(request: HttpRequest, token: str) -> HttpResponse:
    """What goes on, with a button; pressed, it goes on. No name or address stands here."""
    now = timezone.now()
    place = read_renewal(token)
    if place is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    point = living_point(place.point_id)
    if point is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "gone"})

    def answer(point: ContactPoint = point) -> HttpResponse:
        found, done = renewable(place, point, at=now), False
        if request.method == "POST" and found is not None:
            try:
                done = renew(place, point, at=now) is not None
            except ConsentRefused:  # a no came first
                found = None
        context = {
            "topic": found.version if found else None,
            "at_sixteen": found.is_at_sixteen if found else False,
            "is_done": done,
            "hide_language": True,
        }
        return render(request, "consent/public/renew.html", context)

    return in_own_language(request, point, answer)
