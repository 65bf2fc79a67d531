"""Untrusted input of the page that handles a request."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.plain_words import plain_note
from akkoord.people.models import Purchase
from akkoord.rights.models import RequestAnswer
from akkoord.rights.objecting import Use


class FindForm(forms.Form):
    """Whose request it is: something that fits one person; a name may narrow it down."""

    feit = forms.CharField(
        label=_(
            "E-mail address, telephone, customer number, order number, or postcode with number"
        ),
        max_length=320,
        required=False,
    )
    naam = forms.CharField(
        label=_("Name"),
        help_text=_("Alone it is not enough: hundreds may have the same name."),
        max_length=200,
        required=False,
    )


class LetterForm(forms.Form):
    """The words of the letter."""

    text = forms.CharField(
        label=_("The letter"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16})
    )


class MoreForm(forms.Form):
    """Why the mailbox is not proof enough here."""

    identity_reason = forms.CharField(
        validators=[plain_note],
        label=_("Why do you doubt who it is, and what do you ask?"),
        help_text=_("Never a copy of an identity card. Ask something that only they know."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AssessForm(forms.Form):
    """The outcome of an objection, with its reasons."""

    outcome = forms.ChoiceField(
        label=_("What weighs more?"),
        choices=[
            ("granted", _("Their objection: we stop this use")),
            ("refused", _("Our reason: it is pressing, and weighs more")),
        ],
        widget=forms.RadioSelect,
    )
    activity = forms.ChoiceField(
        label=_("Which use is it about?"),
        required=False,
        help_text=_("When you grant it, this use ends for this person. The rest may go on."),
    )
    reasons = forms.CharField(
        validators=[plain_note],
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    by_mail = forms.TypedChoiceField(
        label=_("How do they hear that the rest is used again?"),
        choices=[("yes", _("By a mail, now")), ("no", _("I told them by letter or telephone"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )

    def __init__(self, *arguments: Any, uses: list[Use], **named: Any) -> None:
        """The uses of the register, or one that Akkoord knows nothing of."""
        super().__init__(*arguments, **named)
        field: Any = self.fields["activity"]
        elsewhere = ("", _("Something that Akkoord does not do: all stays frozen for now"))
        field.choices = [*((each.key, each.name) for each in uses), elsewhere]


class NoteForm(forms.Form):
    """A correction beside a sale."""

    row_id = forms.ChoiceField(label=_("Beside which sale?"))
    text = forms.CharField(
        validators=[plain_note],
        label=_("What should it say?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *arguments: Any, sales: list[Purchase], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["row_id"].choices = [  # type: ignore[attr-defined]
            (str(each.id), f"{each.bought_on:%d-%m-%Y} {each.number}".strip()) for each in sales
        ]

    def clean_row_id(self) -> UUID:
        """The sale's id."""
        return UUID(self.cleaned_data["row_id"])


class LiftForm(forms.Form):
    """Why the data will be used again, and how the person heard."""

    reason = forms.CharField(
        validators=[plain_note],
        label=_("Why do you use the data again?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    by_mail = forms.TypedChoiceField(
        label=_("How do they hear it?"),
        choices=[("yes", _("By a mail, now")), ("no", _("I told them by letter or telephone"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )


class ToldForm(forms.Form):
    """On which day the person was told, on paper or in person."""

    told_on = forms.DateField(
        label=_("Told on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WayForm(forms.Form):
    """How the answer reaches the person."""

    way = forms.ChoiceField(
        label=_("How does it go?"), choices=RequestAnswer.Way.choices, widget=forms.RadioSelect
    )
