"""Untrusted input of what leaves: the notice to the AP, the letter, the public notice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.breaches.forms import moment_field
from akkoord.breaches.letter_facts import ORDER
from akkoord.breaches.letter_words import SUBJECT
from akkoord.breaches.texts import LONGEST
from akkoord.breaches.words import LETTER_PARTS


class NoticeForm(forms.Form):
    """When the AP was told, and under which number."""

    told_at = moment_field(_("When did you send it?"), required=True)
    number = forms.CharField(label=_("Number that the AP gave"), required=False, max_length=80)
    delay_reason = forms.CharField(
        label=_("Why is it later than 72 hours?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only when it is."),
    )

    def __init__(self, now: datetime, *args: Any, is_first: bool, **more: Any) -> None:
        more.setdefault("initial", {"told_at": now})
        super().__init__(*args, **more)
        if not is_first:
            del self.fields["delay_reason"]


class LetterForm(forms.Form):
    """The letter to the people: every element of art. 34(2) has its own place."""

    def __init__(self, letter: Mapping[str, str], *args: Any, **more: Any) -> None:
        more.setdefault("initial", dict(letter))
        super().__init__(*args, **more)
        self.fields[SUBJECT] = forms.CharField(label=_("Subject"), max_length=120)
        for part in ORDER:
            self.fields[part] = forms.CharField(
                label=str(LETTER_PARTS[part]),
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def letter(self) -> dict[str, str]:
        """The typed letter."""
        return {str(name): str(value) for name, value in self.cleaned_data.items()}


class PublicForm(forms.Form):
    """The public notice."""

    text = forms.CharField(
        label=_("What do you tell everybody?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
