"""Forms about providers: whose a mail server is, and what a provider signs with."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.delivery.hook_queries import HookRow, hook_rows
from akkoord.delivery.models import Provider
from akkoord.delivery.server_queries import ServerRow

_PROOFS = {
    Provider.SES: _("Topic (ARN)"),
    Provider.SENDGRID: _("Verification key"),
    Provider.MAILGUN: _("HTTP webhook signing key"),
}
_WHERE = {
    Provider.SES: _("Amazon SNS, your topic: copy its ARN."),
    Provider.SENDGRID: _("Settings, Mail Settings, Event Webhook, Signature Verification."),
    Provider.MAILGUN: _("Sending, Webhooks, at the right of the page."),
}


class ProviderForm(forms.Form):
    """Of which provider a mail server is."""

    provider = forms.ChoiceField(
        label=_("Provider"),
        choices=[("", _("another one")), *Provider.choices],
        required=False,
    )


class ProofForm(forms.Form):
    """What a provider signs its reports with."""

    proof = forms.CharField(
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, provider: str, **named: Any) -> None:
        super().__init__(auto_id=f"id_{provider}_%s", **named)
        self.fields["proof"].label = _PROOFS[Provider(provider)]
        self.fields["proof"].help_text = _WHERE[Provider(provider)]


@dataclass(frozen=True, slots=True)
class NewHook:
    """An address with its secret, which is shown this once."""

    provider: str
    address: str


@dataclass(frozen=True, slots=True)
class RefusedHook:
    """What was typed for a provider and could not be."""

    provider: str
    typed: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownHook:
    """A provider on the page, with its form and the address that was just made."""

    row: HookRow
    form: ProofForm | None
    address: str = ""


def shown_hooks(new: NewHook | None, refused: RefusedHook | None) -> list[ShownHook]:
    """The providers on the page."""
    return [
        ShownHook(
            row=row,
            form=_proof_form(row, refused) if row.needs_proof and row.has_secret else None,
            address=new.address if new and new.provider == row.provider else "",
        )
        for row in hook_rows()
    ]


def _proof_form(row: HookRow, refused: RefusedHook | None) -> ProofForm:
    if refused is None or refused.provider != row.provider:
        return ProofForm(row.provider)
    form = ProofForm(row.provider, data={"proof": refused.typed})
    if form.is_valid():
        form.add_error("proof", refused.sentence)
    return form


def provider_forms(servers: list[ServerRow]) -> list[tuple[ServerRow, ProviderForm]]:
    """A choice of provider for each mail server."""
    return [
        (
            row,
            ProviderForm(initial={"provider": row.provider}, auto_id=f"id_{row.key}_%s"),
        )
        for row in servers
    ]
