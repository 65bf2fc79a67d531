"""The preference centre and "why do I get this?": behind a link that came through the mailbox."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.ask_link import ask_preference_link, mail_preference_link
from akkoord.consent.change import change_address
from akkoord.consent.forms import AddressForm, NameForm
from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.grants import grant_from_preference_centre
from akkoord.consent.models import CollectionPoint
from akkoord.consent.notices import hash_snapshot
from akkoord.consent.public import ip_of
from akkoord.consent.queries import living_point, proof_of, standings_at
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sections import entries_for
from akkoord.consent.sentences import sentence_of
from akkoord.consent.shown import preference_snapshot
from akkoord.consent.tokens import (
    is_expired,
    read_preference,
    read_why,
    why_link,
    withdrawal_token,
)
from akkoord.consent.withdraw import withdraw
from akkoord.consent.words import channel_word, method_word
from akkoord.law.reasons import Reason
from akkoord.law.states import LIVE_STATES, Method
from akkoord.people.actions import correct_names
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import Actor


@csrf_exempt
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Topics on and off, everything off, name and address corrected, and links onward."""
    now = timezone.now()
    place = read_preference(token)
    if place is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    point = living_point(place.point_id)
    if point is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "gone"})
    if is_expired(place, at=now):
        if request.method == "POST" and request.POST.get("do") == "fresh":
            mail_preference_link(point=point, language=language_now(), at=now)
            return render(request, "consent/public/link_mailed.html")
        return render(request, "consent/public/link_bad.html", {"outcome": "expired"}, status=410)
    if request.method != "POST":
        return _centre(request, point, at=now)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _centre(request, point, at=now, problem=_("Choose what you want to change."))
    return act(request, point, now)


