"""All addresses: the rooms' own, each under its prefix."""

from importlib.util import find_spec

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def health(_request: HttpRequest) -> HttpResponse:
    """Answers 200 when the server is ready: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


# Prefix, module. Rooms that are not there yet are left out.
ROOMS = [
    ("", "akkoord.insight.urls"),
    ("mensen/", "akkoord.people.urls"),
    ("", "akkoord.register.urls"),
    ("formulieren/", "akkoord.consent.urls"),
    ("bewijs/", "akkoord.trail.urls"),
    ("campagnes/", "akkoord.campaigns.urls"),
    ("importeren/", "akkoord.imports.urls"),
    ("verzoeken/", "akkoord.rights.urls"),
    ("mailbox/", "akkoord.delivery.urls"),
    ("", "akkoord.accounts.urls"),
    ("", "akkoord.web.urls"),
    ("", "akkoord.consent.public_urls"),
    ("", "akkoord.rights.public_urls"),
    ("", "akkoord.register.public_urls"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("account/", include("allauth.urls")),
    *(path(prefix, include(module)) for prefix, module in ROOMS if find_spec(module)),
]
