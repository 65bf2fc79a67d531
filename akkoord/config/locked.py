"""A house whose journal of nos is lost or changed: it can be looked at, and whoever wants to stop
or objects can; nothing is sent and nothing else is changed (INV-34, 36).

Whether it is locked is found at the start of a process (`readiness.make_ready`), so that no page
asks for it.
"""

import json
import os
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from akkoord.config.errors import locked_house
from akkoord.config.readiness import LOCKED
from akkoord.law.request_rules import AT_ONCE

SENTENCE = (
    "The journal of who was forgotten or said no is lost or was changed, so nothing is sent and "
    "nothing can be changed. `akkoord restore` says what to do."
)
# Withdrawing is never refused (art. 7(3)): the ways out of the preference centre and of a letter,
# and what another system heard.
_STILL = frozenset(
    {
        "consent_public:stop",
        "consent_public:less",
        "consent_public:reason",
        "consent_public:preferences",
        "consent_public:ask_link",
        "consent_public:letter_code",
        "consent_public:parent_stop",
        "consent_public:push_stop",
        "consent_public:push_device",
        "api:withdrawals",
        "api:objections",
        "account_login",
        "account_logout",
        "mfa_authenticate",
    }
)
_ASKS = frozenset({"rights_public:request_new", "api:requests"})
"""A request goes through when a no to marketing is in it (art. 21(3)). What else it asks is written
down with it and waits, for nothing is mailed."""
_COMMANDS = frozenset({"restore", "ledger", "doctor", "keys", "backup", "serve", "worker"})


def is_locked() -> bool:
    """Whether this process found the house locked."""
    return bool(os.environ.get(LOCKED))


def may_run(command: str) -> bool:
    """Whether a command may run in a locked house."""
    return command in _COMMANDS


class LockedMiddleware:
    """Refuses what would change something, with a page that says why; 503, for it is not for ever.

    Every staff page says so at its top.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the page knows."""
        request.is_locked = is_locked()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """The page for who wants to change something."""
        if not is_locked() or request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in _STILL or (name in _ASKS and _kinds_in(request) & AT_ONCE):
            return None
        return locked_house(request)


def _kinds_in(request: HttpRequest) -> set[str]:
    """What a form, or a body of JSON, asks; nothing when it cannot be read."""
    if request.content_type != "application/json":
        return set(request.POST.getlist("kinds"))
    try:
        kinds = json.loads(request.body)["kinds"]
        return {each for each in kinds if isinstance(each, str)}
    except (ValueError, KeyError, TypeError):
        return set()
