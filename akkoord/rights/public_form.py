"""What anybody may type at `/privacyverzoek/`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.rights.models import RightsRequest

Kind = RightsRequest.Kind
WORDS = {
    Kind.ACCESS: _("See what you keep of me"),
    Kind.PORTABILITY: _("Take my data along"),
    Kind.RECTIFICATION: _("Correct something"),
    Kind.ERASURE: _("Be forgotten"),
    Kind.RESTRICTION: _("Keep my data, but do not use it"),
    Kind.OBJECTION: _("No advertising any more"),
    Kind.WITHDRAWAL: _("Take back what I agreed to"),
    Kind.OTHER_USE: _("Stop another use of my data"),
    Kind.HUMAN_LOOK: _("Have a person look at a decision"),
}


class PublicRequestForm(forms.Form):
    """What somebody asks, in their own words, and where the answer may go."""

    kinds = forms.MultipleChoiceField(
        label=_("What do you want?"),
        choices=list(WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you want. More than one is fine.")},
    )
    words = forms.CharField(
        label=_("Do you want to say more about it?"),
        help_text=_("For instance what is wrong. You need give no reason."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("The address at which we write to you, if you have one with us."),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    altcha = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    ticket = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def clean_words(self) -> Any:
        """A text without what no database takes."""
        return self.cleaned_data["words"].replace("\x00", "")
