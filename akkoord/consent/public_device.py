"""The page of one device, and putting it beside a mailbox; behind a link that only it has."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent import sections
from akkoord.consent.device_link import ask_joining, link_device
from akkoord.consent.devices import device_at, device_of, drop_devices
from akkoord.consent.forms import AddressForm
from akkoord.consent.grants import grant_in_browser
from akkoord.consent.notices import hash_snapshot
from akkoord.consent.public_push import page_url
from akkoord.consent.push_forms import PushAnswer
from akkoord.consent.push_pages import device_words
from akkoord.consent.push_shown import push_topics_snapshot
from akkoord.consent.push_tokens import (
    ONE_DAY,
    device_link,
    read_device,
    read_joining,
    read_linking,
)
from akkoord.consent.queries import standings_at
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.consent.tokens import why_link
from akkoord.consent.visitors import ip_of
from akkoord.consent.withdraw import withdraw
from akkoord.law.reasons import Reason
from akkoord.law.states import LIVE_STATES, Method
from akkoord.people.models import PushDevice
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, push_topics
from akkoord.trail.actions import Actor

_PAGE = "consent/public/push_device.html"


@csrf_exempt
def device_page(request: HttpRequest, token: str) -> HttpResponse:
    """Topics on and off for this device, stop, forget. An old link can still stop (INV-24)."""
    now = timezone.now()
    place = read_device(token)
    if place is None:
        return render(request, _PAGE, {"outcome": "invalid"}, status=404)
    device = device_at(place.point_id)
    if device is None:
        return _stopped(request)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do == "off":
        return _everything_off(request, device, now)
    if place.is_expired(at=now):
        context = {"outcome": "expired", "page_url": page_url(), "hide_language": True}
        return render(request, _PAGE, context, status=410)
    act = _ACTS.get(do)
    if act is not None:
        return act(request, device, now)
    problem = _("Choose what you want to change.") if request.method == "POST" else ""
    return _page(request, device, at=now, problem=problem)


def _stopped(request: HttpRequest) -> HttpResponse:
    return render(request, _PAGE, {"outcome": "stopped", "page_url": page_url()})


def _page(
    request: HttpRequest,
    device: PushDevice,
    *,
    at: datetime,
    said: str = "",
    problem: str = "",
    address: AddressForm | None = None,
) -> HttpResponse:
    """The page as it stands now."""
    point = device.contact_point
    versions = current_versions(push_topics())
    snapshot = push_topics_snapshot(versions, language_now()) if versions else {"topics": []}
    live = _live(point.id)
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
    return render(
        request,
        _PAGE,
        {
            "outcome": "show",
            "device": device,
            "topics": rows,
            "shown": hash_snapshot(snapshot),
            "asks_sixteen": any(row["asks_age"] and not row["is_on"] for row in rows),
            "is_alone": point.person.source == "push" and not point.person.full_name,
            "address": address or AddressForm(),
            "entries": sections.device_entries_for(point, at=at),
            "said": said,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _live(point_id: UUID) -> set[UUID]:
    """The purposes that are switched on at this device."""
    return {key for key, each in standings_at(point_id).items() if each.state in LIVE_STATES}


def _everything_off(request: HttpRequest, device: PushDevice, at: datetime) -> HttpResponse:
    """One press, no question: no push message of any topic, and the address and keys go.

    Mail is another matter (INV-12 both ways): it goes on until it is stopped.
    """
    point_id = device.contact_point_id
    for purpose_id in _live(point_id):
        withdraw(
            point_id=point_id,
            purpose_id=purpose_id,
            method=Method.BROWSER,
            actor=Actor.person(),
            at=at,
        )
    drop_devices(point_ids=[point_id], why="stopped", at=at)
    return _stopped(request)


def _save_topics(request: HttpRequest, device: PushDevice, at: datetime) -> HttpResponse:
    """Switch topics on and off, as the boxes stand. Off always works; on needs the same words."""
    point_id = device.contact_point_id
    wanted = set(request.POST.getlist("topic"))
    on_screen = set(request.POST.getlist("on_screen"))
    versions = {str(each.id): each for each in current_versions(push_topics())}
    live = _live(point_id)
    fresh = [
        versions[key] for key in wanted if key in versions and versions[key].purpose_id not in live
    ]
    if fresh:
        problem = _switch_on(request, point_id, fresh, at=at)
        if problem:
            return _page(request, device, at=at, problem=problem)
    for key, version in versions.items():
        if key in on_screen - wanted and version.purpose_id in live:
            withdraw(
                point_id=point_id,
                purpose_id=version.purpose_id,
                method=Method.BROWSER,
                actor=Actor.person(),
                at=at,
            )
    if device_at(point_id) is None:
        return _stopped(request)
    return _page(request, device, at=at, said=_("Saved. This works at once."))


def _switch_on(
    request: HttpRequest, point_id: UUID, fresh: list[PurposeVersion], *, at: datetime
) -> str:
    """Grant these topics; answers why not, in a sentence."""
    words = device_words(language=language_now(), at=at)
    if words.sha256 != request.POST.get("shown"):
        return _("The words changed while you were here. Look again and save.")
    said_sixteen = "sixteen" in request.POST
    if any(version.purpose.asks_age for version in fresh) and not said_sixteen:
        return sentence_of(Reason.CHILD_WITHOUT_PARENT)
    try:
        for version in fresh:
            grant_in_browser(
                point_id=point_id, version=version, shown=words, at=at, said_sixteen=said_sixteen
            )
    except ConsentRefused as refused:
        return sentence_of(refused.reason)
    return ""


def _ask_joining(request: HttpRequest, device: PushDevice, at: datetime) -> HttpResponse:
    """Mail a link to a mailbox; the same answer for every address."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            ask_joining(
                device_id=device.contact_point_id,
                email=form.cleaned_data["email"],
                language=language_now(),
                ip=ip_of(request),
                at=at,
            )
        except ConsentRefused as refused:
            form.add_error("email", sentence_of(refused.reason))
        else:
            return render(request, "consent/public/push_mailed.html")
    problem = _("Look at the fields below.")
    return _page(request, device, at=at, problem=problem, address=form)


