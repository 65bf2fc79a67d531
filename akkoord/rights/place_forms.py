"""Untrusted input: what becomes of a place in which somebody was found after their erasure."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.law.erasure_rules import KeepGround
from akkoord.rights.places import GROUNDS
from akkoord.rights.words import GROUNDS as GROUND_WORDS

WHY = (
    ("typed", _("Somebody wrote it there by mistake")),
    ("copied", _("It came along from a letter or file")),
    ("not-needed", _("It was meant to be there, and is not needed any more")),
)


class PlaceForm(forms.Form):
    """Empty it with a reason, or let it stay on a ground until a day."""

    store = forms.CharField(max_length=80, widget=forms.HiddenInput)
    column = forms.CharField(max_length=80, widget=forms.HiddenInput)


class EmptyForm(PlaceForm):
    """Empty what names them."""

    why = forms.ChoiceField(label=_("How did it get there?"), choices=WHY)


class KeepForm(PlaceForm):
    """Let it stay."""

    ground = forms.TypedChoiceField(
        label=_("Why must it stay?"),
        choices=[(each.value, GROUND_WORDS[each.value]) for each in GROUNDS],
        coerce=KeepGround,
    )
    until = forms.DateField(
        label=_("Until when?"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def as_sentence(form: forms.Form) -> str:
    """The first thing that is wrong."""
    return next((str(each) for errors in form.errors.values() for each in errors), "")


def forms_of(store: str, column: str, *, until: date) -> tuple[EmptyForm, KeepForm]:
    """Both for one place; ids of fields differ per place."""
    first = {"store": store, "column": column}
    prefix = f"id_{store}_{column}_%s"
    return (
        EmptyForm(initial=first, auto_id=prefix.replace("id_", "empty_")),
        KeepForm(initial={**first, "until": until}, auto_id=prefix.replace("id_", "keep_")),
    )
