"""Untrusted input of the page on which a letter gets a second version."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.ab_models import AbTest
from akkoord.campaigns.ab_set_up import LONGEST_HOURS, AbFacts
from akkoord.campaigns.significance import FEWEST

ALONE, ASK = "alone", "ask"


class AbForm(forms.Form):
    """In what the versions differ, on how many people, for how long, and what then."""

    what = forms.ChoiceField(
        label=_("In what do they differ?"), choices=AbTest.What.choices, widget=forms.RadioSelect
    )
    subject_b = forms.CharField(label=_("Second subject"), max_length=200, required=False)
    b_hours_later = forms.IntegerField(
        label=_("Version B leaves so many hours later"),
        required=False,
        min_value=1,
        max_value=LONGEST_HOURS,
    )
    percent = forms.TypedChoiceField(
        label=_("Each version goes to"),
        coerce=int,
        choices=[(each, f"{each}%") for each in (5, 10, 15, 20, 25, 33, 50)],
        help_text=_("Of the people. With 50% everybody gets one of both, and there is no rest."),
    )
    number = forms.IntegerField(
        label=_("Or to so many people"),
        required=False,
        min_value=FEWEST,
        help_text=_("Empty: the share above."),
    )
    hours = forms.IntegerField(
        label=_("How many hours do you compare?"), min_value=1, max_value=LONGEST_HOURS
    )
    measure = forms.ChoiceField(
        label=_("What makes a version better?"),
        choices=AbTest.Measure.choices,
        widget=forms.RadioSelect,
    )
    then = forms.ChoiceField(
        label=_("And then?"),
        choices=[
            (ALONE, _("The rest gets the winner by itself")),
            (ASK, _("Ask me what the rest gets")),
        ],
        widget=forms.RadioSelect,
    )
    without_winner = forms.ChoiceField(
        label=_("When the difference may be chance, the rest gets"),
        choices=AbTest.Without.choices,
    )

    def __init__(self, *arguments: Any, test: AbTest | None, **more: Any) -> None:
        """Filled from what is set up already."""
        more["initial"] = (
            {
                "what": test.what,
                "subject_b": test.other.subject if test.what == AbTest.What.SUBJECT else "",
                "b_hours_later": test.b_hours_later or None,
                "percent": round(test.percent),
                "number": test.number,
                "hours": test.hours,
                "measure": test.measure,
                "then": ASK if test.asks else ALONE,
                "without_winner": test.without_winner,
            }
            if test
            else {
                "what": AbTest.What.SUBJECT,
                "percent": 10,
                "hours": 4,
                "measure": AbTest.Measure.CLICKS,
                "then": ALONE,
                "without_winner": AbTest.Without.A,
            }
        )
        super().__init__(*arguments, **more)

    def facts(self) -> AbFacts:
        """The typed choices."""
        data = self.cleaned_data
        return AbFacts(
            what=data["what"],
            measure=data["measure"],
            subject_b=data["subject_b"],
            percent=data["percent"],
            number=data["number"],
            hours=data["hours"],
            asks=data["then"] == ASK,
            without_winner=data["without_winner"],
            b_hours_later=data["b_hours_later"] or 0,
        )
