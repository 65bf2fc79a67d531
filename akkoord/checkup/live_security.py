"""What the system sees of security (art. 5(1)(f), 32)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.accounts.queries import members, with_second_step
from akkoord.breaches.queries import breaches
from akkoord.checkup.gathered import Gathered
from akkoord.checkup.mail_look import MailSeen, mail_seen, tls_seen
from akkoord.checkup.points import Finding, Point, good
from akkoord.law.duties import Duty, State

_TRY_RESTORE = timedelta(days=365)
_PRACTISE = timedelta(days=365)
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def _second_step(_now: Gathered) -> Finding:
    staff = list(members().filter(is_active=True).values_list("id", flat=True))
    bare = len(set(staff) - with_second_step(staff))
    if not bare:
        return good(_("Everybody logs in with a password and a second step."))
    said = ngettext(
        "{n} member of staff logs in with a password alone.",
        "{n} members of staff log in with a password alone.",
        bare,
    ).format(n=bare)
    return Finding(State.WRONG, said, reverse("accounts:staff"), _("See who"))


def _backup(now: Gathered) -> Finding:
    page = now.backups
    url, action = reverse("backups:index"), _("Go to the backups")
    if page.state.last_at is None:
        return Finding(State.WRONG, _("There was never a backup."), url, action)
    if page.state.is_late:
        return Finding(State.WRONG, _("The last backup is too old."), url, action)
    if not page.state.copy.is_good:
        said = _("The journal of who was forgotten stands in one place only.")
        return Finding(State.ATTENTION, said, url, action)
    return good(_("There is a fresh backup, and the journal stands in two places."))


def _restore(now: Gathered) -> Finding:
    page = now.backups
    url, action = reverse("backups:index"), _("Try it")
    if page.tried is None:
        return Finding(State.ATTENTION, _("Nobody ever tried to put a backup back."), url, action)
    if not page.tried.went_well:
        return Finding(State.WRONG, _("The last try failed."), url, action)
    if now.at - page.tried.at > _TRY_RESTORE:
        return Finding(State.ATTENTION, _("The last try is over a year ago."), url, action)
    return good(_("A backup was put back, and it worked."))


def _mail_records(now: Gathered) -> Finding:
    seen = mail_seen(now.at, now)
    return _of_mail(seen, reverse("checkup:mail"), _("Look at your mail"))


def _mail_tls(now: Gathered) -> Finding:
    return _of_mail(tls_seen(now), reverse("campaigns:sending"), _("Go to your mail servers"))


def _of_mail(seen: MailSeen, url: str, action: str) -> Finding:
    said = " ".join(seen.sentences)
    if seen.state in {State.GOOD, State.NONE}:
        return Finding(seen.state, said)
    return Finding(seen.state, said, url, action)


def _https(_now: Gathered) -> Finding:
    if settings.BASE_URL.startswith("https://"):
        return good(_("Everything goes over https."))
    if (urlsplit(settings.BASE_URL).hostname or "") in _THIS_MACHINE:
        return Finding(State.NONE, _("Akkoord can be opened on this machine only."))
    said = _("The address of Akkoord is not https: others on the way can read along.")
    return Finding(State.ATTENTION, said, reverse("register:settings"), _("Look at the settings"))


def _drill(now: Gathered) -> Finding:
    last = breaches(is_drill=True).first()
    url, action = reverse("breaches:drill"), _("Practise")
    if last is None:
        said = _("Nobody ever practised what to do when data leaks.")
        return Finding(State.ATTENTION, said, url, action)
    if now.at - last.aware_at > _PRACTISE:
        return Finding(State.ATTENTION, _("The last drill is over a year ago."), url, action)
    return good(_("In the past year somebody practised what to do."))


POINTS: Final[Sequence[Point]] = (
    Point(
        "second-step",
        Duty.SECURITY,
        3,
        gettext_lazy("Everybody has a second step at log-in"),
        gettext_lazy("Most leaks begin with one stolen password."),
        "AVG 32",
        _second_step,
    ),
    Point(
        "backup",
        Duty.SECURITY,
        3,
        gettext_lazy("There is a fresh backup"),
        gettext_lazy("You must be able to put data back after an accident."),
        "AVG 32(1)(c)",
        _backup,
    ),
    Point(
        "restore",
        Duty.SECURITY,
        2,
        gettext_lazy("A backup was tried"),
        gettext_lazy("A backup that was never put back is a hope."),
        "AVG 32(1)(d)",
        _restore,
    ),
    Point(
        "mail-records",
        Duty.SECURITY,
        2,
        gettext_lazy("Nobody can easily send mail in your name"),
        gettext_lazy("Without SPF, DKIM and DMARC a stranger can write to your customers as you."),
        "AVG 32",
        _mail_records,
    ),
    Point(
        "mail-tls",
        Duty.SECURITY,
        2,
        gettext_lazy("Letters leave over TLS"),
        gettext_lazy("A letter in the open can be read by others on its way."),
        "AVG 32(1)(a)",
        _mail_tls,
    ),
    Point(
        "https",
        Duty.SECURITY,
        2,
        gettext_lazy("Nobody reads along"),
        gettext_lazy("What goes over the internet in the open can be read by others."),
        "AVG 32(1)(a)",
        _https,
    ),
    Point(
        "drill",
        Duty.SECURITY,
        1,
        gettext_lazy("What to do at a leak was practised"),
        gettext_lazy("Who did it once in calm does it well in haste."),
        "AVG 32(1)(d)",
        _drill,
    ),
)
