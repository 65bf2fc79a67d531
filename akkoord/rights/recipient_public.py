"""The page of a recipient: whom it is about, and one press when it was done (art. 19 GDPR)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from akkoord.register.queries import organisation
from akkoord.rights.recipients import OPEN, acknowledge, content_of
from akkoord.rights.telling import read_link
from akkoord.trail.actions import Actor


@csrf_exempt
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: link scanners open every link. POST: it was done."""
    found = read_link(token)
    if found is None:
        return _private(render(request, "rights/public/link_bad.html", status=410))
    if request.method == "POST":
        acknowledge(notice_id=found.id, at=timezone.now(), actor=Actor.system())
        found.refresh_from_db()
    people = [_shown(each) for each in content_of(found)]
    return _private(
        render(
            request,
            "rights/public/recipient.html",
            {
                "notice": found,
                "people": people,
                "house": organisation(),
                "is_open": found.state in OPEN and bool(people),
            },
        )
    )


_WORDS = {
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Last name"),
    "name": gettext_lazy("Name"),
    "language": gettext_lazy("Language"),
    "address": gettext_lazy("Postal address"),
    "email": gettext_lazy("Mail address"),
    "phone": gettext_lazy("Telephone"),
    "customer_number": gettext_lazy("Customer number"),
}


def _shown(person: dict[str, Any]) -> dict[str, Any]:
    """Whom it is about, and what is right now, with words for the fields."""
    facts = [each for key, each in person.items() if key != "now"]
    return {
        "by": [", ".join(each) if isinstance(each, list) else each for each in facts],
        "now": [(_WORDS.get(name, name), new) for name, new in person.get("now", {}).items()],
    }


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a token: not kept, not told to the next site, not found."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
