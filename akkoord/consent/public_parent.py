"""The parent's page: what a child asked for, and a button for yes and one for no (INV-14)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.confirm import Confirmation
from akkoord.consent.parent import answer_by_parent, look_at_parent
from akkoord.consent.public import ip_of


@csrf_exempt
def parent(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing; the press of a button answers."""
    now = timezone.now()
    said_no = False
    if request.method == "POST":
        agrees = request.POST.get("do") == "yes"
        state = answer_by_parent(token, agrees=agrees, at=now, ip=ip_of(request))
        said_no = not agrees and state.outcome is Confirmation.EXPIRED
    else:
        state = look_at_parent(token, at=now)
    status = {Confirmation.INVALID: 404, Confirmation.EXPIRED: 410}.get(state.outcome, 200)
    return render(
        request,
        "consent/public/parent.html",
        {"state": state, "outcome": "refused" if said_no else state.outcome.value},
        status=200 if said_no else status,
    )
