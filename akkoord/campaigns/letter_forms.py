"""Untrusted input of the pages of letters on paper."""

from datetime import datetime

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.actions import CampaignText
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.once import key_field
from akkoord.campaigns.when_forms import PROBLEMS
from akkoord.datamap.plain_words import plain_name
from akkoord.law.schedule_rules import plan_at
from akkoord.messages.letter import LONGEST
from akkoord.messages.letter_actions import Printer
from akkoord.messages.models import LetterRun
from akkoord.register.queries import current_versions, post_topics
from akkoord.segments.writing import in_words_of

MADE_AT = "08:00"  # the file is there when the day begins


class LetterForm(forms.Form):
    """What a marketer writes of a letter on paper; the topic is chosen once."""

    purpose = forms.ChoiceField(
        label=_("Topic"), help_text=_("Who may get it by post, the check says for each person.")
    )
    name = forms.CharField(validators=[plain_name], label=_("Name, for yourself"), max_length=160)
    subject = forms.CharField(label=_("Heading of the letter"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
    )
    segment = forms.CharField(
        label=_("Only a group"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Leave this empty for everybody who may get it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sleutel = key_field()

    def __init__(
        self, *arguments: object, campaign: Campaign | None = None, **more: object
    ) -> None:
        """For a new letter, or filled from an existing one."""
        if campaign is not None:
            more["initial"] = {
                **{name: getattr(campaign, name) for name in CampaignText.__slots__},
                "segment": in_words_of(campaign.segment, get_language() or ""),
                "version": campaign.version,
            }
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        if campaign is not None:
            del self.fields["purpose"], self.fields["sleutel"]
        else:
            self.fields["purpose"].choices = [  # type: ignore[attr-defined]
                (version.purpose.slug, version.name)
                for version in current_versions(list(post_topics()))
            ]

    def text(self) -> CampaignText:
        """The typed text."""
        names = ("name", "subject", "body", "language", "segment")
        typed = {name: self.cleaned_data[name].strip() for name in names}
        return CampaignText(**typed | {"segment": in_words_of(typed["segment"], "en")})


class MakeForm(forms.Form):
    """The choice that is recorded before letters are made (INV-19)."""

    registers = forms.ChoiceField(
        label=_("Postfilter and the register of the deceased"),
        choices=LetterRun.Registers.choices,
        widget=forms.RadioSelect,
    )
    # Text on purpose: 30 February gets a sentence of its own.
    day = forms.CharField(
        label=_("On which day?"),
        required=False,
        max_length=20,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty: now. Akkoord asks for each person on that day, not today."),
    )

    def __init__(self, *arguments: object, now: datetime, **more: object) -> None:
        """`now`: the moment that "past" is measured by."""
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self._now = now
        self.starts_at: datetime | None = None

    def clean_day(self) -> str:
        """The typed day as a moment early on it."""
        typed: str = self.cleaned_data["day"].strip()
        if typed:
            found = plan_at(typed, MADE_AT, now=self._now)
            if found.problem is not None:
                raise forms.ValidationError(PROBLEMS[found.problem])
            self.starts_at = found.at
        return typed


class PrinterForm(forms.Form):
    """Who prints; nobody named: we ourselves."""

    printer_name = forms.CharField(
        label=_("Which company prints them?"),
        max_length=200,
        required=False,
        help_text=_("Empty: you print them yourself."),
    )
    has_contract = forms.BooleanField(
        label=_("We have a processing agreement with this company"), required=False
    )

    def printer(self) -> Printer:
        """What was chosen."""
        typed = self.cleaned_data
        return Printer(typed.get("printer_name", ""), bool(typed.get("has_contract")))


class HandOverForm(forms.Form):
    """That letters of who stopped since were taken out of the pile."""

    took_out = forms.BooleanField(label=_("I took these letters out of the pile"), required=False)
