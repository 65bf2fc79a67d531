"""Staff pages of push pages: make one, look at it, publish it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.consent import queries
from akkoord.consent.forms_publishing import FormRefused
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.push_forms import PushPageForm
from akkoord.consent.push_pages import (
    PUSH,
    create_push_page,
    page_versions,
    publish_push_page,
    push_page_url,
    revise_push_page,
)
from akkoord.consent.push_shown import push_snapshot
from akkoord.consent.queries import live_count
from akkoord.consent.refusals import ConsentRefused
from akkoord.register.models import language_now
from akkoord.register.queries import current_versions, push_topics
from akkoord.trail.actions import actor_of


def _page(form_id: UUID) -> Form:
    return get_object_or_404(Form, id=form_id, kind=PUSH)


def create(request: HttpRequest) -> HttpResponse:
    """A new push page; without a topic that comes as push, the way to one."""
    return _edit(request, None)


def edit(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Change a push page; what is published stays until it is published again."""
    return _edit(request, _page(form_id))


def _edit(request: HttpRequest, known: Form | None) -> HttpResponse:
    versions = current_versions(push_topics())
    form = PushPageForm(versions, request.POST or None, known)
    if request.method == "POST" and form.is_valid():
        try:
            now, actor = timezone.now(), actor_of(request)
            if known is None:
                saved = create_push_page(facts=form.facts(), at=now, actor=actor)
            else:
                saved = revise_push_page(form_id=known.id, facts=form.facts(), at=now, actor=actor)
        except FormRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Saved. Look at it, then publish it."))
            return redirect("consent:push_page", form_id=saved.id)
    context = {"form": form, "known": known, "has_topics": bool(versions)}
    return render(request, "consent/push_edit.html", context)


def page(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """One push page: as people see it now, its address, and its published versions."""
    known = _page(form_id)
    versions = page_versions(known)
    language = request.GET.get("language", language_now())
    language = language if language in ("nl", "en") else "nl"
    snapshot = push_snapshot(known, versions, language)
    rows = {row.form.id: row for row in queries.form_rows()}
    return render(
        request,
        "consent/push_page.html",
        {
            "known": known,
            "row": rows[known.id],
            "url": push_page_url(known),
            "shown": snapshot,
            "notice": snapshot["notice"],
            "names_mail": [
                topic["name"]
                for topic in snapshot["topics"]
                if "mail" in topic["description"].lower()
            ],
            "devices": live_count(known.topic_ids, "push"),
            "points": CollectionPoint.objects.filter(form=known).order_by(
                "-published_at", "language"
            )[:40],
            "preview_language": language,
        },
    )


@require_POST
def publish(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Freeze the page as it is now, in both languages."""
    try:
        publish_push_page(form_id=_page(form_id).id, at=timezone.now(), actor=actor_of(request))
    except ConsentRefused as refused:
        sentences = {
            "notice-incomplete": _(
                "The privacy text lacks something that people must be told. Complete the "
                "register: who you are, how long you keep data and who receives it (art. 13 GDPR)."
            ),
            "no-choice": _("No topic of this page comes as push message now. Choose one."),
        }
        fallback = _("This page cannot be published like this.")
        messages.error(request, sentences.get(refused.reason.value, fallback))
    else:
        messages.success(request, _("Published. People see this version from now on."))
    return redirect("consent:push_page", form_id=form_id)
