"""Named reads of providers: whose each server is, and how their reports come in."""

from dataclasses import dataclass

from akkoord.delivery.hook_actions import NEEDS_PROOF
from akkoord.delivery.hook_models import Provider, ProviderHook, ServerProvider
from akkoord.delivery.hook_secrets import hook_secret
from akkoord.delivery.hooks.readers import READERS

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

    @property
    def is_silent(self) -> bool:
        """Whether a hundred letters left and nothing came."""
        heard = self.hook is not None and self.hook.last_event_at is not None
        return self.letters >= ENOUGH and not heard

    @property
    def is_ready(self) -> bool:
        """Whether reports can come in."""
        return self.has_secret and (self.has_proof or not self.needs_proof)


def providers_by_key() -> dict[str, str]:
    """Which provider each mail server is of, as far as said."""
    return dict(ServerProvider.objects.values_list("key", "provider"))


def hook_rows() -> list[HookRow]:
    """The providers of our servers and those with an address: two statements."""
    letters: dict[str, int] = {}
    for each in ServerProvider.objects.all():
        letters[each.provider] = letters.get(each.provider, 0) + each.letters
    hooks = {each.provider: each for each in ProviderHook.objects.all()}
    return [
        _row(provider, letters.get(provider, 0), hooks.get(provider))
        for provider in Provider
        if provider in READERS and (provider in letters or provider in hooks)
    ]


def _row(provider: Provider, letters: int, hook: ProviderHook | None) -> HookRow:
    secret = hook_secret(provider)
    return HookRow(
        provider=provider.value,
        label=str(provider.label),
        letters=letters,
        hook=hook,
        has_secret=hook is not None and secret is not None,
        needs_proof=provider in NEEDS_PROOF,
        has_proof=bool(secret and secret.proof),
    )
