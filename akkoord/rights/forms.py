"""Untrusted input of the staff pages."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.people.queries import person_by_email
from akkoord.rights.actions import RequestFacts
from akkoord.rights.models import RightsRequest

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
            reply_to="" if person else address,
            identity="staff",
        )

    def clean_received_on(self) -> Any:
        """A day that has been."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class ReasonForm(forms.Form):
    """Why something is refused, or takes longer."""

    reason = forms.CharField(
        label=_("Why?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
