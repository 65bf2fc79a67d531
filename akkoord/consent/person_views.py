"""Staff pages about one person's consent: a yes with its evidence, and a no at once."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.forms import GrantForm, StopForm
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.notices import declare_wording
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.views import actor_of
from akkoord.consent.withdraw import object_to_marketing, withdraw
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, live_topics


def grant(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Add a yes with its evidence to a person's address."""
    person = get_object_or_404(Person, id=person_id)
    point = person.points.filter(channel="email", ended_at=None).order_by("created_at").first()
    if point is None:
        messages.error(request, _("This person has no e-mail address. Add one first."))
        return redirect("people:person", person.id)
    form = GrantForm(current_versions(live_topics()), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, point, form, at=timezone.now())
        except ConsentRefused as refused:
            form.add_error(None, _sentence(refused.reason))
        else:
            messages.success(request, _("Saved, with its evidence."))
            return redirect("people:person", person.id)
    return render(
        request,
        "consent/person_grant.html",
        {"form": form, "person": person, "address": point.value},
    )


def _record(request: HttpRequest, point: ContactPoint, form: GrantForm, *, at: datetime) -> None:
    data = form.cleaned_data
    notice = declare_wording(
        text=data["wording"],
        source=data["where"],
        actor=actor_of(request),
        at=at,
        language=language_now(),
    )
    record_evidence_grant(
        point_id=point.id,
        grant=EvidenceGrant(
            version=PurposeVersion.objects.select_related("purpose").get(id=data["topic"]),
            method=Method(data["method"]),
            happened_at=data["happened_on"],
            notice=notice,
            language=language_now(),
            has_parent_consent=data["has_parent_consent"],
        ),
        actor=actor_of(request),
        at=at,
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
        Reason.BASIS_NOT_FOR_CHANNEL: _("This topic is not sent by e-mail."),
        Reason.NO_CHOICE: _("This topic is not sent by e-mail."),
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
