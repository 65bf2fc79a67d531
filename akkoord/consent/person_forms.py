"""Somebody new by hand: untrusted input to typed values."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.consent.grant_forms import GrantForm
from akkoord.datamap.identifiers import plain_name
from akkoord.people.actions import PersonFacts
from akkoord.register.models import PurposeVersion


class NewPersonForm(forms.Form):
    """Who is added by hand, and why that person may be kept."""

    CONSENT, CUSTOMER, NOTHING = "consent", "customer", "nothing"
    PUBLISHED = "published"

    use_required_attribute = False
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    given_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )
    why = forms.ChoiceField(
        label=_("Why may you keep this person?"),
        choices=[
            (CONSENT, _("They said yes, and I can show it")),
            (CUSTOMER, _("They bought something from us")),
            (PUBLISHED, _("Their company published this address for such mail")),
            (NOTHING, _("I only have the address")),
        ],
        initial=CONSENT,
        widget=forms.RadioSelect,
    )

    def clean_why(self) -> str:
        """Refuse somebody for whom there is no reason, with the lawful way (art. 6 GDPR)."""
        why: str = self.cleaned_data["why"]
        if why == self.NOTHING:
            raise forms.ValidationError(
                _(
                    "An address alone is no reason to keep somebody. Give them the link of a form, "
                    "a card at the counter or the tablet: then they choose themselves (art. 6 "
                    "GDPR, art. 11.7 Telecommunicatiewet)."
                )
            )
        return why

    def facts(self, *, judge_by: date | None) -> PersonFacts:
        """The person; to be judged until a yes or a sale stands."""
        data = self.cleaned_data
        return PersonFacts(
            email=data["email"],
            given_name=plain_name(data["given_name"]),
            family_name=plain_name(data["family_name"]),
            language=data["language"],
            judge_by=judge_by,
        )


class FirstGrantForm(GrantForm):
    """The yes of somebody who is added in the same press: for the mail address above it."""

    def __init__(self, versions: list[PurposeVersion], *arguments: Any, **more: Any) -> None:
        super().__init__(versions, [], *arguments, **more)
        for name in ("address", "number", "street", "house_number", "postcode", "city"):
            del self.fields[name]
