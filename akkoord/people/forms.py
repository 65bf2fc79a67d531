"""Untrusted input of the people pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NamesForm(forms.Form):
    """Correct somebody's names and language."""

    given_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
