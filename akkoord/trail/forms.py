"""Untrusted input to typed values: the filter over the trail."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.trail.action_words import action_word
from akkoord.trail.queries import known_actions, staff_names


class ChangesFilter(forms.Form):
    """Which changes to show."""

    action = forms.ChoiceField(label=_("What"), required=False)
    actor = forms.TypedChoiceField(label=_("Who"), required=False, coerce=UUID, empty_value=None)
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Up to and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    below = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **options: object) -> None:
        """Offer what occurs."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        actions = sorted(
            ((code, action_word(code)) for code in known_actions()), key=lambda each: each[1]
        )
        staff = sorted(staff_names().items(), key=lambda each: each[1])
        self.fields["action"].choices = [("", _("Everything")), *actions]  # type: ignore[attr-defined]
        self.fields["actor"].choices = [("", _("Everybody")), *staff]  # type: ignore[attr-defined]
