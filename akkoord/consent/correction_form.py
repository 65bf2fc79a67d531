"""What we know of somebody, corrected by themselves: their name, where they live, their answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from akkoord.consent.form_fields import INPUTS, choices_of
from akkoord.consent.forms import without_numbers
from akkoord.people.addresses import PARTS
from akkoord.people.models import Person, PostalAddress
from akkoord.people.own_inputs import own_input
from akkoord.people.own_values import PREFIX, Answer


class CorrectionForm(forms.Form):
    """A person's own name and language, and of the rest what they gave before (art. 16).

    Nothing new is asked here: what we do not have of somebody has no field (art. 5(1)(c)).
    """

    given_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )

    def __init__(
        self,
        person: Person,
        address: PostalAddress | None,
        answers: Sequence[Answer],
        data: Any = None,
    ) -> None:
        super().__init__(
            data, initial={name: getattr(person, name) for name in CorrectionForm.base_fields}
        )
        if address is not None:
            self.fields |= _of_address(address)
        for each in answers:
            self.fields[PREFIX + each.field.key] = own_input(each.field, each)

    def clean(self) -> dict[str, Any]:
        """No official number in what is written freely (INV-32); own answers are read further."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("given_name", "family_name", "street", "postcode", "city"):
            try:
                without_numbers(data.get(name, ""))
            except forms.ValidationError as refused:
                self.add_error(name, refused)
        return data

    def names(self) -> dict[str, str]:
        """First name, last name, language."""
        return {name: self.cleaned_data[name] for name in CorrectionForm.base_fields}

    def address(self) -> dict[str, str]:
        """The parts of the postal address; empty when none was known."""
        return {name: self.cleaned_data[name] for name in PARTS if name in self.cleaned_data}

    def answers(self) -> dict[str, str]:
        """The answers in own fields, by key."""
        return {
            name.removeprefix(PREFIX): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }


def _of_address(known: PostalAddress) -> dict[str, forms.Field]:
    """The parts of an address as the forms ask them, with the number beside the street."""
    labels = {
        "street": _now("Street and number"),
        "postcode": _now("Postcode"),
        "city": _now("Town"),
    }
    values = {
        "street": f"{known.street} {known.house_number}".strip(),
        "postcode": known.postcode,
        "city": known.city,
    }
    fields: dict[str, forms.Field] = {
        name: forms.CharField(
            label=label,
            required=False,
            initial=values[name],
            max_length=INPUTS[name].limit,
            widget=forms.TextInput(attrs={"autocomplete": INPUTS[name].autocomplete}),
        )
        for name, label in labels.items()
    }
    countries = [(code, words) for code, words in choices_of("country")]
    if known.country not in dict(countries):
        countries.append((known.country, known.country))
    fields["country"] = forms.ChoiceField(
        label=_now("Country"), choices=countries, initial=known.country
    )
    return fields
