"""What staff type about an assessment: the criteria, a part, a risk, the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.checkup.dpia import LONGEST
from akkoord.checkup.dpia_words import CRITERIA, DECISIONS, LIKELIHOOD, LISTED, SEVERITY
from akkoord.law.dpia_rules import Consultation, Decision, Level, RiskFacts

_AREA = {"rows": 5}
ASKED = ("asked_on", "answered_on", "advice")


def _text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=_AREA),
    )


def _level(label: Any, words: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=[(level.value, words[level][0]) for level in Level],
        widget=forms.RadioSelect,
    )


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ScreeningForm(forms.Form):
    """The nine criteria and the list of the AP."""

    criteria = forms.MultipleChoiceField(
        label=_("Which of these hold?"),
        required=False,
        choices=[(each.value, words[0]) for each, words in CRITERIA.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    listed = forms.MultipleChoiceField(
        label=_("Is it one of these? Then the AP asks for an assessment in any case."),
        required=False,
        choices=[(each.value, words) for each, words in LISTED.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = _text(
        _("Why?"),
        _("Needed when one criterion holds, or when you see it differently than Akkoord."),
        required=False,
    )


class PartForm(forms.Form):
    """One part in one's own words."""

    text = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 10}))

    def __init__(self, *args: Any, label: Any, help_text: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label, self.fields["text"].help_text = label, help_text


class RiskForm(forms.Form):
    """One risk: where it comes from, what it does to people, and what is done against it."""

    sources = _text(_("How could it happen, and by whom?"))
    impacts = _text(_("What would it mean for people?"))
    severity = _level(_("How badly would it hit them?"), SEVERITY)
    likelihood = _level(_("How likely is it, if you did nothing?"), LIKELIHOOD)
    measures = _text(_("What do you do against it?"))
    left_severity = _level(_("With that: how badly would it still hit them?"), SEVERITY)
    left_likelihood = _level(_("With that: how likely is it still?"), LIKELIHOOD)

    def facts(self, feared: str) -> RiskFacts:
        """The typed risk."""
        return RiskFacts(feared, **self.cleaned_data)


class DecisionForm(forms.Form):
    """What is decided, why, and when it is looked at again."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[(each.value, words[0]) for each, words in DECISIONS.items()],
        widget=forms.RadioSelect,
    )
    reason = _text(_("Why?"), _("What weighs most, and who has to do what before when."))
    review_on = _day(_("Look at it again on"), required=True)

    asked_on = _day(_("When was the AP asked?"))
    answered_on = _day(_("When did the AP answer?"))
    advice = _text(
        _("What did the AP advise?"),
        _("Say above, under why, how you follow it."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        may: tuple[Decision, ...],
        asks: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if not asks:
            for name in ASKED:
                del self.fields[name]
        elif Decision.GO not in may:
            del self.fields["answered_on"], self.fields["advice"]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (each.value, DECISIONS[each][0]) for each in may
        ]

    def asked(self) -> Consultation:
        """What the AP was asked and said."""
        typed = self.cleaned_data
        return Consultation(
            typed.get("asked_on"), typed.get("answered_on"), typed.get("advice") or ""
        )
