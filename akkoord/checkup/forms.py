"""What staff type: an answer with what shows it, and a day with who does it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.queries import members
from akkoord.checkup.models import Answer


class AnswerForm(forms.Form):
    """One answer; `asker`: who types it, and sees to it where nobody did, or who did has left."""

    says = forms.ChoiceField(
        label=_("Your answer"), choices=Answer.Says.choices, widget=forms.RadioSelect
    )
    evidence = forms.CharField(
        label=_("What shows it?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words, without names: where it is written, what you did, since when."),
    )
    owner = forms.TypedChoiceField(
        label=_("Who sees to it?"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, *args: Any, asker: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = _staff()
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]
        if self.initial.get("owner") not in dict(choices):
            self.initial["owner"] = asker


def _staff() -> list[tuple[str, str]]:
    """Who may log in, to choose from."""
    staff = members().filter(is_active=True)
    return [(str(each.id), each.name or each.email) for each in staff]


class TaskForm(forms.Form):
    """By which day, and who."""

    due_on = forms.DateField(
        label=_("Done by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.TypedChoiceField(label=_("Who?"), required=False, empty_value=None)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody yet")),
            *_staff(),
        ]
