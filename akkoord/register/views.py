"""Staff pages: first run, topics, the organisation's settings."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.accounts.actions import create_staff
from akkoord.register import actions, queries
from akkoord.register.forms import (
    WORDS,
    ConsentLifeForm,
    OrganisationForm,
    ReviseTopicForm,
    SetUpForm,
    TopicForm,
    channel_names,
)
from akkoord.register.logo import drop_logo, keep_logo
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import ActivityField, Purpose, RetentionRule
from akkoord.register.presets_trades import TRADE_TOPICS
from akkoord.register.published import goes_to_published
from akkoord.trail.actions import Actor, actor_of


def begin(request: HttpRequest) -> HttpResponse:
    """The first-run wizard; afterwards the owner is logged in on the start page."""
    if queries.organisation() is not None:
        return redirect("/")
    form = SetUpForm(request.POST or None, initial={"trade": "shop", "topic_name": _("Newsletter")})
    if request.method == "POST" and form.is_valid():
        try:
            owner = _set_up(form)
        except actions.RegisterRefused as refusal:  # its name stands in the register
            form.add_error("topic_name", refusal.sentence)
        else:
            login(request, owner, backend="allauth.account.auth_backends.AuthenticationBackend")
            ready = (
                _("Everything is ready. Next: a form for your site.")
                if form.cleaned_data["topic_name"].strip()
                else _("Everything is ready. Next: look through your register.")
            )
            messages.success(request, ready)
            return redirect("/")
    return render(request, "register/begin.html", {"form": form})


@transaction.atomic
def _set_up(form: SetUpForm) -> Any:
    now, data = timezone.now(), form.cleaned_data
    owner = create_staff(
        email=data["owner_email"],
        name=data["owner_name"],
        role="owner",
        password=data["owner_password"],
    )
    actor = Actor.staff(owner.pk)
    actions.set_up_organisation(facts=form.facts(), at=now, actor=actor)
    if name := data["topic_name"].strip():
        _first_topic(name, data["trade"], at=now, actor=actor)
    return owner


def _first_topic(name: str, trade: str, *, at: datetime, actor: Actor) -> None:
    slug = slugify(name)[:80] or "nieuwsbrief"
    known = TRADE_TOPICS[trade]
    preset = next((each for each in known if each.slug == slug), None)
    words = (
        actions.TopicWords(
            preset.name.nl,
            preset.name.en,
            preset.description.nl,
            preset.description.en,
            preset.frequency.nl,
            preset.frequency.en,
        )
        if preset
        else actions.TopicWords(
            name,
            name,
            f"Nieuws en tips over {name}.",
            f"News and tips about {name}.",
        )
    )
    actions.create_topic(slug=slug, words=words, at=at, actor=actor)


def topics(request: HttpRequest) -> HttpResponse:
    """The topics that people can choose."""
    return render(
        request,
        "register/topics.html",
        {"topics": queries.live_topics(), "is_measuring": queries.measuring_purpose() is not None},
    )


@require_POST
def measuring(request: HttpRequest) -> HttpResponse:
    """Let people be asked whether we may see what they read."""
    try:
        offer_measuring(at=timezone.now(), actor=actor_of(request))
    except actions.RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request,
            _("The box is there. Add it to a form; in the preference centre it stands already."),
        )
    return redirect("register:topics")


def topic_create(request: HttpRequest) -> HttpResponse:
    """A new topic."""
    form = TopicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.words()
        try:
            purpose = actions.create_topic(
                slug=slugify(words.name_nl)[:80],
                words=words,
                channels=form.cleaned_data["channels"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except actions.RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The topic is there. Add it to a form."))
            return redirect("register:topic_detail", slug=purpose.slug)
    return render(request, "register/topic_form.html", {"form": form})


def _show(form: "Form | ModelForm[Any]", refusal: actions.RegisterRefused) -> None:
    """Put a refusal at its field, or above the form when the field is not on it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _topic(slug: str) -> Purpose:
    return get_object_or_404(Purpose, slug=slug, is_topic=True)


