"""Untrusted input of the room's pages to typed values."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.law.sensitive import numbers_in
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import live_topics


class AddressForm(forms.Form):
    """One e-mail address."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )


class PauseForm(forms.Form):
    """What to pause (a topic's id, or everything), and until which day."""

    what = forms.CharField(max_length=40)
    until = forms.DateField()

    def clean_what(self) -> UUID | None:
        """The living topic; None for everything."""
        what = self.cleaned_data["what"]
        if what == "alles":
            return None
        named = {str(topic.id): topic.id for topic in live_topics()}
        if what not in named:
            raise forms.ValidationError(_("Choose what to pause."))
        return named[what]

    def problem(self) -> str:
        """What is wrong, in a sentence."""
        if "what" in self.errors:
            return str(_("Choose what to pause."))
        return str(_("Choose the day on which it may begin again."))


def without_numbers(text: str) -> str:
    """The text; refused with an official or bank number in it, which nobody asked (INV-32)."""
    if numbers_in(text):
        raise forms.ValidationError(
            _("Leave this out. It looks like an official or bank number, and we may not keep that.")
        )
    return text


class WordingForm(forms.Form):
    """Words that people agreed to before Akkoord, as staff declare them (INV-7)."""

    source = forms.CharField(
        label=_("Where did these people sign up?"),
        max_length=200,
        help_text=_("For example: Mailchimp form on our old site."),
    )
    text = forms.CharField(
        label=_("The exact words beside the box"), widget=forms.Textarea(attrs={"rows": 4})
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )
    first_day = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last_day = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class StopForm(forms.Form):
    """What a person asked staff to stop."""

    what = forms.ChoiceField(
        label=_("What does this person want to stop?"), widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("How did you hear it?"),
        choices=[
            ("reply", _("An answer to a mail")),
            ("phone", _("By telephone")),
            ("counter", _("At the counter")),
            ("paper", _("A letter")),
        ],
        initial="phone",
        widget=forms.RadioSelect,
    )

    def __init__(self, versions: list[PurposeVersion], data: Any = None) -> None:
        super().__init__(data)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("objection", _("All marketing, by every way (an objection)")),
            *((str(version.purpose_id), version.name) for version in versions),
        ]
