"""How an own field is filled in by who corrects it: the same for staff and for the person."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from akkoord.law.field_rules import FieldKind
from akkoord.people.own_values import LONGEST, WRONG, Answer
from akkoord.register.models import PersonalDataField


def own_input(field: PersonalDataField, known: Answer | None) -> forms.Field:
    """An own field's input: a choice as a list, with an old answer that is not in it."""
    value = known.value if known else ""
    options: dict[str, Any] = {"label": field.name, "required": False, "initial": value}
    choices = list(field.choices_now)
    if field.value_kind == FieldKind.YES_NO:
        choices = [("yes", _("Yes")), ("no", _("No"))]
    if choices:
        if value and value not in dict(choices):
            choices.append((value, value))
        return forms.ChoiceField(
            choices=[("", "—"), *choices],
            error_messages={"invalid_choice": WRONG[field.value_kind]()},
            **options,
        )
    kinds = {"date": {"type": "date"}, "number": {"inputmode": "decimal"}}
    return forms.CharField(
        max_length=LONGEST,
        widget=forms.TextInput(attrs=kinds.get(field.value_kind, {})),
        **options,
    )
