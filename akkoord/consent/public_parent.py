"""The parent's pages: a button for yes and one for no to what a child asked for; and later, for
ever, one press that stops it (INV-14, 24, 34)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.confirm import Confirmation
from akkoord.consent.parent import answer_by_parent, look_at_parent
from akkoord.consent.parent_stop import stop_by_parent
from akkoord.consent.tokens import parent_stop_link, read_parent_stop
from akkoord.consent.visitors import ip_of
from akkoord.register.queries import organisation


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
    stop_link = ""
    if state.outcome is Confirmation.CONFIRMED and state.point is not None:
        stop_link = parent_stop_link(state.point.id)
    status = {Confirmation.INVALID: 404, Confirmation.EXPIRED: 410}.get(state.outcome, 200)
    return render(
        request,
        "consent/public/parent.html",
        {
            "state": state,
            "outcome": "refused" if said_no else state.outcome.value,
            "stop_link": stop_link,
        },
        status=200 if said_no else status,
    )


@csrf_exempt
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One press stops what a parent agreed to. GET changes nothing; nothing of the child is shown,
    and the page says the same whether anything was left to stop."""
    point_id = read_parent_stop(token)
    if point_id is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    outcome = "ask"
    if request.method == "POST":
        stop_by_parent(point_id, at=timezone.now())
        outcome = "stopped"
    context = {"outcome": outcome, "organisation": organisation(), "hide_language": True}
    return render(request, "consent/public/parent_stop.html", context)
