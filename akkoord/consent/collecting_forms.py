"""Untrusted input of the pages of collecting places."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.consent.models import CollectingPlace
from akkoord.consent.places import MAX_PICTURE, ShownAtSale
from akkoord.datamap.plain_words import plain_name

_DAY = {"type": "date"}


class PlaceForm(forms.Form):
    """A place where customers give their address."""

    name = forms.CharField(
        validators=[plain_name],
        label=_("What do you call this place?"),
        max_length=120,
        help_text=_("For example “Till” or “Web shop”."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of place is it?"), choices=CollectingPlace.Kind.choices
    )


class ShownForm(forms.Form):
    """What customers saw at a place, in a period."""

    text = forms.CharField(
        label=_("What exactly could customers read there?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Copy the words, also the line with which they could say no."),
    )
    picture = forms.FileField(
        label=_("Or a picture of it"),
        required=False,
        help_text=_("A screenshot or photo without people on it. PNG or JPEG, at most 3 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    first_day = forms.DateField(
        label=_("From which day on?"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Until which day?"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=_("Empty: they still see it."),
    )
    offers_opt_out = forms.BooleanField(
        label=_("Customers could say no to mail there, for free. I answer for that."),
        required=False,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """A day is not still to come."""
        super().__init__(*arguments, **named)
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_picture(self) -> bytes:
        """The picture's content; nothing bigger than may be kept is read."""
        upload = self.cleaned_data["picture"]
        if not upload:
            return b""
        if upload.size > MAX_PICTURE:
            raise forms.ValidationError(_("This picture is bigger than 3 MB."))
        content: bytes = upload.read()
        return content

    def shown(self) -> ShownAtSale:
        """What staff say."""
        return ShownAtSale(**self.cleaned_data)


class EndForm(forms.Form):
    """The last day on which customers saw something."""

    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
