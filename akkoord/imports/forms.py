"""Untrusted input of the import pages."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.register.queries import current_versions, live_topics

MAX_UPLOAD = 60 * 1024 * 1024


class UploadForm(forms.Form):
    """A file, and what staff say of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, for example an export of Mailchimp. At most 60 MB."),
    )
    source = forms.ChoiceField(
        label=_("Where does this file come from?"),
        choices=[
            ("own-signup", _("Our own sign-up form")),
            ("customers", _("Our customers")),
            ("other-system", _("Another system of ours")),
            ("bought", _("Bought or copied")),
        ],
    )
    topic = forms.ChoiceField(label=_("What did these people sign up for?"))
    wording = forms.CharField(
        label=_("Which words did they agree to?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_(
            "Copy the text that stood beside the box. You answer for it with your name. Without "
            "it nobody in the file may be mailed; you can also add it later."
        ),
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        """Offer the living topics."""
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        topics = list(live_topics())
        self.fields["topic"].choices = [  # type: ignore[attr-defined]
            (version.purpose.slug, version.name) for version in current_versions(topics)
        ]

    def clean_file(self) -> object:
        """Refuse a file that is too big for the screen; the command takes any size."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(
                _("This file is bigger than 60 MB. Use the command “akkoord import” for it.")
            )
        return upload


class WordingForm(forms.Form):
    """The words of a group, afterwards."""

    wording = forms.CharField(
        label=_("Which words did they agree to?"), widget=forms.Textarea(attrs={"rows": 3})
    )


class EvidenceForm(forms.Form):
    """Other evidence for a group."""

    kind = forms.ChoiceField(
        label=_("What kind of proof?"),
        choices=[
            ("paper", _("A signed list or card")),
            ("counter", _("Said at the counter, written down")),
        ],
    )
    description = forms.CharField(
        label=_("Where is it, and what is it?"),
        max_length=300,
        help_text=_("For example “signed cards, open day, folder 3”."),
    )
    signed_on = forms.DateField(
        label=_("From which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    wording = forms.CharField(
        label=_("Which words did they agree to?"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_signed_on(self) -> object:
        """Refuse a day that is still to come."""
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day
