"""Untrusted input of the pages on letters without a yes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.register.balancing import LONGEST, Weighing

_AREA = {"rows": 5}


class BalancingForm(forms.Form):
    """The three steps in one's own words."""

    interest = forms.CharField(
        label=_("1. What do you want with these letters?"),
        widget=forms.Textarea(attrs=_AREA),
        max_length=LONGEST,
        help_text=_(
            "For example: we want to tell customers of our bicycles about maintenance, so that "
            "they come back to our shop."
        ),
    )
    necessity = forms.CharField(
        label=_("2. Why does it take a letter, and these data?"),
        widget=forms.Textarea(attrs=_AREA),
        max_length=LONGEST,
        help_text=_(
            "For example: many customers gave us no e-mail address. We use name and address alone, "
            "and write four times a year at most."
        ),
    )
    balance = forms.CharField(
        label=_("3. What does it mean for people, and how do you protect them?"),
        widget=forms.Textarea(attrs=_AREA),
        max_length=LONGEST,
        help_text=_(
            "For example: they know us from a purchase and may expect this. Each letter has a code "
            "to stop at once. Children and who said no get nothing."
        ),
    )
    covers = forms.MultipleChoiceField(
        label=_("For whom did you weigh this?"),
        choices=[
            ("customers", _("Customers and members")),
            ("bought", _("Addresses that we bought")),
        ],
        initial=["customers"],
        widget=forms.CheckboxSelectMultiple,
    )

    def words(self) -> Weighing:
        """The typed test."""
        typed = self.cleaned_data
        return Weighing(
            interest=typed["interest"],
            necessity=typed["necessity"],
            balance=typed["balance"],
            covers_customers="customers" in typed["covers"],
            covers_bought="bought" in typed["covers"],
        )


class PostCheckForm(forms.Form):
    """On which day bought addresses were held against the registers."""

    checked_on = forms.DateField(
        label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )
