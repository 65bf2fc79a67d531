"""Untrusted input of the page on what is kept of somebody on an exception."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.consent.grant_forms import ScanField
from akkoord.consent.special_values import LONGEST
from akkoord.law.exception_rules import Asks
from akkoord.people.own_inputs import own_input
from akkoord.register.exception_queries import rule_of
from akkoord.register.models import FieldException


class ValueForm(forms.Form):
    """What somebody's answer is, and where they made it public when it rests on that."""

    def __init__(self, exception: FieldException, data: Any = None, **named: Any) -> None:
        """Ask it as its field is answered."""
        super().__init__(data, auto_id=f"id_{exception.field.key}_%s", **named)
        self.fields["value"] = own_input(exception.field, None)
        if rule_of(exception).asks is Asks.SOURCE:
            self.fields["where"] = forms.CharField(
                label=_("Where did they make it public?"), max_length=LONGEST, required=False
            )


class YesForm(forms.Form):
    """The explicit yes: the signed paper, and the day."""

    use_required_attribute = False
    scan = ScanField(
        label=_("Scan or photo of the signed paper"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB. It is kept encrypted, and goes with them."),
    )
    happened_on = forms.DateField(
        label=_("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
