"""Preferences from the link in a mail: whoever holds the mail can stop, pause and lessen, at once.

A mail may have been forwarded, and may be old. So this page shows nothing of anybody, not even
what is on, and nothing on it can make more come: that needs a fresh link, mailed to the mailbox
(INV-24, INV-34; art. 7(3), 12(6), 32). What it answers is the same whatever stood before.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from akkoord.consent import rhythm
from akkoord.consent.ask_link import mail_preference_link
from akkoord.consent.centre_page import EVERYTHING, narrow_page
from akkoord.consent.forms import PauseForm
from akkoord.consent.reasons_given import tell_reason
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.consent.withdraw import withdraw
from akkoord.consent.words import rhythm_words, stop_reason_words
from akkoord.law.rhythm_rules import Rhythm as HowOften
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint
from akkoord.register.models import language_now
from akkoord.register.queries import live_topics
from akkoord.trail.actions import Actor

Act = Callable[[HttpRequest, ContactPoint, datetime], HttpResponse]


def less(
    request: HttpRequest, point: ContactPoint, *, at: datetime, is_stale: bool = False
) -> HttpResponse:
    """The page, or one of its acts. `is_stale`: a fresh link that is past its term."""
    if request.method != "POST":
        return _page(request, at=at, is_stale=is_stale)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _page(request, at=at, problem=_("Choose what you want to change."))
    return act(request, point, at)


def _page(
    request: HttpRequest,
    *,
    at: datetime,
    said: str = "",
    problem: str = "",
    has_stopped: bool = False,
    is_stale: bool = False,
) -> HttpResponse:
    return render(
        request,
        "consent/public/less.html",
        {
            "page": narrow_page(at=at),
            "rhythms": [each for each in rhythm_words() if each[0]],
            "everything": EVERYTHING,
            "reasons": stop_reason_words() if has_stopped else (),
            "said": said,
            "problem": problem,
            "is_stale": is_stale,
        },
        status=422 if problem else 200,
    )


def _stop(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """One topic off."""
    purpose = _topic(request)
    if purpose is None:
        return _page(request, at=at, problem=_("Choose what you want to change."))
    withdraw(
        point_id=point.id,
        purpose_id=purpose,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=at,
    )
    said = _("It is off. Nothing of it comes to you any more.")
    return _page(request, at=at, said=said, has_stopped=True)


def _everything_off(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    withdraw(point_id=point.id, method=Method.PREFERENCE_CENTRE, actor=Actor.person(), at=at)
    said = _("Everything is off. You get nothing more.")
    return _page(request, at=at, said=said, has_stopped=True)


def _pause(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Longer is possible, shorter is not: that would let more come."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, at=at, problem=form.problem())
    until, what = form.cleaned_data["until"], form.cleaned_data["what"]
    try:
        rhythm.pause(point_id=point.id, until=until, purpose_id=what, at=at, only_longer=True)
    except ConsentRefused as refused:
        return _page(request, at=at, problem=sentence_of(refused.reason))
    return _page(request, at=at, said=_("The pause has begun. It ends by itself."))


def _lessen(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Less often than now; more often needs the fresh link."""
    purpose, often = _topic(request), request.POST.get("often", "")
    if purpose is None or often not in set(HowOften):
        return _page(request, at=at, problem=_("Choose what you want to change."))
    rhythm.set_frequency(
        point_id=point.id, purpose_id=purpose, at_most=HowOften(often), at=at, only_less=True
    )
    return _page(request, at=at, said=_("Saved. This works at once."))


def _why(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    tell_reason(point_id=point.id, reason=request.POST.get("reason", ""), at=at)
    return _page(request, at=at, said=_("Thank you. That helps."))


def _fresh(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    mail_preference_link(point=point, language=language_now(), at=at)
    return render(request, "consent/public/link_mailed.html")


def _topic(request: HttpRequest) -> UUID | None:
    """The living topic that was named; None: something else was."""
    named: dict[str, Any] = {str(each.id): each.id for each in live_topics()}
    found: UUID | None = named.get(request.POST.get("what", ""))
    return found


_ACTS: dict[str, Act] = {
    "stop": _stop,
    "off": _everything_off,
    "pause": _pause,
    "less": _lessen,
    "reason": _why,
    "fresh": _fresh,
}
