"""The whole preference centre: for who came by a fresh link that was mailed to the mailbox.

Only here is something shown, granted, corrected or ended that the person cannot take back with the
mail in hand (INV-24, INV-34: switching off needs none of this, see `public_less`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from akkoord.consent import rhythm
from akkoord.consent.centre_page import EVERYTHING, centre_page
from akkoord.consent.change import change_address
from akkoord.consent.correction import save_correction
from akkoord.consent.correction_form import CorrectionForm
from akkoord.consent.forms import AddressForm, PauseForm
from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.grants import grant_from_preference_centre
from akkoord.consent.models import CollectionPoint
from akkoord.consent.post_choices import ask_letters, door_of, stop_letters
from akkoord.consent.queries import standings_at
from akkoord.consent.reasons_given import tell_reason
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.consent.special_yes import take_back
from akkoord.consent.withdraw import take_off_device, withdraw
from akkoord.consent.words import rhythm_words, stop_reason_words
from akkoord.law.reasons import Reason
from akkoord.law.rhythm_rules import Rhythm as HowOften
from akkoord.law.states import LIVE_STATES, Method
from akkoord.people.actions import PersonRefused, end_relation
from akkoord.people.addresses import living_address
from akkoord.people.models import ContactPoint
from akkoord.people.own_values import answers_of
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import Actor

Act = Callable[[HttpRequest, ContactPoint, datetime], HttpResponse]


def centre(request: HttpRequest, point: ContactPoint, *, at: datetime) -> HttpResponse:
    """The page, or one of its acts; each works at once and answers the page as it stands then."""
    if request.method != "POST":
        return _page(request, point, at=at)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _page(request, point, at=at, problem=_("Choose what you want to change."))
    return act(request, point, at)


def _page(
    request: HttpRequest,
    point: ContactPoint,
    *,
    at: datetime,
    said: str = "",
    problem: str = "",
    has_stopped: bool = False,
    **forms: Any,
) -> HttpResponse:
    shown = centre_page(point, at=at)
    correction = CorrectionForm(point.person, shown.address, shown.answers)
    return render(
        request,
        "consent/public/preferences.html",
        {
            "point": point,
            "page": shown,
            "rhythms": rhythm_words(),
            "everything": EVERYTHING,
            "correction": forms.get("correction") or correction,
            "address": forms.get("address") or AddressForm(),
            "reasons": stop_reason_words() if has_stopped else (),
            "said": said,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _save_topics(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Topics on and off, and how often, as the page stands. Off always works; on needs the same
    words that were on the screen."""
    wanted = set(request.POST.getlist("topic"))
    versions = {str(each.id): each for each in current_versions(live_topics())}
    standings = standings_at(point.id)
    live = {key for key, each in standings.items() if each.state in LIVE_STATES}
    shown_before = set(request.POST.getlist("on_screen"))
    has_stopped = False
    for key, version in versions.items():
        if key in shown_before and key not in wanted and version.purpose_id in live:
            _stop_one(point, version, at=at)
            has_stopped = True
    _save_rhythms(request, point, [versions[key] for key in shown_before & set(versions)], at=at)
    fresh = [versions[key] for key in wanted if key in versions]
    fresh = [version for version in fresh if version.purpose_id not in live]
    if fresh and (problem := _problem_with(request, point, fresh, at=at)):
        return _page(request, point, at=at, problem=problem, has_stopped=has_stopped)
    said = _("Saved. This works at once.")
    return _page(request, point, at=at, said=said, has_stopped=has_stopped)


def _save_rhythms(
    request: HttpRequest, point: ContactPoint, versions: list[PurposeVersion], *, at: datetime
) -> None:
    """How often each topic may come, where that was changed."""
    known = rhythm.rhythms_at(point)
    for version in versions:
        asked = request.POST.get(f"often-{version.id}")
        before = known[version.purpose_id].at_most if version.purpose_id in known else ""
        if asked is None or asked == before or asked not in {"", *HowOften}:
            continue
        rhythm.set_frequency(
            point_id=point.id,
            purpose_id=version.purpose_id,
            at_most=HowOften(asked) if asked else None,
            at=at,
        )


def _problem_with(
    request: HttpRequest, point: ContactPoint, fresh: list[PurposeVersion], *, at: datetime
) -> str:
    """Grant the topics that were switched on; a sentence when that cannot be."""
    words = preference_point(language=language_now(), at=at)
    if words.sha256 != request.POST.get("shown"):
        return _("The words changed while you were here. Look again and save.")
    said_sixteen = "sixteen" in request.POST
    if any(version.purpose.asks_age for version in fresh) and not said_sixteen:
        return sentence_of(Reason.CHILD_WITHOUT_PARENT)
    try:
        _grant_all(point, fresh, words, said_sixteen=said_sixteen, at=at)
    except ConsentRefused as refused:
        return sentence_of(refused.reason)
    return ""


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
    said = _("Everything is off. You get nothing more.")
    return _page(request, point, at=at, said=said, has_stopped=True)


