"""Untrusted input of the pages on terms and holds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.plain_words import plain_note
from akkoord.law.retention_rules import Effect, Preset, Term, Trigger
from akkoord.register.models import RetentionRule
from akkoord.register.terms import RuleFacts

TRIGGERS = {
    Trigger.WITHDRAWAL: _("The end of the yes"),
    Trigger.LAST_SIGN: _("The last time that somebody did something"),
    Trigger.LAST_PURCHASE: _("The last purchase or appointment"),
    Trigger.END_OF_RELATION: _("The end of being a customer or member"),
    Trigger.END_OF_BOOK_YEAR: _("The end of the book year"),
    Trigger.ANSWERED: _("The answer to the question"),
    Trigger.CLOSED: _("The answer to the request"),
    Trigger.IMPORT: _("The day on which the file came in"),
    Trigger.RECORDED: _("The day on which it was written down"),
    Trigger.MARKETING_ENDS: _("The end of all advertising"),
}
EFFECTS = {
    Effect.ERASE: _("It goes. Who has nothing left is forgotten, with a certificate"),
    Effect.BLANK: _("The name and the profile go, the address and the proof stay"),
    Effect.PSEUDONYMISE: _("It stays, without whom it was about"),
    Effect.RESTRICT: _("It stays, and nobody may use it"),
}
UNITS = (("days", _("days")), ("months", _("months")), ("years", _("years")))


class RuleForm(forms.Form):
    """How long one activity keeps something, from when, and what then."""

    category = forms.ChoiceField(label=_("Which data?"), required=False)
    length = forms.IntegerField(label=_("How long?"), min_value=0, max_value=18_500)
    unit = forms.ChoiceField(label=_("Counted in"), choices=UNITS)
    trigger = forms.ChoiceField(label=_("Counted from"))
    effect = forms.ChoiceField(label=_("What then?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why is it longer than usual?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only when it is longer than the term that we propose."),
    )

    def __init__(
        self, preset: Preset, categories: Sequence[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["category"].choices = [("", _("Everything of this activity")), *categories]
        fields["trigger"].choices = [(each.value, TRIGGERS[each]) for each in preset.triggers]
        fields["effect"].choices = [(each.value, EFFECTS[each]) for each in preset.effects]
        if not categories:
            del self.fields["category"]

    def facts(self, activity_key: str) -> RuleFacts:
        """The typed rule."""
        typed = self.cleaned_data
        number, unit = typed["length"], typed["unit"]
        term = {
            "days": Term(days=number),
            "months": Term(months=number),
            "years": Term(months=number * 12),
        }[unit]
        return RuleFacts(
            activity_key=activity_key,
            category=typed.get("category", ""),
            trigger=typed["trigger"],
            term=term,
            effect=typed["effect"],
            reason=typed["reason"],
        )


def as_typed(rule: RetentionRule | None) -> dict[str, Any]:
    """What stands in the form: the rule in force, to go on from."""
    if rule is None:
        return {"unit": "months"}
    term = rule.term
    if term.months and term.months % 12 == 0:
        length, unit = term.months // 12, "years"
    elif term.months:
        length, unit = term.months, "months"
    else:
        length, unit = term.days or 0, "days"
    return {
        "category": rule.category,
        "length": length,
        "unit": unit,
        "trigger": rule.trigger,
        "effect": rule.action,
        "reason": rule.reason,
    }


class HoldForm(forms.Form):
    """Why data must stay, and until when."""

    reason = forms.CharField(
        validators=[plain_note],
        label=_("Which claim are the data needed for?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: dispute over invoice 2026-104, with our insurer."),
    )
    until = forms.DateField(
        label=_("Until when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty when you do not know. You can lift it any day."),
    )


class ActivityHoldForm(HoldForm):
    """The same for everything of an activity."""

    activity = forms.ChoiceField(label=_("Which data must stay?"))
    field_order = ("activity", "reason", "until")

    def __init__(self, activities: Sequence[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["activity"].choices = list(activities)
