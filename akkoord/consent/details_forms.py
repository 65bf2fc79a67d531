"""The setting of the yearly question."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DetailsForm(forms.Form):
    """On or off, and a sentence of one's own in both languages."""

    is_on = forms.BooleanField(
        label=_("Ask everybody once a year whether their details are right"), required=False
    )
    words_nl = forms.CharField(
        label=_("A sentence of your own, in Dutch"),
        help_text=_("It stands above the button. It sells nothing."),
        max_length=300,
        required=False,
    )
    words_en = forms.CharField(
        label=_("A sentence of your own, in English"), max_length=300, required=False
    )
