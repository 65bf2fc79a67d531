"""Staff page: is this person under sixteen?"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.consent.age import HeardFrom, say_age
from akkoord.people.models import Person
from akkoord.trail.actions import actor_of


class AgeForm(forms.Form):
    """Under sixteen or not, and how staff know."""

    age = forms.ChoiceField(
        label=gettext_lazy("Is this person under 16?"),
        choices=[
            ("child", gettext_lazy("Yes, under 16")),
            ("sixteen", gettext_lazy("No, 16 or older")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    heard = forms.ChoiceField(
        label=gettext_lazy("How do you know?"),
        choices=[
            (HeardFrom.PERSON.value, gettext_lazy("They said so themselves")),
            (HeardFrom.PARENT.value, gettext_lazy("A parent said so")),
            (HeardFrom.SEEN.value, gettext_lazy("We saw it, in our shop or club")),
            (HeardFrom.MISTAKE.value, gettext_lazy("What stood here was a mistake")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how you know.")},
    )


def age(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say it; posting works at once, and saying the other undoes it."""
    person = get_object_or_404(Person, id=person_id)
    form = AgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_child = form.cleaned_data["age"] == "child"
        say_age(
            person_id=person.id,
            is_child=is_child,
            heard=HeardFrom(form.cleaned_data["heard"]),
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(
            request,
            _("Noted. Only what a parent agreed to counts now.")
            if is_child
            else _("Noted. What this person agreed to counts."),
        )
        return redirect("people:person", person.id)
    return render(request, "consent/person_age.html", {"form": form, "person": person})
