"""Whether mail of ours can be told from mail of a stranger, and whether others can read along.

The records stand in the DNS, which takes seconds and a network: the night looks, or somebody who
presses. What could not be looked at is said to be so, and is never good.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.checkup.gathered import Gathered
from akkoord.checkup.models import MailLook
from akkoord.delivery.dns_check import DnsFault, texts_by_resolver
from akkoord.delivery.servers import ways_away, ways_of
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


RECORDS: Final = ("SPF", "DKIM", "DMARC")


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """One of the three records, with what was found of it."""

    name: str
    state: State
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailSeen:
    """How it stands, in sentences. `at`: the last look that reached the DNS; `unreached_at`: a try
    after it that did not."""

    state: State
    sentences: tuple[str, ...]
    at: datetime | None = None
    unreached_at: datetime | None = None
    records: tuple[RecordSeen, ...] = ()


def look_at_mail(*, at: datetime, texts: Lookup | None = None) -> MailLook | None:
    """Ask the DNS and keep what it says; None when no mail leaves this machine. Takes seconds.

    A look that reached no DNS says nothing of the records: what an earlier look saw stays, with
    its day, and beside it that nobody could look since.
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
    is_blind = _saw_nothing(codes)
    last = MailLook.objects.filter(domain=domain).first()
    if is_blind and last is not None and not _saw_nothing(last.codes):
        last.unreached_at = at
        last.save(update_fields=["unreached_at"])
        return last
    made, _new = MailLook.objects.update_or_create(
        id=1,
        defaults={
            "domain": domain,
            "at": at,
            "codes": codes,
            "sentences": said,
            "unreached_at": at if is_blind else None,
        },
    )
    return made


def _saw_nothing(codes: Collection[str]) -> bool:
    return DnsFault.NOT_CHECKED.value in codes


def mail_seen(at: datetime, now: Gathered | None = None) -> MailSeen:
    """What the last look found, judged: without a look, or after a week, it is not checked."""
    now = now or Gathered(at)
    if not ways_of(now.relays):
        return MailSeen(State.NONE, (_("No mail leaves this machine yet."),))
    house, look = now.house, MailLook.objects.first()
    domain = house.sender_email.rpartition("@")[2].lower() if house else ""
    unchecked = _("Not checked: SPF, DKIM and DMARC in the DNS of %(domain)s.") % {"domain": domain}
    if look is None or look.domain != domain:
        return MailSeen(State.ATTENTION, (unchecked,))
    when = (None if _saw_nothing(look.codes) else look.at, look.unreached_at)
    if at - look.at > TOO_OLD:
        return MailSeen(State.ATTENTION, (unchecked,), *when)
    sentences = tuple(look.sentences.get(language_now(), ()))
    records = _records(look.codes, sentences) if when[0] else ()
    if set(look.codes) - _UNSEEN:
        return MailSeen(State.WRONG, sentences, *when, records)
    if look.codes:
        return MailSeen(State.ATTENTION, sentences, *when, records)
    said = _("SPF, DKIM and DMARC of %(domain)s are right.") % {"domain": domain}
    return MailSeen(State.GOOD, (said,), *when, records)


def _records(codes: Sequence[str], sentences: Sequence[str]) -> tuple[RecordSeen, ...]:
    """Each record by itself: a code begins with the record that it is about."""
    found = []
    for name in RECORDS:
        about = [
            (code, said)
            for code, said in zip(codes, sentences, strict=False)
            if code.startswith(f"{name.lower()}-")
        ]
        is_wrong = any(code not in _UNSEEN for code, _said in about)
        state = State.WRONG if is_wrong else State.ATTENTION if about else State.GOOD
        found.append(RecordSeen(name, state, tuple(said for _code, said in about)))
    return tuple(found)


def tls_seen(now: Gathered) -> MailSeen:
    """Whether letters go to each mail server over TLS; one on this machine needs none."""
    away = [each for each in now.relays if each.key != "memory"]
    servers = [(each.label, read_url(each.url)) for each in away if not each.account]
    outside = [(label, server) for label, server in servers if not server.is_loopback]
    if not outside and not any(each.account for each in away):
        return MailSeen(State.NONE, (_("No mail leaves this machine yet."),))
    bare = [label for label, server in outside if server.scheme == "smtp"]
    if bare:
        said = _("Letters go to %(servers)s without TLS: others on the way can read along.")
        return MailSeen(State.WRONG, (said % {"servers": ", ".join(bare)},))
    return MailSeen(State.GOOD, (_("Letters go to the mail server over TLS."),))
