"""Staff pages about one person's consent: a yes with its evidence, and a no at once."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from akkoord.consent.evidence import Proof
from akkoord.consent.forms import StopForm
from akkoord.consent.grant_forms import GrantForm
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.notices import declare_wording
from akkoord.consent.person_forms import FirstGrantForm, NewPersonForm
from akkoord.consent.refusals import ConsentRefused, demand
from akkoord.consent.uploads import off_the_disk
from akkoord.consent.withdraw import object_to_marketing, withdraw
from akkoord.consent.words_shown import TYPED, Chosen, chosen_words, too_new
from akkoord.law.decisions import refuse
from akkoord.law.parameters import term_end
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method
from akkoord.people.actions import PersonRefused, add_person
from akkoord.people.models import ContactPoint, Person
from akkoord.people.page import act_url
from akkoord.people.points import add_point
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import actor_of


@off_the_disk
def grant(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Add a yes with its evidence to one of a person's addresses."""
    person = get_object_or_404(Person, id=person_id)
    points = list(person.points.filter(ended_at=None).order_by("channel", "created_at"))
    form = GrantForm(
        current_versions(live_topics()),
        points,
        request.POST or None,
        request.FILES or None,
        caller=str(request.user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, person, form, at=timezone.now())
        except PersonRefused as refused:
            form.add_error(refused.field, refused.sentence)
        except ConsentRefused as refused:
            form.add_error(refused.field or None, _sentence(refused.reason))
        else:
            messages.success(request, _("Saved, with its evidence."))
            return redirect("people:person", person.id)
    context = {"form": form, "person": person}
    return render(request, "consent/person_grant.html", context)


@off_the_disk
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new by hand: who, why, and the evidence of it, in one press or not at all."""
    who = NewPersonForm(request.POST or None)
    form = FirstGrantForm(
        current_versions(live_topics()),
        request.POST or None,
        request.FILES or None,
        caller=str(request.user),
    )
    after = _AFTER.get(request.POST.get("why", ""))
    if request.method == "POST" and who.is_valid() and (after or form.is_valid()):
        try:
            person = _add(request, who, None if after else form, at=timezone.now())
        except PersonRefused as refused:
            _show(who if refused.field in who.fields else form, refused.field, refused.sentence)
        except ConsentRefused as refused:
            _show(form, refused.field or "", _sentence(refused.reason))
        else:
            return _added(request, person, after)
    return render(request, "consent/person_add.html", {"who": who, "form": form})


def _show(form: Form, field: str, sentence: str) -> None:
    form.add_error(field if field in form.fields else None, sentence)


@transaction.atomic
def _add(
    request: HttpRequest, who: NewPersonForm, form: FirstGrantForm | None, *, at: datetime
) -> Person:
    """The person, with the yes when there is one."""
    facts = who.facts(judge_by=term_end("import-review-term", timezone.localdate(at)))
    point = add_person(facts=facts, at=at, actor=actor_of(request))
    if form is not None:
        _record_yes(request, point, form, at=at)
    return point.person


# What comes next, where it is no yes that they are added with (INV-15, 18).
_AFTER = {
    NewPersonForm.CUSTOMER: ("sale", gettext_noop("Added. Now enter the sale, with its invoice.")),
    NewPersonForm.PUBLISHED: (
        "published",
        gettext_noop("Added. Now write down where that address stood."),
    ),
}


def _added(request: HttpRequest, person: Person, after: tuple[str, str] | None) -> HttpResponse:
    """Onward: to what shows why this person may be kept, or to their page."""
    url = act_url(after[0], person) if after else ""
    if after and url:
        messages.success(request, _(after[1]))
        return redirect(url)
    messages.success(request, _("Saved, with its evidence."))
    return redirect("people:person", person.id)


@transaction.atomic
def _record(request: HttpRequest, person: Person, form: GrantForm, *, at: datetime) -> None:
    facts = form.new_address()
    if facts is None:
        point = person.points.get(id=form.known_address(), ended_at=None)
    else:
        point = add_point(person_id=person.id, facts=facts, at=at, actor=actor_of(request))
    _record_yes(request, point, form, at=at)


def _record_yes(
    request: HttpRequest, point: ContactPoint, form: GrantForm, *, at: datetime
) -> None:
    data, actor = form.cleaned_data, actor_of(request)
    words = _words(request, form, point, at=at)
    if words is None or words.version is None:
        demand(refuse(Reason.NO_CHOICE), field="words")
        return
    if why := too_new(words, on=data["happened_on"]):
        raise PersonRefused("words", why)
    record_evidence_grant(
        point_id=point.id,
        grant=EvidenceGrant(
            version=words.version,
            method=Method(data["method"]),
            happened_at=data["happened_on"],
            notice=words.notice,
            shown=words.shown,
            language=words.notice.language,
            has_parent_consent=data["has_parent_consent"],
            proof=Proof(
                scan=data["scan"],
                caller=data["caller"],
                script=words.script,
                recording=data["recording"],
                receipt=data["receipt"],
                where=data["where"] if data["words"] == TYPED else "",
                offers_objection=data["offers_objection"],
                shows_number=data["shows_number"],
            ),
        ),
        actor=actor,
        at=at,
    )


def _words(
    request: HttpRequest, form: GrantForm, point: ContactPoint, *, at: datetime
) -> Chosen | None:
    """The words that were chosen, or typed and declared by this member of staff (INV-7)."""
    data = form.cleaned_data
    purpose_id = UUID(data["topic"])
    if data["words"] != TYPED:
        return chosen_words(data["words"], purpose_id=purpose_id, channel=Channel(point.channel))
    _refuse_addresses_in(data["wording"], point.person)
    notice = declare_wording(
        text=data["wording"],
        source=_("the evidence of one person"),  # never typed: a notice outlives the person
        actor=actor_of(request),
        at=at,
        language=language_now(),
    )
    version = PurposeVersion.objects.select_related("purpose").filter(
        purpose_id=purpose_id, valid_to=None
    )
    return Chosen(notice, None, version.first())


def _refuse_addresses_in(wording: str, person: Person) -> None:
    """The words stay when the person goes, so nothing of this person may stand in them."""
    typed = wording.casefold()
    if any(value.casefold() in typed for value in person.points.values_list("value", flat=True)):
        raise PersonRefused(
            "wording",
            _(
                "Leave this person's address out of the words: enter them as everybody saw them. "
                "The words are kept when the person is forgotten."
            ),
        )


def _sentence(reason: Reason) -> str:
    """Why this yes cannot stand, and the lawful way to the same goal."""
    older_no = _(
        "This person said no before. Only a yes of their own that is later can lift that: on "
        "paper, at the counter or at a form (art. 21(3) GDPR)."
    )
    sentences = {
        Reason.OBJECTED_BEFORE: older_no,
        Reason.WITHDRAWN_BEFORE: older_no,
        Reason.REFUSED: older_no,
        Reason.FUTURE_TIME: _("This moment is still to come."),
        Reason.CHILD_WITHOUT_PARENT: _(
            "This person is under 16: one of the parents must agree (art. 8 GDPR)."
        ),
        Reason.BASIS_NOT_FOR_CHANNEL: _(
            "These words speak of another way of reaching people. A yes for one way never counts "
            "for another: choose the words for this one, or ask again."
        ),
        Reason.NO_CHOICE: _(
            "This topic does not go by this way, or these words do not speak of it. Choose another "
            "topic or other words."
        ),
        Reason.NO_EVIDENCE: _(
            "There is nothing to show of this yes. On paper: add the scan. By telephone: choose "
            "the script that was read out, and say where the recording is (art. 7(1) GDPR)."
        ),
        Reason.NO_OBJECTION_OFFERED: _(
            "A yes to calls counts only when you said that this person may object, now and in "
            "every call. Not said? Ask again (art. 11.7 Telecommunicatiewet)."
        ),
    }
    return sentences.get(reason, _("This cannot count as a yes."))


def stop(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Enter a no that a person told staff: it works at once, and only the person can undo it."""
    person = get_object_or_404(Person, id=person_id)
    form = StopForm(current_versions(live_topics()), request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, actor = timezone.now(), actor_of(request)
        what, method = form.cleaned_data["what"], Method(form.cleaned_data["method"])
        if what == "objection":
            object_to_marketing(person_id=person.id, method=method, actor=actor, at=now)
        else:
            for point in person.points.filter(ended_at=None):
                withdraw(
                    point_id=point.id, purpose_id=UUID(what), method=method, actor=actor, at=now
                )
        messages.success(request, _("It has stopped. Mails that wait do not leave any more."))
        return redirect("people:person", person.id)
    return render(request, "consent/person_stop.html", {"form": form, "person": person})
