"""Untrusted input of the staff pages."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.plain_words import plain_note
from akkoord.law.request_rules import AT_ONCE, GROUNDS
from akkoord.people.queries import person_by_email
from akkoord.rights.actions import RequestFacts
from akkoord.rights.models import RightsRequest
from akkoord.rights.request_words import refusal_word

CHANNELS = [
    choice
    for choice in RightsRequest.Channel.choices
    if choice[0] not in (RightsRequest.Channel.PREFERENCES, RightsRequest.Channel.STAFF)
]


class RequestForm(forms.Form):
    """A request that came in by mail, letter, telephone or at the counter."""

    kinds = forms.MultipleChoiceField(
        label=_("What does the person ask?"),
        choices=RightsRequest.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.CharField(
        label=_("E-mail address of the person"),
        help_text=_("Leave it empty when you do not know it."),
        max_length=320,
        required=False,
    )
    channel = forms.ChoiceField(label=_("How did it come in?"), choices=CHANNELS)
    received_on = forms.DateField(
        label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(
        label=_("In their own words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def facts(self) -> RequestFacts:
        """The typed request; the day of receipt counts from noon of that day."""
        values: dict[str, Any] = self.cleaned_data
        address = values["email"].strip()
        person = person_by_email(address) if address else None
        received = datetime.combine(values["received_on"], time(0, 0), tzinfo=UTC)
        return RequestFacts(
            kinds=tuple(values["kinds"]),
            channel=values["channel"],
            received_at=min(received.replace(hour=11), timezone.now()),
            person_id=person.id if person else None,
            words=values["words"].strip(),
            reply_to="" if person else spelled(address),
            identity="staff",
        )

    def clean_received_on(self) -> Any:
        """A day that has been."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


def spelled(address: str) -> str:
    """The one spelling of an address, so that it is found again; what is none, as it was typed."""
    try:
        return normalise_email(address)
    except BadIdentifier:
        return address


class ReasonForm(forms.Form):
    """Why something takes longer."""

    reason = forms.CharField(
        validators=[plain_note],
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefusalForm(forms.Form):
    """What is refused, on which ground of the law, and why that is so here."""

    kinds = forms.MultipleChoiceField(
        label=_("What do you refuse?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you refuse.")},
    )
    ground = forms.ChoiceField(label=_("On which ground?"))
    explanation = forms.CharField(
        validators=[plain_note],
        label=_("Why is that so here?"),
        help_text=_("This stands in the letter, with the AP and the court."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *arguments: Any, kinds: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        asked = [each for each in RightsRequest.Kind if each in set(kinds) - AT_ONCE]
        self.fields["kinds"].choices = [(each, each.label) for each in asked]  # type: ignore[attr-defined]
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (ground, refusal_word(ground))
            for ground, fact in GROUNDS.items()
            if fact.kinds & set(asked)
        ]
        if len(asked) == 1:
            self.initial.setdefault("kinds", asked)
