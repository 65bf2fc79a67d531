"""Untrusted input of the pages on the fields that activities use."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.law.field_rules import FieldKind
from akkoord.register.models import PersonalDataField, ProcessingActivity
from akkoord.register.own_fields import Choice, OwnFieldFacts

KINDS = [
    (FieldKind.TEXT, pgettext_lazy("field", "A few words")),
    (FieldKind.CHOICE, pgettext_lazy("field", "A choice from a list")),
    (FieldKind.NUMBER, pgettext_lazy("field", "A number")),
    (FieldKind.DATE, pgettext_lazy("field", "A day")),
    (FieldKind.YES_NO, pgettext_lazy("field", "Yes or no")),
]


class WhyForm(forms.Form):
    """Why a field is asked, in both languages: people read it beside the field."""

    why_nl = forms.CharField(
        label=_("Why do you need it? In Dutch"),
        max_length=300,
        help_text=_("People read this beside the field. For example “Om te bezorgen.”"),
    )
    why_en = forms.CharField(label=_("Why do you need it? In English"), max_length=300)


class AdmitForm(WhyForm):
    """A field of the catalogue for an activity."""

    field = forms.ChoiceField(label=_("Which field?"))
    field_order = ("field", "why_nl", "why_en")

    def __init__(self, fields: Sequence[PersonalDataField], data: Any = None) -> None:
        """Offer what the activity does not use yet."""
        super().__init__(data)
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            (each.key, each.name) for each in fields
        ]


class ChoicesForm(forms.Form):
    """Words to choose from, one a line: Dutch, a stroke, English."""

    choices = forms.CharField(
        label=_("What can people choose?"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Only for a choice from a list. One a line, Dutch and English with a stroke between: "
            "“Racefiets | Racing bicycle”. Without a stroke the word is the same in both."
        ),
    )

    def pairs(self) -> list[Choice]:
        """The words, Dutch beside English."""
        lines = str(self.cleaned_data["choices"]).splitlines()
        return [_pair(line) for line in lines if line.strip()]


class OwnFieldForm(ChoicesForm, WhyForm):
    """A field of one's own."""

    name_nl = forms.CharField(
        label=_("What do you ask? In Dutch"),
        max_length=120,
        help_text=_("A word or two, as it stands on the form. For example “Soort fiets”."),
    )
    name_en = forms.CharField(label=_("What do you ask? In English"), max_length=120)
    kind = forms.ChoiceField(
        label=_("How do people answer?"), choices=KINDS, widget=forms.RadioSelect, initial="text"
    )
    activity = forms.ChoiceField(
        label=_("What do you need it for?"),
        help_text=_("Only this may use it. You can let another use it later, with its reason."),
    )
    field_order = ("name_nl", "name_en", "kind", "choices", "activity", "why_nl", "why_en")

    def __init__(self, activities: Sequence[ProcessingActivity], *args: Any, **named: Any) -> None:
        """Offer the activities of the organisation."""
        super().__init__(*args, **named)
        self.fields["activity"].choices = [  # type: ignore[attr-defined]
            (each.key, each.name) for each in activities
        ]

    def facts(self) -> OwnFieldFacts:
        """The field as typed values."""
        data = self.cleaned_data
        return OwnFieldFacts(
            name_nl=data["name_nl"],
            name_en=data["name_en"],
            kind=data["kind"],
            why_nl=data["why_nl"],
            why_en=data["why_en"],
            choices=self.pairs(),
        )


def _pair(line: str) -> Choice:
    dutch, stroke, english = line.partition("|")
    return (dutch.strip(), english.strip()) if stroke else (dutch.strip(), dutch.strip())
