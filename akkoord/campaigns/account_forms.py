"""Untrusted input about accounts at providers: of each kind only its own fields."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from akkoord.delivery.models import Provider
from akkoord.delivery.providers.accounts import HOSTS, KINDS, STREAM
from akkoord.delivery.servers import MOST_WEIGHT
from akkoord.register.processors import MAIL_PROCESSORS

Words = str | Promise
_REGIONS: dict[str, Words] = {
    "eu": _("Europe"),
    "us": _("United States"),
    "eu-west-1": _("Ireland (eu-west-1)"),
    "eu-central-1": _("Frankfurt (eu-central-1)"),
    "eu-west-3": _("Paris (eu-west-3)"),
    "eu-north-1": _("Stockholm (eu-north-1)"),
    "eu-south-1": _("Milan (eu-south-1)"),
    "eu-west-2": _("London (eu-west-2)"),
    "us-east-1": _("Virginia, United States (us-east-1)"),
    "us-east-2": _("Ohio, United States (us-east-2)"),
    "us-west-2": _("Oregon, United States (us-west-2)"),
}
_NAMES: dict[str, tuple[Words, Words]] = {
    Provider.SES: (_("Access key"), _("It begins with AKIA. Make it in IAM, for Akkoord alone.")),
    Provider.MAILGUN: (_("Domain at Mailgun"), _("For example mg.example.nl.")),
    Provider.POSTMARK: (
        _("Stream for letters"),
        _("Postmark calls its own one broadcast. Single mails go by outbound."),
    ),
}
_KEYS: dict[str, tuple[Words, Words]] = {
    Provider.SES: (_("Secret key"), _("Shown once, when you make the access key.")),
    Provider.MAILGUN: (_("Key"), _("Settings, API keys. A sending key cannot set up reports.")),
    Provider.POSTMARK: (_("Key"), _("Your server, API Tokens: the server token.")),
    Provider.BREVO: (_("Key"), _("SMTP & API, API keys: a key of version 3.")),
}
_ABOUT: dict[str, Words] = {
    Provider.SES: _("Large amounts, in the region that you choose."),
    Provider.MAILGUN: _("In Europe or the United States, as you chose there."),
    Provider.POSTMARK: _("In the United States. It signs and builds the mail itself."),
    Provider.BREVO: _("In Europe. It signs and builds the mail itself."),
}


class KeyForm(forms.Form):
    """Another key for an account."""

    key = forms.CharField(
        label=_("Key"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AccountForm(forms.Form):
    """One account at a provider."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    name = forms.CharField(
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    key = forms.CharField(
        max_length=500, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    weight = forms.IntegerField(label=_("Share"), initial=1, min_value=1, max_value=MOST_WEIGHT)
    has_contract = forms.BooleanField(required=False)
    is_unmeasured = forms.BooleanField(
        label=_("Measuring is switched off in Brevo"),
        required=False,
        help_text=_(
            "Transactional, Settings, Tracking: opens and clicks. Brevo cannot leave it out of one "
            "letter, so Akkoord asks you, and looks in Brevo's figures whether it is so."
        ),
    )

    def __init__(self, kind: str, **named: Any) -> None:
        """Only the fields of this kind."""
        super().__init__(auto_id=f"id_{kind}_%s", **named)
        self.kind = kind
        regions = list(HOSTS[kind])
        if regions == [""]:
            del self.fields["region"]
        else:
            choices = [(each, _REGIONS[each]) for each in regions]
            self.fields["region"] = forms.ChoiceField(label=_("Region"), choices=choices)
        label, where = _KEYS[kind]
        kept = _("Kept in the data folder, never in the database or a backup.")
        self._word("key", label, f"{where} {kept}")
        if kind in _NAMES:
            self._word("name", *_NAMES[kind])
            self.fields["name"].required = True
        else:
            del self.fields["name"]
        if kind == Provider.POSTMARK:
            self.fields["name"].initial = STREAM
        if kind != Provider.BREVO:
            del self.fields["is_unmeasured"]
        contract = self.fields["has_contract"]
        contract.label = _("We agreed to its data processing agreement")
        contract.help_text = _(
            "The standard agreement of {name}. It is written down in your register with today's "
            "date. (art. 28 AVG)"
        ).format(name=MAIL_PROCESSORS[kind].name)

    def _word(self, field: str, label: Words, help_text: Words) -> None:
        self.fields[field].label, self.fields[field].help_text = label, help_text  # type: ignore[assignment]

    def clean_name(self) -> str:
        """As it is written at the provider."""
        text = str(self.cleaned_data["name"]).strip()
        return text if self.kind == Provider.SES else text.lower()

    def clean_key(self) -> str:
        """Without the blanks that come along when it is copied."""
        return str(self.cleaned_data["key"]).strip()

    def facts(self) -> dict[str, Any]:
        """What was typed, with nothing for what this kind does not have."""
        return {"region": "", "name": "", "is_unmeasured": False, **self.cleaned_data}


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """One kind on the page."""

    kind: str
    label: str
    about: Words
    form: AccountForm


def shown_accounts(refused: AccountForm | None) -> list[ShownAccount]:
    """Every kind with its form; the one that was not right as it was typed."""
    return [
        ShownAccount(
            kind=kind,
            label=str(Provider(kind).label),
            about=_ABOUT[kind],
            form=refused if refused and refused.kind == kind else AccountForm(kind),
        )
        for kind in KINDS
    ]
