"""Untrusted input about companies, measures, who answers, and links for an inspector."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.register.companies import Contract
from akkoord.register.entry_forms import LinesField
from akkoord.register.entry_words import GROUNDS
from akkoord.register.models import Organisation, language_now

_DAY = {"type": "date"}


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), required=False, **options
    )


class CompanyForm(forms.Form):
    """A company that receives data."""

    name = forms.CharField(label=_("Name of the company"), max_length=200)
    service = forms.CharField(
        label=_("What does it do for you?"),
        max_length=200,
        help_text=_("For example: keeps our website running."),
    )
    role = forms.ChoiceField(
        label=_("Who decides what happens with the data?"),
        choices=[
            ("processor", _("We do: it works for us (processor)")),
            ("independent", _("It does, such as the post, a bank or the tax office")),
        ],
        widget=forms.RadioSelect,
        initial="processor",
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country"),
        initial="NL",
        help_text=_("Two letters, for example NL, DE or US."),
    )
    safeguard = forms.ChoiceField(
        label=_("Outside Europe: why may data go there?"),
        choices=[("", _("It stays in Europe")), *GROUNDS.items()],
        required=False,
    )
    contract_on = _day(label=_("Contract signed on"))
    contract = forms.FileField(
        label=_("The contract itself"),
        required=False,
        help_text=_("PDF or Word, at most 5 MB. It is kept encrypted."),
    )
    review_on = _day(label=_("Look at it again on"))
    checked_on = _day(
        label=_("Looked up in the list of the framework on"),
        help_text=_("Only for companies in the United States under the Data Privacy Framework."),
    )
    subprocessors = LinesField(
        label=_("Companies that work for it"), required=False, help_text=_("One per line.")
    )

    reason = forms.CharField(
        label=_("Why does this change?"),
        max_length=300,
        required=False,
        help_text=_("It stands in the history. No names of people."),
    )

    def __init__(self, *args: Any, is_used: bool = False, **options: Any) -> None:
        """`is_used`: activities name it, so that a change asks why."""
        super().__init__(*args, **options)
        if not is_used:
            del self.fields["reason"]

    def why(self) -> str:
        """Why it changes; empty while nothing names it."""
        return str(self.cleaned_data.get("reason", ""))

    def values(self) -> dict[str, Any]:
        """What was typed, as columns; the service in both languages until they differ."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        service = typed.pop("service")
        typed.pop("contract")
        standing = self.initial
        tail = language_now()
        other = "en" if tail == "nl" else "nl"
        here, there = standing.get(f"service_{tail}"), standing.get(f"service_{other}")
        typed[f"service_{tail}"] = service
        typed[f"service_{other}"] = there if there and there != here else service
        return typed

    def file(self) -> Contract | None:
        """The contract, when one was chosen."""
        given = self.cleaned_data.get("contract")
        return Contract(given.name, given.read()) if given else None


class MeasureForm(forms.Form):
    """A measure that only people can see."""

    name = forms.CharField(
        label=_("What do you do?"),
        max_length=200,
        help_text=_("For example: files on paper lie in a locked cabinet."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


class HouseForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who answers besides: officer, representative, who decides together."""

    class Meta:
        model = Organisation
        fields = ("officer_name", "officer_email", "representative", "joint_controllers")
        labels = {
            "officer_name": _("Name of the privacy officer"),
            "officer_email": _("Mail address of the privacy officer"),
            "representative": _("Representative in the EU"),
            "joint_controllers": _("Who decides together with you?"),
        }
        help_texts = {
            "officer_name": _("Only when you have one (functionaris gegevensbescherming)."),
            "representative": _("Only for an organisation outside the EU: name and contact."),
            "joint_controllers": _("Only for what you decide together: name and contact."),
        }


class LinkForm(forms.Form):
    """A link for an inspector."""

    office = forms.CharField(
        label=_("For which office?"),
        max_length=120,
        help_text=_("For example: Autoriteit Persoonsgegevens. No name of a person."),
    )
    days = forms.IntegerField(label=_("For how many days?"), min_value=1, max_value=90, initial=14)
    with_dossier = forms.BooleanField(
        label=_("Show the dossier too"),
        required=False,
        initial=True,
        help_text=_(
            "Policy, texts of forms, clean-ups, requests and leaks as numbers, risks, and the "
            "proof. No contracts."
        ),
    )
