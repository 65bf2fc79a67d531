"""Where a visitor comes from, cut short before anything can see it (`law.ip`)."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from akkoord.law.ip import truncate_ip

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


class CutAddressMiddleware:
    """Replaces the visitor's IP address by its network (/24, /48), for all that comes after.

    Behind a proxy (a https address) the last address that the proxy wrote is taken; without one,
    what a visitor claims is thrown away. `request.META["REMOTE_ADDR"]` is the cut address, and
    `request.from_this_machine` says whether the visitor sits at the machine itself. Behind a
    proxy nobody does: one that forwards no address would make everybody look so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Cut, then go on."""
        claimed = [request.META.pop(name, "") for name in FORWARDED]
        peer = str(request.META.get("REMOTE_ADDR", ""))
        is_direct = not settings.HTTPS and not any(claimed)
        request.from_this_machine = is_direct and _is_loopback(peer)  # type: ignore[attr-defined]
        if settings.HTTPS and claimed[0]:
            peer = claimed[0].rpartition(",")[2].strip()
        request.META["REMOTE_ADDR"] = truncate_ip(peer) or ""
        request.META.pop("REMOTE_PORT", None)
        return self.get_response(request)


def _is_loopback(text: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
