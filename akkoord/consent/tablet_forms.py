"""Untrusted input of the tablet's own pages: the PIN that is set, and that is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.consent.tablet_pin import LONGEST, problem_with

_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class PinForm(forms.Form):
    """A PIN of one's own for this tablet, typed twice."""

    pin = forms.CharField(
        label=_("Choose a PIN for this tablet"),
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs=_DIGITS),
        help_text=_("4 to 8 digits. You need it to leave this screen, besides your password."),
    )
    again = forms.CharField(
        label=_("The PIN once more"), max_length=LONGEST, widget=forms.PasswordInput(attrs=_DIGITS)
    )

    def clean_pin(self) -> str:
        """Refuse what is no PIN, or one that everybody tries."""
        pin: str = self.cleaned_data["pin"]
        if problem := problem_with(pin):
            raise forms.ValidationError(problem)
        return pin

    def clean_again(self) -> str:
        """Twice the same."""
        again: str = self.cleaned_data["again"]
        if "pin" in self.cleaned_data and again != self.cleaned_data["pin"]:
            raise forms.ValidationError(_("This is another PIN than above."))
        return again


class LeaveForm(forms.Form):
    """The PIN, to leave tablet mode."""

    pin = forms.CharField(
        label=_("PIN of this tablet"),
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs=_DIGITS | {"autofocus": True}),
    )