def _centre(
    request: HttpRequest,
    point: ContactPoint,
    *,
    at: datetime,
    said: str = "",
    problem: str = "",
    names: NameForm | None = None,
    address: AddressForm | None = None,
) -> HttpResponse:
    """The page as it stands now."""
    versions = current_versions(live_topics())
    snapshot = preference_snapshot(versions, language_now()) if versions else {"topics": []}
    standings = standings_at(point.id)
    live = {key for key, each in standings.items() if each.state in LIVE_STATES}
    rows = [
        topic
        | {
            "is_on": UUID(topic["purpose"]) in live,
            "why_url": why_link(point_id=point.id, purpose_id=UUID(topic["purpose"]), at=at)
            if UUID(topic["purpose"]) in live
            else "",
        }
        for topic in snapshot["topics"]
    ]
    person = point.person
    return render(
        request,
        "consent/public/preferences.html",
        {
            "point": point,
            "topics": rows,
            "shown": hash_snapshot(snapshot),
            "asks_sixteen": any(row["asks_age"] and not row["is_on"] for row in rows),
            "any_on": any(row["is_on"] for row in rows),
            "names": names
            or NameForm(
                initial={
                    "given_name": person.given_name,
                    "family_name": person.family_name,
                    "language": person.language,
                }
            ),
            "address": address or AddressForm(),
            "entries": entries_for(point, at=at),
            "said": said,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _save_topics(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Switch topics on and off, as the boxes stand. Off always works; on needs the same words."""
    wanted = set(request.POST.getlist("topic"))
    versions = {str(each.id): each for each in current_versions(live_topics())}
    standings = standings_at(point.id)
    live = {key for key, each in standings.items() if each.state in LIVE_STATES}
    shown_before = set(request.POST.getlist("on_screen"))
    for key, version in versions.items():
        if key in shown_before and key not in wanted and version.purpose_id in live:
            _stop_one(point, version, at=at)
    fresh = [versions[key] for key in wanted if key in versions]
    fresh = [version for version in fresh if version.purpose_id not in live]
    if not fresh:
        return _centre(request, point, at=at, said=_("Saved. This works at once."))
    words = preference_point(language=language_now(), at=at)
    if words.sha256 != request.POST.get("shown"):
        problem = _("The words changed while you were here. Look again and save.")
        return _centre(request, point, at=at, problem=problem)
    said_sixteen = "sixteen" in request.POST
    if any(version.purpose.asks_age for version in fresh) and not said_sixteen:
        problem = sentence_of(Reason.CHILD_WITHOUT_PARENT)
        return _centre(request, point, at=at, problem=problem)
    try:
        _grant_all(point, fresh, words, said_sixteen=said_sixteen, at=at)
    except ConsentRefused as refused:
        return _centre(request, point, at=at, problem=sentence_of(refused.reason))
    return _centre(request, point, at=at, said=_("Saved. This works at once."))


def _grant_all(
    point: ContactPoint,
    versions: list[PurposeVersion],
    words: CollectionPoint,
    *,
    said_sixteen: bool,
    at: datetime,
) -> None:
    for version in versions:
        grant_from_preference_centre(
            point_id=point.id, version=version, shown=words, at=at, said_sixteen=said_sixteen
        )


def _stop_one(point: ContactPoint, version: PurposeVersion, *, at: datetime) -> None:
    withdraw(
        point_id=point.id,
        purpose_id=version.purpose_id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=at,
    )


def _everything_off(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """One press, no question: nothing more of any topic."""
    withdraw(point_id=point.id, method=Method.PREFERENCE_CENTRE, actor=Actor.person(), at=at)
    return _centre(request, point, at=at, said=_("Everything is off. You get nothing more."))


def _save_names(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Correct name and language (art. 16)."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _centre(request, point, at=at, problem=_("Look at the fields below."), names=form)
    correct_names(person_id=point.person_id, at=at, actor=Actor.person(), **form.cleaned_data)
    point.person.refresh_from_db()
    return _centre(request, point, at=at, said=_("Saved."))


def _save_address(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Ask the new mailbox. Whether an address is somebody else's is not told."""
    form = AddressForm(request.POST)
    problem = _("Look at the fields below.")
    if not form.is_valid():
        return _centre(request, point, at=at, problem=problem, address=form)
    try:
        words = preference_point(language=language_now(), at=at)
        change_address(
            point_id=point.id,
            email=form.cleaned_data["email"],
            shown=words,
            actor=Actor.person(),
            at=at,
        )
    except ConsentRefused as refused:
        if refused.reason is not Reason.ADDRESS_OF_ANOTHER:
            form.add_error("email", sentence_of(refused.reason))
            return _centre(request, point, at=at, problem=problem, address=form)
    said = _("Look in the mailbox of your new address. Until you confirm there, this one counts.")
    return _centre(request, point, at=at, said=said)


_ACTS: dict[str, Callable[[HttpRequest, ContactPoint, datetime], HttpResponse]] = {
    "topics": _save_topics,
    "off": _everything_off,
    "names": _save_names,
    "address": _save_address,
}


@csrf_exempt
def ask_link(request: HttpRequest) -> HttpResponse:
    """Type your address and a link is mailed there; the same answer for everybody."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_preference_link(
                email=form.cleaned_data["email"],
                language=language_now(),
                ip=ip_of(request),
                at=timezone.now(),
            )
        except ConsentRefused as refused:
            form.add_error("email", sentence_of(refused.reason))
        else:
            return render(request, "consent/public/link_mailed.html")
    status = 422 if form.errors else 200
    return render(request, "consent/public/ask_link.html", {"form": form}, status=status)


def why(request: HttpRequest, token: str) -> HttpResponse:
    """The exact text that was agreed to, when and where, with its proof. No address stands here."""
    now = timezone.now()
    place = read_why(token)
    if place is None or place.purpose_id is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "invalid"}, status=404)
    if living_point(place.point_id) is None:
        return render(request, "consent/public/link_bad.html", {"outcome": "gone"})
    if is_expired(place, at=now):
        return render(request, "consent/public/link_bad.html", {"outcome": "old"}, status=410)
    entry = proof_of(place.point_id, place.purpose_id)
    context: dict[str, Any] = {
        "entry": entry,
        "is_live": entry is not None and entry.state in LIVE_STATES,
        "stop_token": withdrawal_token(point_id=place.point_id, purpose_id=place.purpose_id),
        "hide_language": True,
    }
    if entry is not None:
        context |= {"method": method_word(entry.method), "channel": channel_word(entry.channel)}
    return render(request, "consent/public/why.html", context)
