"""Untrusted input of the pages for style and pictures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.composing.style import FONT_WORDS, StyleFacts
from akkoord.datamap.plain_words import plain_name

_COLOUR = r"^#[0-9a-fA-F]{6}$"


def _colour(label: Any, help_text: Any = "") -> forms.RegexField:
    widget = forms.TextInput(attrs={"type": "color"})
    return forms.RegexField(_COLOUR, label=label, help_text=help_text, widget=widget)


class StyleForm(forms.Form):
    """How every letter looks."""

    accent = _colour(_("Links and buttons"))
    ink = _colour(_("Text"))
    card = _colour(_("The letter's ground"))
    paper = _colour(_("Around the letter"))
    font = forms.ChoiceField(label=_("Letter type"), choices=list(FONT_WORDS.items()))
    heading_font = forms.ChoiceField(
        label=_("Letter type of headings"), choices=list(FONT_WORDS.items())
    )
    is_round = forms.BooleanField(label=_("Round corners"), required=False)

    def style(self) -> StyleFacts:
        """What was chosen."""
        values = {name: self.cleaned_data[name] for name in StyleFacts.__slots__}
        colours = ("ink", "paper", "card", "accent")
        return StyleFacts(**values | {name: values[name].lower() for name in colours})


class WordsForm(forms.Form):
    """What stands beside a picture."""

    alt = forms.CharField(
        label=_("What does it show?"),
        max_length=250,
        required=False,
        help_text=_("For who cannot see it, or whose mail shows no pictures. One short sentence."),
    )
    is_ornament = forms.BooleanField(
        label=_("It is an ornament and needs no words"), required=False
    )
    title = forms.CharField(
        validators=[plain_name], label=_("Name, to find it again"), max_length=120, required=False
    )


class PictureForm(WordsForm):
    """A picture with its words."""

    file = forms.FileField(
        label=_("Image"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=_("PNG, JPEG, GIF or WebP, under 10 MB. Akkoord makes it fit for mail."),
    )
    field_order = ("file", "alt", "is_ornament", "title")
