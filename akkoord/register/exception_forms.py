"""Untrusted input of the pages on exceptions."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from akkoord.law.exception_rules import GROUNDS, OFFERED
from akkoord.register.exception_entry import Decision
from akkoord.register.exception_words import GROUND_WORDS, KINDS, ROLES
from akkoord.register.exceptions import SpecialFieldFacts
from akkoord.register.field_forms import KINDS as VALUE_KINDS
from akkoord.register.field_forms import ChoicesForm, WhyForm


class DecisionForm(forms.Form):
    """On which exception, why, who sees it, until when."""

    ground = forms.ChoiceField(
        label=_("Which exception of the law is this?"), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why can you not do without it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a sentence. It stands in your register, so name nobody."),
    )
    seen_by = forms.ChoiceField(
        label=_("Who sees it?"),
        choices=list(ROLES.items()),
        widget=forms.RadioSelect,
        help_text=_("One role, and nobody else. Each reading is written down."),
    )
    until = forms.DateField(
        label=_("Through which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A year at the most. Then it closes, and what is kept goes."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        """Offer the grounds of the law, each with its article."""
        super().__init__(*args, **named)
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (str(each), f"{GROUND_WORDS[each][0]} ({_article(GROUNDS[each].article)})")
            for each in OFFERED
        ]

    def decision(self) -> Decision:
        """The decision as typed values."""
        data = self.cleaned_data
        return Decision(data["ground"], data["reason"], data["seen_by"], data["until"])


class ExceptionForm(DecisionForm, ChoicesForm, WhyForm):
    """A field of a special category with the exception that opens it."""

    name_nl = forms.CharField(label=_("What do you keep? In Dutch"), max_length=80)
    name_en = forms.CharField(label=_("What do you keep? In English"), max_length=80)
    kind = forms.ChoiceField(
        label=_("What kind of data is this?"),
        choices=[("", "—"), *((str(key), words) for key, words in KINDS.items())],
    )
    value_kind = forms.ChoiceField(
        label=_("How is it written down?"),
        choices=VALUE_KINDS,
        widget=forms.RadioSelect,
        initial="text",
    )
    field_order = (
        *("name_nl", "name_en", "kind", "value_kind", "choices", "why_nl", "why_en"),
        *("ground", "reason", "seen_by", "until"),
    )

    def facts(self) -> SpecialFieldFacts:
        """The field as typed values."""
        data = self.cleaned_data
        return SpecialFieldFacts(
            name_nl=data["name_nl"],
            name_en=data["name_en"],
            why_nl=data["why_nl"],
            why_en=data["why_en"],
            kind=data["kind"],
            value_kind=data["value_kind"],
            choices=self.pairs(),
        )


def _article(article: str) -> str:
    return article.replace("AVG", "GDPR") if get_language() == "en" else article
