"""Measures of art. 32 that the check-up sees: backups, a restore, and mail that is recognised."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.checkup.gathered import Gathered
from akkoord.checkup.mail_look import MailSeen, mail_seen, tls_seen
from akkoord.law.duties import State
from akkoord.law.terms import law_day
from akkoord.register.measures import Seen, see_measure
from akkoord.register.presets_register import Words
from akkoord.trail.backup_queries import backup_page, backup_state

TRY_RESTORE: Final = timedelta(days=365)


def _backup() -> Seen:
    state = backup_state(at=timezone.now())
    if state.last_at is None:
        return Seen(False, _("There was never a backup."))
    day = date_format(timezone.localtime(state.last_at), "j b Y")
    said = _("The last backup is of %(day)s.") % {"day": day}
    return Seen(not state.is_late, said, law_day(state.last_at))


def _restore() -> Seen:
    tried, now = backup_page(at=timezone.now()).tried, timezone.now()
    if tried is None:
        return Seen(False, _("Nobody ever tried to put a backup back."))
    day = date_format(timezone.localtime(tried.at), "j b Y")
    if not tried.went_well:
        return Seen(False, _("The try of %(day)s failed.") % {"day": day}, law_day(tried.at))
    said = _("A backup was put back on %(day)s, and it worked.") % {"day": day}
    return Seen(now - tried.at <= TRY_RESTORE, said, law_day(tried.at))


def _from(seen: MailSeen) -> Seen:
    """Only what was looked at and is right holds."""
    return Seen(seen.state is State.GOOD, " ".join(seen.sentences), seen.at and law_day(seen.at))


def enter_own() -> None:
    """What this room can see."""
    see_measure("backup", Words("Regelmatig een back-up", "A backup at regular times"), _backup)
    see_measure(
        "restore-tried",
        Words("Terugzetten van een back-up geprobeerd", "Putting a backup back was tried"),
        _restore,
    )
    see_measure(
        "mail-tls",
        Words("Mail versleuteld onderweg (TLS)", "Mail encrypted on its way (TLS)"),
        lambda: _from(tls_seen(Gathered(timezone.now()))),
    )
    see_measure(
        "mail-records",
        Words("Mail herkenbaar (SPF, DKIM en DMARC)", "Mail recognisable (SPF, DKIM and DMARC)"),
        lambda: _from(mail_seen(timezone.now())),
    )
