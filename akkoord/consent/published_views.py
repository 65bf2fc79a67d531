"""Staff pages: a published business address with its proof, and the end of it (INV-18)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.consent.published import end_publication, record_publication
from akkoord.consent.published_forms import EndForm, PublicationForm
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.uploads import off_the_disk
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.people.actions import PersonRefused
from akkoord.people.models import Person
from akkoord.register.published import topics_for_published
from akkoord.register.queries import current_versions
from akkoord.trail.actions import actor_of


@off_the_disk
def publication(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Write down where a company published an address of this person; newer proof renews it."""
    person = get_object_or_404(Person, id=person_id)
    versions = current_versions(topics_for_published())
    points = list(person.points.filter(channel=Channel.EMAIL, ended_at=None).order_by("created_at"))
    form = PublicationForm(versions, points, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_publication(
                point_id=form.point_id(),
                seen=form.seen(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except PersonRefused as refused:
            form.add_error(refused.field, refused.sentence)
        except ConsentRefused as refused:
            form.add_error(refused.field or None, _sentence(refused.reason))
        else:
            messages.success(request, _("Saved, with its proof. It counts for a year."))
            return redirect("people:person", person.id)
    context = {"form": form, "person": person, "has_topics": bool(versions)}
    return render(request, "consent/person_published.html", context)


@require_POST
def end(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """It stands there no more."""
    person = get_object_or_404(Person, id=person_id)
    form = EndForm(request.POST)
    if form.is_valid() and person.points.filter(id=form.cleaned_data["point"]).exists():
        end_publication(
            point_id=form.cleaned_data["point"],
            purpose_id=form.cleaned_data["topic"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(request, _("Noted. Nothing leaves on it any more."))
    return redirect("people:person", person.id)


def _sentence(reason: Reason) -> str:
    """Why this address cannot count, and the lawful way to the same goal."""
    no = _(
        "This person said no before. A page of their company does not lift that: only a yes of "
        "their own does (art. 21(3) GDPR)."
    )
    sentences = {
        Reason.OBJECTED: no,
        Reason.WITHDRAWN: no,
        Reason.REFUSED: no,
        Reason.SUPPRESSED: no,
        Reason.FUTURE_TIME: _("This day is still to come."),
        Reason.NO_LEGAL_PERSON: _(
            "A sole trader and partners count as people: their published address is no invitation "
            "that the law knows. Ask them for a yes, at your form or by letter (art. 11.7 "
            "Telecommunicatiewet)."
        ),
        Reason.NO_PUBLICATION_EVIDENCE: _(
            "You saw this more than a year ago. Look at the page again (art. 11.7 "
            "Telecommunicatiewet)."
        ),
        Reason.TOPIC_NOT_FOR_PUBLISHED: _(
            "The register does not say that this topic goes to published addresses. Say so at the "
            "topic first."
        ),
        Reason.KNOWN_CHILD: _(
            "This person is under 16: one of the parents must agree (art. 8 GDPR)."
        ),
    }
    return sentences.get(reason, _("This address cannot count for this."))
