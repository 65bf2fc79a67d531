"""What every public page needs of a visitor: their network, and which status a refusal answers."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest

from akkoord.law.reasons import Reason

STATUS: Mapping[Reason, int] = MappingProxyType(
    {Reason.TOO_MANY_ATTEMPTS: 429, Reason.PROOF_NEEDED: 429, Reason.PURPOSE_ENDED: 410}
)


def ip_of(request: HttpRequest) -> str:
    """The visitor's network; it was cut short before it came here, and is cut again."""
    return str(request.META.get("REMOTE_ADDR", ""))
