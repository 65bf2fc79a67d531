"""Staff pages: the state of the policy, words by hand, publishing, and its versions."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akkoord.policy import queries
from akkoord.policy.actions import PolicyRefused, begin_telling, publish, write_words
from akkoord.policy.building import own_words
from akkoord.policy.forms import PublishForm, WordsForm
from akkoord.policy.models import Place, PolicyVersion
from akkoord.policy.readability import read
from akkoord.policy.renderings import as_markdown, as_snippet, stamp
from akkoord.policy.sentences import EASE, missing_of
from akkoord.policy.telling import people_to_tell
from akkoord.register.models import language_now
from akkoord.trail.actions import actor_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is published, what is different or missing, how it reads, and where words may stand."""
    found = queries.draft()
    words = own_words()
    readings = [(each, read(found.content(each).text(), language=each)) for each in ("nl", "en")]
    page = {
        "draft": found,
        "missing": missing_of(tuple(found.gaps)),
        "changes": found.changes(language_now()),
        "readings": [
            (each, reading, EASE[reading.ease] if reading.ease else "")
            for each, reading in readings
        ],
        "places": [(place, words.get(place.value)) for place in Place],
        "versions": queries.versions()[:20],
    }
    return render(request, "policy/index.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, place: str) -> HttpResponse:
    """Words of one's own at one place."""
    if place not in Place.values:
        raise Http404
    kept = own_words().get(place)
    initial = {"nl": kept.text_nl, "en": kept.text_en} if kept else {}
    form = WordsForm(_typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_words(
                place=Place(place), **form.cleaned_data, at=timezone.now(), actor=actor_of(request)
            )
        except PolicyRefused as refusal:
            form.add_error("en" if form.cleaned_data["nl"] else "nl", refusal.sentence)
        else:
            messages.success(request, _("Kept. Publish a version to show it."))
            return redirect("policy:index")
    return render(request, "policy/words.html", {"form": form, "place": Place(place)})


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest) -> HttpResponse:
    """Look at what will be published, say what changes, and publish."""
    found = queries.draft()
    initial = {"matters": "yes" if found.means_something else "no"}
    form = PublishForm(_typed(request), initial=initial, is_first=found.current is None)
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = {"matters": False, **form.cleaned_data}
        try:
            publish(**typed, at=timezone.now(), actor=actor_of(request))
        except PolicyRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Published. This is what people read from now on."))
            return redirect("policy:index")
    page = {
        "draft": found,
        "form": form,
        "changes": found.changes(language_now()),
        "content": found.content(language_now()),
    }
    return render(request, "policy/publish.html", page)


@require_POST
def tell(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Begin to tell people by mail of a version that matters."""
    try:
        begin_telling(version_id=version_id, at=timezone.now(), actor=actor_of(request))
    except PolicyRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The mails leave in a moment, some hundreds a minute."))
    return redirect("policy:version", version_id=version_id)


@require_safe
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version: what it says, why it came, and who was told."""
    found = get_object_or_404(PolicyVersion.objects.select_related("telling"), id=version_id)
    current = queries.current_version()
    is_newest = current is not None and current.id == found.id
    may_tell = is_newest and found.matters and not hasattr(found, "telling")
    page = {
        "version": found,
        "content": queries.content_of(found, language_now()),
        "changes": queries.changes_of(found, language_now()),
        "is_newest": is_newest,
        "to_tell": people_to_tell().count() if may_tell else None,
    }
    return render(request, "policy/version.html", page)


@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """The published policy to take to a site of one's own: as HTML and as Markdown."""
    current = queries.current_version()
    language = language_now()
    content = queries.content_of(current, language) if current else queries.built_now(language)
    stamped = stamp(current, language)
    page = {
        "link": f"{settings.BASE_URL}{reverse('policy_public:privacy')}",
        "snippet": as_snippet(content, stamped),
        "markdown": as_markdown(content, stamped),
        "current": current,
    }
    return render(request, "policy/elsewhere.html", page)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; a form without a field is sent empty, and is sent all the same."""
    return request.POST if request.method == "POST" else None
