"""Staff pages: forms, the overview of consent, declared wordings, the list that may not be used."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.consent import queries
from akkoord.consent.forms import FormForm, SignUpForm, WordingForm
from akkoord.consent.forms_publishing import (
    FormRefused,
    close_form,
    create_form,
    form_url,
    form_versions,
    publish_form,
    revise_form,
)
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.notices import WordingRefused, declare_wording
from akkoord.consent.push_pages import PUSH
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.shown import form_snapshot
from akkoord.register.models import language_now
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import Actor

_FIELDS = {"fields": "fields_asked", "slug": "name"}


def actor_of(request: HttpRequest) -> Actor:
    """The member of staff behind a request."""
    return Actor.staff(request.user.pk) if request.user.is_authenticated else Actor.system()


def forms(request: HttpRequest) -> HttpResponse:
    """All forms with how many wait and how many confirmed."""
    return render(request, "consent/forms.html", {"rows": queries.form_rows()})


def overview(request: HttpRequest) -> HttpResponse:
    """How each topic stands, and how sign-ups go."""
    return render(
        request,
        "consent/overview.html",
        {"topics": queries.topic_counts(), "sign_ups": queries.sign_up_counts()},
    )


def form_create(request: HttpRequest) -> HttpResponse:
    """A new form."""
    return _edit(request, None)


def form_edit(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Change a form; what is published stays until it is published again."""
    return _edit(request, get_object_or_404(Form.objects.exclude(kind=PUSH), id=form_id))


def _edit(request: HttpRequest, known: Form | None) -> HttpResponse:
    form = FormForm(current_versions(live_topics()), request.POST or None, known)
    if request.method == "POST" and form.is_valid():
        try:
            now, actor = timezone.now(), actor_of(request)
            if known is None:
                saved = create_form(facts=form.facts(), at=now, actor=actor)
            else:
                saved = revise_form(form_id=known.id, facts=form.facts(), at=now, actor=actor)
        except FormRefused as refused:
            form.add_error(_FIELDS.get(refused.field, refused.field), refused.sentence)
        else:
            messages.success(request, _("Saved. Look at it, then publish it."))
            return redirect("consent:form", form_id=saved.id)
    return render(request, "consent/form_edit.html", {"form": form, "known": known})


def form(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """One form: as people see it now, its address, and its published versions."""
    known = get_object_or_404(Form, id=form_id)
    if known.kind == PUSH:
        return redirect("consent:push_page", form_id=known.id)
    versions = form_versions(known)
    language = request.GET.get("language", language_now())
    language = language if language in ("nl", "en") else "nl"
    snapshot = form_snapshot(known, versions, language)
    with translation.override(language):
        preview = SignUpForm(CollectionPoint(snapshot=snapshot, language=language))
    points = CollectionPoint.objects.filter(form=known).order_by("-published_at", "language")
    rows = {row.form.id: row for row in queries.form_rows()}
    return render(
        request,
        "consent/form.html",
        {
            "known": known,
            "row": rows[known.id],
            "url": form_url(known),
            "preview": preview,
            "shown": snapshot,
            "notice": snapshot["notice"],
            "descriptions": {
                topic["version"]: " ".join(
                    part for part in (topic["description"], topic["frequency"]) if part
                )
                for topic in snapshot["topics"]
            },
            "points": points[:40],
            "preview_language": language,
        },
    )


@require_POST
def form_publish(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Freeze the form as it is now, in both languages."""
    known = get_object_or_404(Form.objects.exclude(kind=PUSH), id=form_id)
    try:
        publish_form(form_id=known.id, at=timezone.now(), actor=actor_of(request))
    except ConsentRefused as refused:
        messages.error(request, _refusal(refused))
    else:
        messages.success(request, _("Published. People see this version from now on."))
    return redirect("consent:form", form_id=form_id)


def _refusal(refused: ConsentRefused) -> str:
    """Why a form cannot be published, and the way onward."""
    sentences = {
        "notice-incomplete": _(
            "The privacy text lacks something that people must be told. Complete the register: "
            "who you are, how long you keep data and who receives it (art. 13 GDPR)."
        ),
        "no-choice": _("There is nothing to choose on this form. Add a topic."),
    }
    return sentences.get(refused.reason.value, _("This form cannot be published like this."))


@require_POST
def form_close(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Close a form, or open it again; its versions stay as proof."""
    known = get_object_or_404(Form, id=form_id)
    close_form(
        form_id=known.id,
        is_closed=known.closed_at is None,
        at=timezone.now(),
        actor=actor_of(request),
    )
    return redirect("consent:form", form_id=form_id)


def suppressions(request: HttpRequest) -> HttpResponse:
    """The addresses that may not be used: counts and dates, never an address (INV-40)."""
    today = timezone.localdate()
    return render(
        request,
        "consent/suppressions.html",
        {
            "rows": queries.suppression_counts(),
            "due": queries.suppressions_due(today),
        },
    )


def wordings(request: HttpRequest) -> HttpResponse:
    """Wordings that staff declared for consent older than Akkoord (INV-7)."""
    context = {"wordings": queries.declared_wordings()[:200], "scripts": queries.scripts()[:50]}
    return render(request, "consent/wordings.html", context)


def wording_create(request: HttpRequest) -> HttpResponse:
    """Declare a wording."""
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declare_wording(at=timezone.now(), actor=actor_of(request), **form.cleaned_data)
        except WordingRefused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("Declared. Imports can rest on it now."))
            return redirect("consent:wordings")
    return render(request, "consent/wording_edit.html", {"form": form})
