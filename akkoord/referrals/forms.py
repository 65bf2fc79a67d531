"""Untrusted input of the room's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.consent.models import Form
from akkoord.referrals.actions import TipFacts
from akkoord.referrals.models import Programme


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProgrammeForm(forms.Form):
    """What the organisation offers."""

    card_is_on = forms.BooleanField(
        label=_("Customers may give away a card or link"),
        help_text=_("You send nothing to anybody: the customer does."),
        required=False,
    )
    card_nl = _words(_("Words on the card, in Dutch"))
    card_en = _words(_("Words on the card, in English"))
    reward_nl = forms.CharField(
        label=_("What does the giver get when a friend becomes a customer? In Dutch"),
        help_text=_("Leave empty for nothing. Only with the card, never with the mail."),
        required=False,
        max_length=200,
    )
    reward_en = forms.CharField(label=_("The same, in English"), required=False, max_length=200)
    mail_is_on = forms.BooleanField(
        label=_("Customers may have us send one mail to a friend"),
        help_text=_("Without any reward, for nobody. The friend's address goes at once."),
        required=False,
    )
    mail_nl = _words(
        _("Your part of the mail, in Dutch"),
        _("Two or three sentences on what you do. The customer adds their own words."),
    )
    mail_en = _words(_("Your part of the mail, in English"))
    form_id = forms.TypedChoiceField(
        label=_("By which form can the friend sign up?"), required=False, empty_value=None
    )

    def __init__(self, open_forms: list[Form], data: Any, known: Programme | None) -> None:
        names = [name for name in self.base_fields if name != "form_id"]
        initial = {name: getattr(known, name) for name in names} if known else {}
        if known and known.form_id:
            initial["form_id"] = str(known.form_id)
        super().__init__(data, initial=initial)
        self.fields["form_id"].choices = [  # type: ignore[attr-defined]
            ("", _("None")),
            *((str(form.id), form.name) for form in open_forms),
        ]


class TipForm(forms.Form):
    """A tip as a customer fills it in."""

    friend = forms.CharField(
        label=_("E-mail address of your friend"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=_("One address. We use it for this one mail and keep it nowhere."),
        error_messages={"required": _("Enter the e-mail address of your friend.")},
    )
    sender_name = forms.CharField(
        label=_("Your name, as your friend knows you"),
        max_length=60,
        error_messages={"required": _("Say who you are: your friend must know.")},
    )
    words = forms.CharField(
        label=_("Your own words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def facts(self) -> TipFacts:
        """What was filled in."""
        return TipFacts(**self.cleaned_data)


class UseForm(forms.Form):
    """A new customer by a card."""

    code = forms.CharField(label=_("Code on the card"), max_length=12)
    used_on = forms.DateField(
        label=_("Customer since"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