_ACTS: dict[str, Callable[[HttpRequest, PushDevice, datetime], HttpResponse]] = {
    "topics": _save_topics,
    "join": _ask_joining,
}


@csrf_exempt
def link(request: HttpRequest, token: str) -> HttpResponse:
    """From the preference centre: the device that opens this page says that it is the person's."""
    now = timezone.now()
    place = read_linking(token)
    if place is None or place.is_expired(at=now, term=ONE_DAY):
        return render(request, "consent/public/push_link.html", {"outcome": "bad"}, status=410)
    if request.method != "POST":
        context = {"outcome": "here", "page_url": page_url()}
        return render(request, "consent/public/push_link.html", context)
    try:
        answer = PushAnswer.read(request)
    except ConsentRefused:
        return JsonResponse({"problem": ""}, status=422)
    device = device_of(answer.text("endpoint"), answer.text("auth"))
    if device is None or not link_device(
        device_id=device.contact_point_id, mailbox_id=place.point_id, at=now
    ):
        return JsonResponse({"problem": ""}, status=404)
    if device_at(device.contact_point_id) is None:
        return JsonResponse({"url": page_url() or "/voorkeuren/"})
    return JsonResponse({"url": device_link(point_id=device.contact_point_id, at=now)})


@csrf_exempt
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: a button puts the device beside this mailbox."""
    now = timezone.now()
    place = read_joining(token)
    if place is None or place.other_id is None or place.is_expired(at=now, term=ONE_DAY):
        return render(request, "consent/public/push_link.html", {"outcome": "bad"}, status=410)
    if request.method != "POST":
        return render(request, "consent/public/push_link.html", {"outcome": "ask"})
    done = link_device(device_id=place.point_id, mailbox_id=place.other_id, at=now)
    return render(request, "consent/public/push_link.html", {"outcome": "done" if done else "not"})
