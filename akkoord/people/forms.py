"""Untrusted input of the people pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.people.own_inputs import own_input
from akkoord.people.own_values import PREFIX, Answer
from akkoord.register.models import PersonalDataField


class NamesForm(forms.Form):
    """Correct somebody's names and language, and what they answered in own fields."""

    given_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )

    def __init__(
        self,
        fields: Sequence[PersonalDataField],
        answers: Sequence[Answer],
        data: Any = None,
        **named: Any,
    ) -> None:
        """One more input for each own field that is in use, or still holds an answer."""
        super().__init__(data, **named)
        known = {each.field.key: each for each in answers}
        unused = [each.field for each in answers if not each.is_used]
        for field in [*fields, *unused]:
            self.fields[PREFIX + field.key] = own_input(field, known.get(field.key))

    def names(self) -> dict[str, str]:
        """First name, last name, language."""
        return {name: self.cleaned_data[name] for name in ("given_name", "family_name", "language")}

    def answers(self) -> dict[str, str]:
        """What was filled in for each own field, by its key."""
        return {
            name.removeprefix(PREFIX): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }
