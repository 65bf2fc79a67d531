"""Named reads of providers: whose each server is, and how their reports come in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from akkoord.delivery.hook_actions import NEEDS_PROOF
from akkoord.delivery.hook_models import Provider, ProviderHook, ServerProvider
from akkoord.delivery.hook_secrets import hook_secret
from akkoord.delivery.hooks.readers import READERS
from akkoord.delivery.providers import talk as words
from akkoord.delivery.providers import verdicts
from akkoord.delivery.server_models import MailServer

_FAULTS = {
    words.NO_RIGHTS: _("The key may send, and may not change settings."),
    words.UNREACHABLE: _("The provider did not answer. Try again in a while."),
    words.REFUSED: _("The provider refused. Look in its own settings what is wrong."),
    words.MISSING: _("Our address no longer stands at the provider. Set it up again."),
    words.WRONG_EVENTS: _("The provider does not report everything. Set it up again."),
    words.MEASURES: _(
        "The provider counts who opens or presses something. Switch that off in its settings."
    ),
    words.ADDS_WAY_OUT: _(
        "The provider puts an unsubscribe link of its own in your letters. Switch that off there."
    ),
    words.NO_PROOF: _("Only what it signs with is still missing. Fill that in here."),
    verdicts.KEY: _("The provider refuses the key. Fill in another one."),
}
ENOUGH = 100  # letters after which a provider that said nothing is noticed


@dataclass(frozen=True, slots=True)
class HookRow:
    """A provider of one of our servers. `is_silent`: it should have told something by now."""

    provider: str
    label: str
    letters: int
    hook: ProviderHook | None
    has_secret: bool
    needs_proof: bool
    has_proof: bool
    has_account: bool = False

    @property
    def fault(self) -> str:
        """What is wrong with what we set up, as a sentence; empty: nothing."""
        if self.hook is None or (self.by_hand and self.hook.last_event_at is not None):
            return ""  # what comes in shows that somebody did it by hand
        return fault_sentence(self.hook.fault)

    @property
    def by_hand(self) -> bool:
        """Whether somebody must do it in the provider's own settings: our key may not."""
        return self.hook is not None and self.hook.fault == words.NO_RIGHTS

    @property
    def is_silent(self) -> bool:
        """Whether a hundred letters left and nothing came."""
        heard = self.hook is not None and self.hook.last_event_at is not None
        return self.letters >= ENOUGH and not heard

    @property
    def is_ready(self) -> bool:
        """Whether reports can come in."""
        return self.has_secret and (self.has_proof or not self.needs_proof)


def fault_sentence(code: str) -> str:
    """What is wrong with the reports, and what to do; empty for nothing."""
    return str(_FAULTS.get(code, _FAULTS[words.REFUSED])) if code else ""


def providers_by_key() -> dict[str, str]:
    """Which provider each mail server is of, as far as said."""
    return dict(ServerProvider.objects.values_list("key", "provider"))


def hook_rows() -> list[HookRow]:
    """The providers of our servers and those with an address: three statements."""
    letters: dict[str, int] = {}
    for each in ServerProvider.objects.all():
        letters[each.provider] = letters.get(each.provider, 0) + each.letters
    hooks = {each.provider: each for each in ProviderHook.objects.all()}
    kinds = set(MailServer.objects.values_list("kind", flat=True))
    return [
        _row(provider, letters.get(provider, 0), hooks.get(provider), provider.value in kinds)
        for provider in Provider
        if provider in READERS and (provider in letters or provider in hooks)
    ]


def _row(provider: Provider, letters: int, hook: ProviderHook | None, has_account: bool) -> HookRow:
    secret = hook_secret(provider)
    return HookRow(
        provider=provider.value,
        label=str(provider.label),
        letters=letters,
        hook=hook,
        has_secret=hook is not None and secret is not None,
        needs_proof=provider in NEEDS_PROOF,
        has_proof=bool(secret and secret.proof),
        has_account=has_account,
    )
