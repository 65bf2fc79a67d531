"""Staff pages of the form builder: the list, making, looking, publishing, a published version."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.consent import queries
from akkoord.consent.builder_form import FormForm
from akkoord.consent.form_facts import FormRefused
from akkoord.consent.form_fields import AskableField, askable_fields
from akkoord.consent.forms_publishing import (
    close_form,
    create_form,
    form_url,
    form_versions,
    publish_form,
    revise_form,
)
from akkoord.consent.mails import confirmation_shown
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.push_pages import PUSH
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.rendered import rendered_form
from akkoord.consent.shown import form_snapshot
from akkoord.register.form_activities import CARRIERS, carrier_of
from akkoord.register.models import language_now
from akkoord.register.queries import current_versions, known_fields, live_topics
from akkoord.trail.actions import actor_of

_FIELDS = {"fields": "fields_asked", "slug": "name"}


def forms(request: HttpRequest) -> HttpResponse:
    """All forms with how many wait and how many confirmed."""
    return render(request, "consent/forms.html", {"rows": queries.form_rows()})


def form_create(request: HttpRequest) -> HttpResponse:
    """A new form."""
    return _edit(request, None)


def form_edit(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Change a form; what is published stays until it is published again."""
    return _edit(request, get_object_or_404(Form.objects.exclude(kind=PUSH), id=form_id))


def _builder(data: Any = None, known: Form | None = None) -> FormForm:
    """The builder's form; what can be asked is what some activity needs."""
    versions = current_versions(live_topics())
    keys = [*CARRIERS.values(), *(version.purpose.activity_key for version in versions)]
    return FormForm(versions, askable_fields(keys, language_now()), data, known)


def _edit(request: HttpRequest, known: Form | None) -> HttpResponse:
    form = _builder(request.POST or None, known)
    if request.method == "POST" and form.is_valid():
        try:
            now, actor = timezone.now(), actor_of(request)
            if known is None:
                saved = create_form(facts=form.facts(), at=now, actor=actor)
            else:
                saved = revise_form(form_id=known.id, facts=form.facts(), at=now, actor=actor)
        except FormRefused as refused:
            place = _FIELDS.get(refused.field, refused.field)
            form.add_error(place if place in form.fields else None, refused.sentence)
        else:
            messages.success(request, _("Saved. Look at it, then publish it."))
            return redirect("consent:form", form_id=saved.id)
    preview = _preview(_draft_of(form, known))
    return render(request, "consent/form_edit.html", {"form": form, "known": known, **preview})


@require_POST
def form_preview(request: HttpRequest) -> HttpResponse:
    """The form as it would look, while it is being made; nothing is stored."""
    form = _builder(request.POST)
    form.is_valid()
    draft = _draft_of(form, None)
    return render(
        request,
        "consent/_preview.html",
        {"form": form, "is_live": True, **_preview(draft, request.POST.get("preview_language"))},
    )


def _draft_of(form: FormForm, known: Form | None) -> Form:
    """The form as it stands in the fields, however unfinished; never saved."""
    if form.is_bound:
        return Form(**form.columns_so_far())
    start = form.initial
    return known or Form(
        kind=start["kind"],
        topic_ids=[UUID(each) for each in start.get("topics", [])],
        field_keys=["email", *start["fields_asked"]],
    )


def _preview(draft: Form, language: str | None = None) -> dict[str, Any]:
    """The documents of the preview, and what a form with these topics may ask."""
    language = language if language in ("nl", "en") else language_now()
    versions = form_versions(draft)
    snapshot = form_snapshot(draft, versions, language)
    carrier = carrier_of(draft.kind)
    keys = [*([carrier] if carrier else []), *(each.purpose.activity_key for each in versions)]
    askable: list[AskableField] = askable_fields(keys, language_now())
    return {
        "preview_language": language,
        "preview": rendered_form(snapshot, language),
        "confirmation": confirmation_shown(snapshot, versions, language),
        "askable": askable,
        "left_out": _left_out(draft, askable) if keys else [],
    }


def _left_out(draft: Form, askable: list[AskableField]) -> list[str]:
    """The names of fields that were ticked and that nothing on the form needs (INV-31)."""
    keys = set(draft.field_keys) - {"email"} - {each.key for each in askable}
    return [field.name for field in known_fields().filter(key__in=keys)]


def form(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """One form: as people see it now, its address, and its published versions."""
    known = get_object_or_404(Form, id=form_id)
    if known.kind == PUSH:
        return redirect("consent:push_page", form_id=known.id)
    language = request.GET.get("language", language_now())
    language = language if language in ("nl", "en") else "nl"
    snapshot = form_snapshot(known, form_versions(known), language)
    points = CollectionPoint.objects.filter(form=known).order_by("-published_at", "language")
    rows = {row.form.id: row for row in queries.form_rows()}
    return render(
        request,
        "consent/form.html",
        {
            "known": known,
            "row": rows[known.id],
            "url": form_url(known),
            "preview": rendered_form(snapshot, language),
            "points": points[:40],
            "preview_language": language,
        },
    )


def form_version(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """A published version as it looked then, from its frozen snapshot (INV-7)."""
    point = get_object_or_404(CollectionPoint.objects.select_related("form", "notice"), id=point_id)
    return render(
        request,
        "consent/form_version.html",
        {
            "point": point,
            "preview": rendered_form(point.snapshot, point.language)
            if "topics" in point.snapshot
            else "",
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
        "field-outside-purpose": _(
            "This form asks something that nothing on it needs any more. Change the form first."
        ),
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