def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: its words, every older version, which fields it may use and why."""
    purpose = _topic(slug)
    versions = list(purpose.versions.order_by("-number"))
    return render(
        request,
        "register/topic_detail.html",
        {
            "topic": purpose,
            "current": versions[0],
            "versions": versions,
            "channel_names": channel_names(purpose),
            "activity": queries.current_activity(purpose.activity_key),
            "uses": ActivityField.objects.filter(
                activity_key=purpose.activity_key, ended_at=None
            ).select_related("field"),
            "rules": RetentionRule.objects.filter(activity_key=purpose.activity_key, valid_to=None),
            "for_published": goes_to_published(purpose),
        },
    )


def topic_revise(request: HttpRequest, slug: str) -> HttpResponse:
    """New words for a topic: a new version."""
    purpose = _topic(slug)
    current = purpose.versions.get(valid_to=None)
    initial = {
        name: getattr(purpose if name.startswith("frequency") else current, name) for name in WORDS
    } | {"channels": purpose.channels}
    form = ReviseTopicForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _revise(purpose, form, actor_of(request))
        except actions.RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The new words are in force. The old ones are kept."))
            return redirect("register:topic_detail", slug=slug)
    return render(request, "register/topic_form.html", {"form": form, "topic": purpose})


@transaction.atomic
def _revise(purpose: Purpose, form: ReviseTopicForm, actor: Actor) -> None:
    now, data = timezone.now(), form.cleaned_data
    # Ways that this form does not show stay as they are.
    kept = [each for each in purpose.channels if each not in ("email", "push")]
    actions.offer_channels(
        purpose_id=purpose.id, channels=[*data["channels"], *kept], at=now, actor=actor
    )
    if {*form.changed_data} - {"channels"}:
        actions.revise_topic(
            purpose_id=purpose.id,
            words=form.words(),
            is_material=data["is_material"],
            at=now,
            actor=actor,
        )


def topic_life(request: HttpRequest, slug: str) -> HttpResponse:
    """How long a yes to this topic counts, and what is mailed about it."""
    purpose = _topic(slug)
    initial = {
        "months": purpose.consent_months,
        "refresh_weeks": purpose.refresh_weeks,
        "reminds_yearly": purpose.reminds_yearly,
    }
    form = ConsentLifeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_consent_life(
                purpose_id=purpose.id,
                **form.cleaned_data,
                at=timezone.now(),
                actor=actor_of(request),
            )
        except actions.RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved. It counts for yeses from now on."))
            return redirect("register:topic_detail", slug=slug)
    current = purpose.versions.order_by("-number").first()
    return render(
        request,
        "register/topic_life.html",
        {"topic": purpose, "current": current, "form": form},
    )


def topic_end(request: HttpRequest, slug: str) -> HttpResponse:
    """End a topic, after showing what that means."""
    purpose = _topic(slug)
    if request.method == "POST":
        actions.end_topic(purpose_id=purpose.id, at=timezone.now(), actor=actor_of(request))
        messages.success(request, _("This topic has ended. Nothing more is sent for it."))
        return redirect("register:topics")
    return render(
        request,
        "register/topic_end.html",
        {"topic": purpose, "current": purpose.versions.order_by("-number").first()},
    )


def settings(request: HttpRequest) -> HttpResponse:
    """The organisation's details: what stands on every form and mail."""
    house = queries.organisation()
    form = OrganisationForm(request.POST or None, request.FILES or None, instance=house)
    if request.method == "POST" and form.is_valid():
        now, actor = timezone.now(), actor_of(request)
        actions.change_organisation(values=form.words(), at=now, actor=actor)
        if pictures := form.cleaned_data["logo_file"]:
            keep_logo(pictures, at=now, actor=actor)
        elif form.cleaned_data.get("no_logo"):
            drop_logo(at=now, actor=actor)
        messages.success(request, _("Saved."))
        return redirect("register:settings")
    return render(request, "register/settings.html", {"form": form, "organisation": house})
