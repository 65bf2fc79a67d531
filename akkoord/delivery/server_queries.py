"""Named reads of mail servers: how each one does, in words."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.delivery.hook_queries import providers_by_key
from akkoord.delivery.models import OutboxMail, Provider, ServerState
from akkoord.delivery.providers import verdicts
from akkoord.delivery.servers import Relay, misses_password, relays

_WHY = {
    verdicts.KEY: gettext_lazy(
        "it refuses the key. Make a new key at your provider, with the right to send, and fill it "
        "in here"
    ),
    verdicts.SENDER: gettext_lazy(
        "it does not send for your sender's domain. Verify that domain at your provider"
    ),
    verdicts.STOPPED: gettext_lazy(
        "it stopped your account, or has not opened it yet. Look in your account or write to them"
    ),
    verdicts.CREDIT: gettext_lazy("nothing is left of what you paid for. Top up your account"),
    verdicts.CLOCK: gettext_lazy("the clock of this machine is wrong. Set it right"),
    verdicts.SETUP: gettext_lazy(
        'it misses a setting. Press "Set up the reports" below, so that Akkoord makes it'
    ),
    "429": gettext_lazy("it asks us to go slower"),
    "resting": gettext_lazy("it asks us to go slower"),
    "host-refused": gettext_lazy("its name leads to an address that cannot be a provider's"),
    "connect": gettext_lazy("it does not answer"),
    "login": gettext_lazy("it refuses the user name or password"),
    "password-needs-tls": gettext_lazy("the line is not encrypted, so the password stays here"),
    "certificate": gettext_lazy("its certificate cannot be trusted"),
    "starttls": gettext_lazy("it does not encrypt the line"),
    "421": gettext_lazy("it asks to come back later"),
    "greeting": gettext_lazy("it does not let us in"),
    "timeout": gettext_lazy("it is silent"),
    "hangs": gettext_lazy("it is silent"),
    "drops-connections": gettext_lazy("it breaks the connection"),
    "lost": gettext_lazy("it breaks the connection"),
    "not-smtp": gettext_lazy("it is no mail server"),
}


@dataclass(frozen=True, slots=True)
class ServerRow:
    """One mail server with how it does. `why` empty: nothing is wrong."""

    key: str
    label: str
    user: str
    weight: int
    share: int  # percent of the letters
    server_id: UUID | None
    why: str = ""
    until: datetime | None = None
    misses_password: bool = False
    tried_at: datetime | None = None
    tried: str = ""  # the state of the last test
    tried_code: str = ""
    provider: str = ""
    kind: str = "smtp"

    @property
    def provider_word(self) -> str:
        """The name of its provider, when it was said."""
        return str(Provider(self.provider).label) if self.provider else ""


def words_for(why: str) -> str:
    """Why a server does not do, as part of a sentence."""
    name = next((each for each in _WHY if why.startswith(each)), "")
    return str(_WHY[name]) if name else _("it answers {code}").format(code=why)


def server_rows() -> list[ServerRow]:
    """Every mail server, with its state and its last test: a few statements for all."""
    found = relays()
    states = {each.key: each for each in ServerState.objects.all()}
    keys = [each.key for each in found]
    tests = {
        mail.server: mail
        for mail in OutboxMail.objects.filter(server__in=keys).order_by("server", "created_at")
    }
    total = sum(each.weight for each in found) or 1
    providers = providers_by_key()
    rows = (_row(each, total, states.get(each.key), tests.get(each.key)) for each in found)
    return [replace(each, provider=providers.get(each.key, "")) for each in rows]


def _row(relay: Relay, total: int, state: ServerState | None, mail: OutboxMail | None) -> ServerRow:
    return ServerRow(
        key=relay.key,
        label=relay.label,
        user=relay.user,
        weight=relay.weight,
        share=round(100 * relay.weight / total),
        server_id=relay.server_id,
        kind=relay.account.provider if relay.account else "smtp",
        why=words_for(state.why) if state else "",
        until=state.set_aside_until if state else None,
        misses_password=misses_password(relay),
        tried_at=mail.created_at if mail else None,
        tried=mail.state if mail else "",
        tried_code=mail.outcome_code if mail else "",
    )


@dataclass(frozen=True, slots=True)
class ServersAway:
    """Which servers do not do now. `all_away`: no letter can leave; `needs_somebody`: and none will
    until somebody mends an account."""

    rows: list[ServerRow]
    all_away: bool
    needs_somebody: bool = False


def servers_away() -> ServersAway | None:
    """The servers that are set aside; None: all is well. One statement when all is well."""
    failing = {each.key: each for each in ServerState.objects.all()}
    if not failing:
        return None
    found = relays()
    total = sum(each.weight for each in found) or 1
    rows = [_row(each, total, failing[each.key], None) for each in found if each.key in failing]
    all_away = len(rows) == len(found)
    troubles = all(failing[row.key].why in verdicts.TROUBLES for row in rows)
    return ServersAway(rows, all_away, all_away and troubles) if rows else None
