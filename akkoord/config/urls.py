"""All addresses: the rooms' own, each under its prefix."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def health(_request: HttpRequest) -> HttpResponse:
    """Answers 200 when the server is ready: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


# Prefix and module of every room with pages: staff pages, then the person's own.
ROOMS = [
    ("", "akkoord.insight.urls"),
    ("mensen/", "akkoord.people.urls"),
    ("", "akkoord.register.urls"),  # /begin/, /onderwerpen/, /register/, /instellingen/
    ("formulieren/", "akkoord.consent.urls"),
    ("bewijs/", "akkoord.trail.urls"),
    ("back-ups/", "akkoord.trail.backup_urls"),
    ("campagnes/", "akkoord.composing.urls"),  # /campagnes/stijl/, /campagnes/beelden/
    ("campagnes/", "akkoord.campaigns.urls"),
    ("groepen/", "akkoord.segments.urls"),
    ("importeren/", "akkoord.imports.urls"),
    ("verzoeken/", "akkoord.rights.urls"),
    ("tip-een-vriend/", "akkoord.referrals.urls"),
    ("bewaren/", "akkoord.retention.urls"),
    ("privacyverklaring/", "akkoord.policy.urls"),
    ("controle/", "akkoord.checkup.urls"),
    ("datalekken/", "akkoord.breaches.urls"),
    ("mailbox/", "akkoord.delivery.urls"),
    ("", "akkoord.accounts.urls"),  # /mijn-account/, /medewerkers/
    ("", "akkoord.web.urls"),  # /taal/ and what pages need
    ("balie/", "akkoord.consent.tablet_urls"),
    ("", "akkoord.consent.public_urls"),  # /f/, /b/, /u/, /v/, /voorkeuren/
    ("", "akkoord.rights.public_urls"),
    ("", "akkoord.breaches.public_urls"),  # /datalek/
    ("", "akkoord.messages.public_urls"),  # /k/
    ("", "akkoord.campaigns.public_urls"),  # /proefbrief/, /lees/, /archief/
    ("", "akkoord.composing.public_urls"),  # /beeld/
    ("", "akkoord.referrals.public_urls"),  # /tip/, /kaart/
    ("", "akkoord.register.public_urls"),  # /logo/
    ("", "akkoord.policy.public_urls"),  # /privacy/
    ("api/", "akkoord.api.urls"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    *(path(prefix, include(module)) for prefix, module in ROOMS),
]
handler400 = "akkoord.config.errors.bad_request"
handler403 = "akkoord.config.errors.forbidden"
handler404 = "akkoord.config.errors.not_found"
handler500 = "akkoord.config.errors.server_error"
