"""Who asks: a key in the header, with its role; how often it may ask."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from akkoord.accounts.access import Action, role_may
from akkoord.accounts.keys import KeyUse, use_key
from akkoord.api.problems import Wrong
from akkoord.law.terms import law_day
from akkoord.register.receiving import demand_receiver
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor

PER_MINUTE = 600
"""Requests of one key in a minute. A no is counted, and never refused."""


class KeyAuth(HttpBearer):
    """`Authorization: Bearer akk_…`. No cookie and no session is looked at."""

    openapi_scheme = "bearer"

    def __init__(self, *, is_limited: bool = True) -> None:
        super().__init__()
        self.is_limited = is_limited

    def __call__(self, request: HttpRequest) -> Any:
        """The key behind a request; a problem when there is none."""
        found = super().__call__(request)
        if found is None:
            raise Wrong(401, "no-key", _("Send your key along: “Authorization: Bearer akk_…”."))
        return found

    def authenticate(self, request: HttpRequest, token: str) -> KeyUse | None:  # noqa: ARG002
        """The use of a key, counted; None when it does not work."""
        used = use_key(token, at=timezone.now())
        if used and self.is_limited and used.in_minute > PER_MINUTE:
            raise Wrong(
                429,
                "too-many-requests",
                _("This key asked more than %(number)d times in a minute. Wait a minute.")
                % {"number": PER_MINUTE},
            )
        return used


any_key = KeyAuth()
any_key_any_time = KeyAuth(is_limited=False)


def key_of(request: HttpRequest) -> KeyUse:
    """The key behind a request that was let in."""
    used: KeyUse = request.auth  # type: ignore[attr-defined]
    return used


def actor_of(request: HttpRequest) -> Actor:
    """The key as who acts."""
    return Actor.api(key_of(request).key_id)


def demand_role(request: HttpRequest, action: Action) -> None:
    """Refuse a key whose role may not do this."""
    if not role_may(key_of(request).role, action):
        raise Wrong(403, "not-for-this-key", _("The role of this key does not allow this."))


def demand_reader(request: HttpRequest, *, at: datetime) -> None:
    """Refuse the key of a company that may receive nothing any more, or not yet (INV-42)."""
    reader = key_of(request).recipient_id
    if reader is None:
        return
    try:
        demand_receiver(reader, "recipient", law_day(at))
    except RegisterRefused as refusal:
        raise Wrong(403, "blocked-recipient", refusal.sentence) from None