def _why(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """A reason, after the act and only if somebody likes."""
    tell_reason(point_id=point.id, reason=request.POST.get("reason", ""), at=at)
    return _page(request, point, at=at, said=_("Thank you. That helps."))


def _pause(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Nothing of a topic, or of any, until a day."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, point, at=at, problem=form.problem())
    try:
        rhythm.pause(
            point_id=point.id,
            until=form.cleaned_data["until"],
            purpose_id=form.cleaned_data["what"],
            at=at,
        )
    except ConsentRefused as refused:
        return _page(request, point, at=at, problem=sentence_of(refused.reason))
    return _page(request, point, at=at, said=_("The pause has begun. It ends by itself."))


def _resume(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Go on before the day of the pause."""
    form = PauseForm(request.POST)
    form.is_valid()
    if "what" in form.errors:
        return _page(request, point, at=at, problem=_("Choose what you want to change."))
    rhythm.resume(point_id=point.id, purpose_id=form.cleaned_data["what"], at=at)
    return _page(request, point, at=at, said=_("The pause is over."))


def _correct(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Correct name, language, postal address and answers (art. 16): all of it or nothing."""
    person = point.person
    form = CorrectionForm(person, living_address(person.id), answers_of(person.id), request.POST)
    if form.is_valid():
        try:
            save_correction(point, form, at=at)
        except PersonRefused as refused:
            form.add_error(
                refused.field if refused.field in form.fields else None, refused.sentence
            )
    if not form.is_valid():
        return _page(request, point, at=at, problem=_("Look at the fields below."), correction=form)
    person.refresh_from_db()
    return _page(request, point, at=at, said=_("Saved."))


def _save_address(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Ask the new mailbox. Whether an address is somebody else's is not told."""
    form = AddressForm(request.POST)
    problem = _("Look at the fields below.")
    if not form.is_valid():
        return _page(request, point, at=at, problem=problem, address=form)
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
            return _page(request, point, at=at, problem=problem, address=form)
    said = _("Look in the mailbox of your new address. Until you confirm there, this one counts.")
    return _page(request, point, at=at, said=said)


def _left_company(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """I do not work there (any more)."""
    try:
        relation = UUID(request.POST.get("relation", ""))
    except ValueError:
        return _page(request, point, at=at, problem=_("Choose what you want to change."))
    end_relation(relation_id=relation, person_id=point.person_id, at=at, actor=Actor.person())
    return _page(request, point, at=at, said=_("Saved."))


def _take_off(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """No push messages on one device any more; the others go on."""
    try:
        device = UUID(request.POST.get("device", ""))
    except ValueError:
        return _page(request, point, at=at, problem=_("Choose what you want to change."))
    take_off_device(point_id=device, person_id=point.person_id, at=at)
    return _page(request, point, at=at, said=_("This device gets no push messages any more."))


def _post(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """Letters about a topic off, or on in the words that stand at the button."""
    asked = request.POST
    found = door_of(point.person_id, asked.get("point", ""), asked.get("what", ""))
    if found is None:
        return _page(request, point, at=at, problem=_("Choose what you want to change."))
    door, purpose_id = found
    if "on" not in asked:
        stop_letters(door, purpose_id, at=at)
        said = _("No more letters about this. One that was printed already may still come.")
        return _page(request, point, at=at, said=said, has_stopped=True)
    try:
        problem = ask_letters(
            door,
            purpose_id,
            shown=asked.get("shown", ""),
            said_sixteen="sixteen" in asked,
            at=at,
        )
    except ConsentRefused as refused:
        problem = sentence_of(refused.reason)
    return _page(
        request, point, at=at, problem=problem, said="" if problem else _("It is on again.")
    )


def _special_back(request: HttpRequest, point: ContactPoint, at: datetime) -> HttpResponse:
    """A yes to keep something sensitive is taken back: at once, and what was kept is gone."""
    key = request.POST.get("field", "")
    if not take_back(person_id=point.person_id, field_key=key, at=at, actor=Actor.person()):
        return _page(request, point, at=at, problem=_("Choose what you want to change."))
    return _page(request, point, at=at, said=_("Taken back. What was kept is gone."))


_ACTS: dict[str, Act] = {
    "topics": _save_topics,
    "off": _everything_off,
    "reason": _why,
    "pause": _pause,
    "resume": _resume,
    "names": _correct,
    "address": _save_address,
    "left": _left_company,
    "device": _take_off,
    "post": _post,
    "special": _special_back,
}
