"""Staff pages: the style of letters, and the pictures."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from akkoord.composing import pictures as verbs
from akkoord.composing import queries
from akkoord.composing.forms import PictureForm, StyleForm, WordsForm
from akkoord.composing.models import Picture
from akkoord.composing.pictures import PictureWords
from akkoord.composing.reading import PictureRefused, check_size
from akkoord.composing.style import StyleFacts, StyleRefused, choose_style, style_now
from akkoord.composing.uses import uses_of
from akkoord.datamap.naming import file_title
from akkoord.trail.actions import actor_of


def style(request: HttpRequest) -> HttpResponse:
    """Colours and letter types of every letter, with a letter beside it."""
    now = style_now()
    first = {name: getattr(now, name) for name in StyleFacts.__slots__}
    form = StyleForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            choose_style(style=form.style(), at=timezone.now(), actor=actor_of(request))
        except StyleRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Every letter that you check from now on looks like this."))
            return redirect("composing:style")
    return render(request, "composing/style.html", {"form": form})


def pictures(request: HttpRequest) -> HttpResponse:
    """All pictures, newest first; a post brings one in."""
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _brought(request, form) is not None:
        messages.success(request, _("The picture is kept."))
        return redirect("composing:pictures")
    text = request.GET.get("q", "")[:100].strip()
    page = queries.pictures_page(after=request.GET.get("na", ""), text=text)
    return render(request, "composing/pictures.html", {"form": form, "page": page, "text": text})


def _brought(request: HttpRequest, form: PictureForm) -> Picture | None:
    """Keep what came in; None: the form says why not."""
    upload, typed = form.cleaned_data["file"], form.cleaned_data
    title = typed["title"] or file_title(upload.name)[:120]  # what was typed is judged (INV-32)
    words = PictureWords(title, typed["alt"], typed["is_ornament"])
    try:
        check_size(upload.size)
        return verbs.keep_picture(
            upload.read(), words=words, at=timezone.now(), actor=actor_of(request)
        )
    except PictureRefused as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None


def choose(request: HttpRequest) -> HttpResponse:
    """Pictures to choose from, in the panel beside a block; a post brings one in and chooses it."""
    form = PictureForm(request.POST or None, request.FILES or None)
    brought = None
    if request.method == "POST" and form.is_valid():
        brought = _brought(request, form)
    text = request.GET.get("q", "")[:100].strip()
    page = queries.pictures_page(after=request.GET.get("na", ""), text=text)
    context = {"form": form, "page": page, "text": text, "brought": brought}
    return render(request, "composing/_choose.html", context)


def picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """One picture: its words, and which letters show it."""
    found = _picture(picture_id)
    first = {"title": found.title, "alt": found.alt, "is_ornament": found.is_ornament}
    form = WordsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.describe_picture(
                picture_id=found.id,
                words=PictureWords(**form.cleaned_data),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except PictureRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("composing:picture", picture_id=found.id)
    address = queries.picture_address(found.name)
    context = {"picture": found, "form": form, "uses": uses_of(found.name), "address": address}
    return render(request, "composing/picture.html", context)


@require_POST
def remove(request: HttpRequest, picture_id: UUID, act: str) -> HttpResponse:
    """Away with a picture, or out for good."""
    found, now, actor = _picture(picture_id), timezone.now(), actor_of(request)
    if act == "intrekken":
        verbs.withdraw_picture(picture_id=found.id, at=now, actor=actor)
        messages.success(request, _("The picture is gone, also from letters that were sent."))
        return redirect("composing:pictures")
    try:
        verbs.remove_picture(picture_id=found.id, at=now, actor=actor)
    except PictureRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("composing:picture", picture_id=found.id)
    messages.success(request, _("The picture is gone."))
    return redirect("composing:pictures")


@cache_control(private=True, max_age=24 * 3600, immutable=True)
def small(_request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """A picture, small, for our own pages."""
    found = _picture(picture_id)
    return HttpResponse(bytes(found.small), content_type="image/jpeg")


def _picture(picture_id: UUID) -> Picture:
    found = get_object_or_404(Picture, id=picture_id)
    if found.withdrawn_at is not None:
        raise Http404
    return found
