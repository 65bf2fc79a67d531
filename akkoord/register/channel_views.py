"""Staff page: over which ways a topic comes, with what each of them needs (INV-12)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.register.actions import offer_channels
from akkoord.register.forms import ChannelsForm
from akkoord.register.models import Purpose
from akkoord.trail.actions import actor_of


def topic_channels(request: HttpRequest, slug: str) -> HttpResponse:
    """Over which ways this topic comes; a new way reaches nobody until they say yes to it."""
    topic = get_object_or_404(Purpose, slug=slug, is_topic=True, ended_at=None)
    sent = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    form = ChannelsForm(sent, initial={"channels": topic.channels})
    if request.method == "POST" and form.is_valid():
        offer_channels(
            purpose_id=topic.id,
            channels=form.cleaned_data["channels"],
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(request, _("Saved. A new way reaches nobody until they say yes to it."))
        return redirect("register:topic_detail", slug=slug)
    page = {"topic": topic, "form": form, "current": topic.versions.get(valid_to=None)}
    return render(request, "register/topic_channels.html", page)
