"""`/privacyverzoek/`: anybody asks, without an account; and the page of one's own request.

No cookie and no log-in: authority comes from the mailbox alone. GET changes nothing.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.actions import ConsentRefused
from akkoord.consent.challenge import make_ticket
from akkoord.consent.sentences import sentence_of
from akkoord.consent.visitors import STATUS, ip_of
from akkoord.law.reasons import Reason
from akkoord.law.request_rules import AT_ONCE
from akkoord.register.models import language_now
from akkoord.rights import tokens
from akkoord.rights.asking import ask_by_mail
from akkoord.rights.due_days import due_of
from akkoord.rights.inbox import FORM, Asked, confirm_request, take_request
from akkoord.rights.models import RequestPart, RightsRequest
from akkoord.rights.public_form import PublicRequestForm
from akkoord.rights.queries import mailbox_of, run_of
from akkoord.rights.refusals import RequestRefused

BY_LINK = {"access": tokens.ACCESS, "portability": tokens.ACCESS, "erasure": tokens.ERASURE}


@csrf_exempt
def ask(request: HttpRequest) -> HttpResponse:
    """The form; the answer is the same for everybody, whether we know the address or not."""
    if request.method != "POST":
        chosen = [each for each in request.GET.getlist("soort") if each in RightsRequest.Kind]
        return _form(request, PublicRequestForm(initial={"kinds": chosen}))
    form = PublicRequestForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    taken = None
    try:
        if not form.cleaned_data["website"]:
            taken = take_request(_asked(request, form.cleaned_data), at=timezone.now())
    except RequestRefused as refused:
        form.add_error(refused.field, refused.sentence)
        return _form(request, form, status=422)
    except ConsentRefused as refused:
        if refused.reason is Reason.PROOF_NEEDED:
            form = _with_ticket(form)
        form.add_error(refused.field or None, sentence_of(refused.reason))
        return _form(request, form, status=STATUS.get(refused.reason, 422))
    kinds = set(form.cleaned_data["kinds"])
    context = {
        "stops": bool(kinds & AT_ONCE),
        "has_more": bool(kinds - AT_ONCE),
        "left_out": taken is not None and bool(form.cleaned_data["words"]) and not taken.words,
    }
    return render(request, "rights/public/request_taken.html", context)


def _asked(request: HttpRequest, values: dict[str, Any]) -> Asked:
    return Asked(
        kinds=tuple(values["kinds"]),
        email=values["email"],
        words=values["words"],
        language=language_now(),
        ip=ip_of(request),
        proof=values["altcha"],
        ticket=values["ticket"],
    )


def _with_ticket(form: PublicRequestForm) -> PublicRequestForm:
    """The form again with a ticket that opens in a minute; one that it has already goes on."""
    if form.cleaned_data.get("ticket"):
        return form
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["ticket"] = make_ticket(form_id=FORM, at=timezone.now())
    again = PublicRequestForm(data)
    again.is_valid()
    return again


def _form(request: HttpRequest, form: PublicRequestForm, status: int = 200) -> HttpResponse:
    return render(request, "rights/public/request_new.html", {"form": form}, status=status)


@csrf_exempt
def request_page(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm what was asked in your name; afterwards: where it stands. No data stands here."""
    now = timezone.now()
    request_id = tokens.read_confirm(token, at=now)
    if request_id is None:
        return private(render(request, "rights/public/link_bad.html", status=410))
    if request.method == "POST":
        found = confirm_request(request_id=request_id, at=now)
        if found is not None and found.state == RightsRequest.State.OPEN:
            _mail_links(found, at=now)
    found = RightsRequest.objects.filter(id=request_id).first()
    if found is None:
        return private(render(request, "rights/public/link_bad.html", status=410))
    run = run_of(found)
    context = {
        "asked": found,
        "parts": _parts(found),
        "due": due_of(found),
        "certificate": run.reference if run else "",
    }
    return private(render(request, "rights/public/request_mine.html", context))


def _mail_links(found: RightsRequest, *, at: Any) -> None:
    """What the person can do themself, by a fresh link to the mailbox that we know."""
    point = mailbox_of(found)
    asked = set(found.parts.filter(state=RequestPart.State.OPEN).values_list("kind", flat=True))
    wanted = sorted({BY_LINK[each] for each in asked if each in BY_LINK})
    if point is None:
        return
    for kind in wanted:
        ask_by_mail(point=point, kind=kind, language=found.language, at=at)


def _parts(found: RightsRequest) -> list[dict[str, Any]]:
    """Each kind with its state, and whether a link to it went to the mailbox."""
    is_known = found.subject_id is not None
    return [
        {
            "kind": RightsRequest.Kind(each.kind).label,
            "state": each.state,
            "by_link": is_known and each.kind in BY_LINK,
        }
        for each in found.parts.order_by("id")
    ]


def private(response: HttpResponse) -> HttpResponse:
    """The address holds a token: not kept, not told to the next site, not found."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
