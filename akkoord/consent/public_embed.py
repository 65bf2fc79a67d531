"""Forms on other people's sites: the script, what it shows, and the documented POST end-point.

These three addresses, and no other, may be asked from any site (CORS with `*`). They take no cookie
and give none, so a foreign site can do no more than a stranger: ask for a confirmation mail.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.address_advice import meant
from akkoord.consent.challenge import make_challenge, make_ticket
from akkoord.consent.form_counts import count
from akkoord.consent.models import CollectionPoint, Form, FormCount
from akkoord.consent.public import posted_point
from akkoord.consent.push_pages import PUSH
from akkoord.consent.queries import published
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.consent.sign_up import request_sign_up
from akkoord.consent.sign_up_form import SignUpForm, choices_shown, input_name
from akkoord.consent.visitors import STATUS, ip_of
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason
from akkoord.web.built import built_text

LONGEST = 20_000  # bytes of one post
View = Callable[..., HttpResponse]


def from_any_site(view: View) -> View:
    """Let pages of any site read the answer, without cookies; answers the browser's question."""

    @csrf_exempt
    @functools.wraps(view)
    def open_view(request: HttpRequest, *arguments: Any, **values: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Content-Type"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = view(request, *arguments, **values)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return open_view


@from_any_site
def script(_request: HttpRequest, slug: str) -> HttpResponse:
    """The snippet's script: the same file for every form; it finds its form by its own address."""
    get_object_or_404(Form.objects.exclude(kind=PUSH), slug=slug)
    response = HttpResponse(built_text("embed.js"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@from_any_site
def shown(request: HttpRequest, slug: str) -> HttpResponse:
    """The published form as the snippet shows it: exactly the frozen words, as text."""
    form = get_object_or_404(Form.objects.exclude(kind=PUSH), slug=slug)
    language = request.GET.get("taal", "nl")
    point = published(form, language if language in ("nl", "en") else "nl")
    if point is None or form.closed_at is not None:
        return JsonResponse({"errors": {"form": [_("This form is closed")]}}, status=410)
    count(form.id, FormCount.VIEW)
    with translation.override(point.language):
        return JsonResponse(as_json(point))


@from_any_site
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a post, JSON or urlencoded: 202, or 4xx with an error per field.

    The answer is the same for an address that is known and one that is not.
    """
    form = get_object_or_404(Form.objects.exclude(kind=PUSH), slug=slug)
    if request.method != "POST":
        return JsonResponse({"errors": {"form": ["POST"]}}, status=405, headers={"Allow": "POST"})
    data = read_post(request)
    if data is None:
        sentence = _("This is no JSON object of at most 20 kB.")
        return JsonResponse({"errors": {"form": [sentence]}}, status=400)
    if not data.get("shown"):  # INV-7: the proof is of the words that stood there
        sentence = _("Name the version whose words you show: `shown` in formulier.json.")
        return JsonResponse({"errors": {"shown": [sentence]}}, status=422)
    point = posted_point(form, str(data["shown"]))
    if point is None or form.closed_at is not None:
        return JsonResponse({"errors": {"form": [_("This form is closed")]}}, status=410)
    with translation.override(point.language):
        return _answer(request, point, SignUpForm(point, data | {"shown": str(point.id)}))


def _answer(request: HttpRequest, point: CollectionPoint, sign_up: SignUpForm) -> HttpResponse:
    status = 422
    if sign_up.is_valid():
        try:
            if not sign_up.cleaned_data["website"]:
                facts = sign_up.facts(ip=ip_of(request))
                request_sign_up(collection_point=point, facts=facts, at=timezone.now())
        except ConsentRefused as refused:
            if refused.reason is Reason.PROOF_NEEDED:
                return _ask_proof(request, point)
            place = refused.field if refused.field in sign_up.fields else None
            sign_up.add_error(place, sentence_of(refused.reason))
            status = STATUS.get(refused.reason, 422)
        else:
            if point.form_id is not None:
                count(point.form_id, FormCount.POST)
            waits = bool(sign_up.cleaned_data.get("topics"))
            answer = {"status": "asked", **said(point, waits=waits)}
            if suggestion := meant(sign_up.cleaned_data["email"]):
                answer["did_you_mean"] = suggestion
                answer["text"] += " " + _("Did you mean %(address)s? Then fill it in again.") % {
                    "address": suggestion
                }
            return JsonResponse(answer, status=202)
    errors = {
        ("form" if name == "__all__" else name): [str(each) for each in found]
        for name, found in sign_up.errors.items()
    }
    return JsonResponse({"errors": errors}, status=status)


def _ask_proof(request: HttpRequest, point: CollectionPoint) -> HttpResponse:
    """Under attack: a challenge for who can compute; who cannot waits and posts the ticket."""
    now, form_id = timezone.now(), point.form_id or point.id
    challenge = make_challenge(form_id=form_id, network=truncate_ip(ip_of(request)) or "", at=now)
    return JsonResponse(
        {
            "errors": {"form": [sentence_of(Reason.PROOF_NEEDED)]},
            "challenge": asdict(challenge),
            "ticket": make_ticket(form_id=form_id, at=now),
        },
        status=429,
    )


def said(point: CollectionPoint, *, waits: bool) -> dict[str, str]:
    """What stands in place of the form afterwards."""
    thanks = point.snapshot.get("thanks", "")
    if waits:
        heading = _("Look in your mailbox")
        text = _("We sent you a mail with a button. Press it, and you are signed up.")
    elif point.snapshot.get("kind") == "question":
        heading, text = _("Your question has come in"), _("We answer you by mail.")
    else:
        heading, text = _("It is arranged"), _("We have kept your choice.")
    return {"heading": heading, "text": f"{thanks} {text}".strip()}


class _Posted(dict[str, Any]):
    """What was posted, as Django's forms read it: several values of one name are a list."""

    def getlist(self, name: str) -> list[Any]:
        found = self.get(name, [])
        return found if isinstance(found, list) else [found]

    def __or__(self, other: dict[str, Any]) -> "_Posted":  # type: ignore[override]
        return _Posted({**self, **other})


def read_post(request: HttpRequest) -> _Posted | None:
    """The body as names and values; None: too long, or neither JSON nor a form."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LONGEST:
            return None
        if request.content_type == "application/json":
            found = json.loads(request.body or b"{}")
            if not isinstance(found, dict):
                return None
            return _Posted({str(name): _plain(value) for name, value in found.items()})
        return _Posted({name: _single(request.POST.getlist(name)) for name in request.POST})
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None


def _single(values: list[str]) -> Any:
    return values if len(values) > 1 else values[0]


def _plain(value: Any) -> Any:
    """A value of JSON as a form would have posted it; nothing nested gets through."""
    if isinstance(value, list):
        return [str(each) for each in value[:50] if not isinstance(each, dict | list)]
    if value is None or value is False or isinstance(value, dict):
        return ""
    return "on" if value is True else str(value)


def as_json(point: CollectionPoint) -> dict[str, Any]:
    """A published version for the snippet; every text as it was frozen."""
    shot = point.snapshot
    return {
        "shown": str(point.id),
        "language": point.language,
        "title": shot["title"],
        "intro": shot["intro"],
        "topics": [
            {
                "version": topic["version"],
                "label": topic["sentence"],
                "why": " ".join(
                    part for part in (topic["description"], topic["frequency"]) if part
                ),
            }
            for topic in shot["topics"]
        ],
        "fields": [
            {
                "name": input_name(field),
                "label": field["label"],
                "why": field.get("why", ""),
                "kind": field.get("kind", "text"),
                "autocomplete": field.get("autocomplete", "off"),
                "limit": field.get("limit", 160),
                "choices": choices_shown(field),
            }
            for field in shot["fields"]
        ],
        "message": shot.get("message"),
        "asks_sixteen": shot["asks_sixteen"],
        "opt_out": shot.get("opt_out"),
        "terms": shot["terms"],
        "button": shot["button"],
        "privacy_url": _whole_url(shot["privacy_url"]),
        "notice": point.notice.text,
        "words": _words(shot),
    }


def _words(shot: dict[str, Any]) -> dict[str, str]:
    """The snippet's own few words."""
    told = _(
        "%(name)s uses your address for what you tick, and for nothing else. You can stop at any "
        "moment, with one press in every mail."
    )
    if shot.get("carrier"):
        told = _(
            "%(name)s uses your address for this, and for what you tick. For nothing else. You can "
            "stop at any moment, with one press in every mail."
        )
    return {
        "topics": _("What do you want to hear about?"),
        "one": "" if shot.get("carrier") else _("choose at least one"),
        "email": _("E-mail address"),
        "sixteen": _("I am 16 or older"),
        "parent_email": _("Younger? E-mail address of one of your parents"),
        "parent_why": _("Your parent must agree too, by a mail of their own."),
        "read_terms": _("Read the terms and conditions"),
        "told": told % {"name": shot["notice"]["controller"]},
        "privacy": _("Privacy statement"),
        "notice": _("What happens with your data"),
        "missing": _("Something is missing. Look at the fields below."),
        "moment": _("One moment: we check that you are no machine."),
        "offline": _("This did not work. Try again in a moment."),
    }


def _whole_url(url: str) -> str:
    return settings.BASE_URL + url if url.startswith("/") else url
