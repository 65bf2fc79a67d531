"""What staff type: words of their own, and what a new version is about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 4000


class WordsForm(forms.Form):
    """Words at one place, in both languages; a blank line parts paragraphs."""

    nl = forms.CharField(
        label=_("In Dutch"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "nl"}),
        help_text=_("Plain text. A blank line begins a new paragraph."),
    )
    en = forms.CharField(
        label=_("In English"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "en"}),
    )


class PublishForm(forms.Form):
    """A new version: what changes, and whether people must hear of it."""

    matters = forms.TypedChoiceField(
        label=_("Does this change something for people?"),
        choices=(
            ("yes", _("Yes: we tell them what changes")),
            ("no", _("No: only words or an address")),
        ),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason_nl = forms.CharField(
        label=_("What changes, in Dutch"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "nl"}),
        help_text=_("One or two sentences. People read this in the mail and on the page."),
    )
    reason_en = forms.CharField(
        label=_("What changes, in English"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
    )

    def __init__(self, *args: Any, is_first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_first:  # nobody read an earlier one, so there is nothing to tell
            for name in ("matters", "reason_nl", "reason_en"):
                del self.fields[name]
