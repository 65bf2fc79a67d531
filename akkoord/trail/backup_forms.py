"""Untrusted input of the page of backups."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_HERE = ZoneInfo("Europe/Amsterdam")


class SettingForm(forms.Form):
    """How long backups are kept, and when somebody is reminded."""

    keep = forms.IntegerField(
        label=_("How many days do you keep a backup?"),
        min_value=1,
        max_value=3650,
        help_text=_(
            "Throw away what is older. The journal remembers as long as a backup can exist: who "
            "was forgotten stays forgotten when you put it back."
        ),
    )
    remind = forms.IntegerField(
        label=_("After how many days without a backup should we warn you?"),
        min_value=1,
        max_value=90,
    )


class TryForm(forms.Form):
    """Somebody tried a backup on another machine."""

    on = forms.DateField(
        label=_("When did you try it?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    went_well = forms.TypedChoiceField(
        label=_("Did it work?"),
        choices=(("yes", _("Yes, everything was there")), ("no", _("No, something went wrong"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def clean_on(self) -> datetime:
        """A day that has been."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return datetime.combine(day, time(12), _HERE)


def setting_form(data: Any, *, keep: int, remind: int) -> SettingForm:
    """The form with what holds now."""
    return SettingForm(data, initial={"keep": keep, "remind": remind})
