"""Whether mail of ours can be told from mail of a stranger, and whether others can read along.

The records stand in the DNS, which takes seconds and a network: the night looks, or somebody who
presses. What could not be looked at is said to be so, and is never good.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.checkup.models import MailLook
from akkoord.delivery.dns_check import DnsFault, texts_by_resolver
from akkoord.delivery.servers import relays, ways_away
from akkoord.delivery.smtp_opening import read_url
from akkoord.delivery.spf import Lookup
from akkoord.law.duties import State
from akkoord.messages.outside import record_findings
from akkoord.register.models import language_now
from akkoord.register.queries import organisation

TOO_OLD: Final = timedelta(days=7)
_UNSEEN = frozenset(
    {DnsFault.NOT_CHECKED.value, DnsFault.SPF_UNSURE.value, DnsFault.DKIM_UNSEEN.value}
)


@dataclass(frozen=True, slots=True)
class MailSeen:
    """How it stands, in sentences, and of when the look is."""

    state: State
    sentences: tuple[str, ...]
    at: datetime | None = None


def look_at_mail(*, at: datetime, texts: Lookup | None = None) -> MailLook | None:
    """Ask the DNS and keep what it says; None when no mail leaves this machine. Takes seconds.

    A look that reached no DNS says nothing of the records: what an earlier look of this week saw
    stays, with its day.
    """
    house = organisation()
    if house is None or not ways_away():
        MailLook.objects.all().delete()
        return None
    said: dict[str, list[str]] = {}
    codes: list[str] = []
    answers = cache(texts or texts_by_resolver())  # asked once for both languages
    for language in ("nl", "en"):
        with translation.override(language):
            found = record_findings(house.sender_email, house.mail_domain, answers)
        codes = [each.code for each in found]
        said[language] = [each.sentence for each in found]
    domain = house.sender_email.rpartition("@")[2].lower()
    last = MailLook.objects.filter(domain=domain, at__gt=at - TOO_OLD).first()
    if _saw_nothing(codes) and last is not None and not _saw_nothing(last.codes):
        return last
    made, _new = MailLook.objects.update_or_create(
        id=1,
        defaults={
            "domain": domain,
            "at": at,
            "codes": codes,
            "sentences": said,
        },
    )
    return made


def _saw_nothing(codes: Collection[str]) -> bool:
    return DnsFault.NOT_CHECKED.value in codes


def mail_seen(at: datetime) -> MailSeen:
    """What the last look found, judged: without a look, or after a week, it is not checked."""
    if not ways_away():
        return MailSeen(State.NONE, (_("No mail leaves this machine yet."),))
    house, look = organisation(), MailLook.objects.first()
    domain = house.sender_email.rpartition("@")[2].lower() if house else ""
    if look is None or look.domain != domain or at - look.at > TOO_OLD:
        said = _("Not checked: SPF, DKIM and DMARC in the DNS of %(domain)s.") % {"domain": domain}
        return MailSeen(State.ATTENTION, (said,))
    sentences = tuple(look.sentences.get(language_now(), ()))
    if set(look.codes) - _UNSEEN:
        return MailSeen(State.WRONG, sentences, look.at)
    if look.codes:
        return MailSeen(State.ATTENTION, sentences, look.at)
    said = _("SPF, DKIM and DMARC of %(domain)s are right.") % {"domain": domain}
    return MailSeen(State.GOOD, (said,), look.at)


def tls_seen() -> MailSeen:
    """Whether letters go to each mail server over TLS; one on this machine needs none."""
    away = [each for each in relays() if each.key != "memory"]
    servers = [(each.label, read_url(each.url)) for each in away if not each.account]
    outside = [(label, server) for label, server in servers if not server.is_loopback]
    if not outside and not any(each.account for each in away):
        return MailSeen(State.NONE, (_("No mail leaves this machine yet."),))
    bare = [label for label, server in outside if server.scheme == "smtp"]
    if bare:
        said = _("Letters go to %(servers)s without TLS: others on the way can read along.")
        return MailSeen(State.WRONG, (said % {"servers": ", ".join(bare)},))
    return MailSeen(State.GOOD, (_("Letters go to the mail server over TLS."),))
