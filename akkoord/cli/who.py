"""Who is at the keyboard: an account, its password, and its second step where it has one.

Wrong tries count and lock out as those at the log-in page do (`axes`), and leave the same trace: a
keyed hash of the name.
"""

from pathlib import Path
from typing import NoReturn

import click
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest

from akkoord.accounts.access import Action, role_may
from akkoord.accounts.models import Staff, normalise_log_in
from akkoord.cli.output import refuse, text_of
from akkoord.trail.actions import Actor

NO_ENTRY = (
    "This address and password are not of somebody who may forget people, or the code of their "
    "second step (--code) is missing or wrong."
)
LOCKED = "Too many wrong tries. Wait a quarter of an hour and try again."


def staff_at_the_keyboard(email: str, password_file: Path | None, code: str) -> Actor:
    """Whose account this is; status 1 when it is nobody's who may erase, whatever is wrong."""
    if not email or password_file is None:
        raise click.UsageError("Say who you are: --by and --password-file.")
    request, name = _here(), normalise_log_in(email)
    if not AxesProxyHandler.is_allowed(request, {"email": name}):
        refuse(LOCKED, reason="too-many-tries")
    lines = text_of(password_file, "--password-file").splitlines()
    staff = Staff.objects.filter(email=name, is_active=True).first()
    is_theirs = (staff or Staff()).check_password(lines[0] if lines else "")
    if staff is None or not is_theirs or not _has_second_step(staff, code):
        _wrong(request, name)
    if not role_may(staff.role, Action.ERASE):
        refuse(NO_ENTRY, reason="no-entry")
    AxesProxyHandler.user_logged_in(sender=__name__, request=request, user=staff)
    return Actor.staff(staff.pk)


def _has_second_step(staff: Staff, code: str) -> bool:
    """Whether this code is of one of their second steps; True for who has none."""
    steps = list(Authenticator.objects.filter(user=staff).order_by("id"))
    return not steps or (bool(code) and any(each.wrap().validate_code(code) for each in steps))


def _wrong(request: HttpRequest, name: str) -> NoReturn:
    AxesProxyHandler.user_login_failed(__name__, credentials={"email": name}, request=request)
    refuse(NO_ENTRY, reason="no-entry")


def _here() -> HttpRequest:
    """What the lock-out counts by, beside the name: this machine."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.path = "person forget"
    return request
