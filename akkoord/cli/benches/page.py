"""`akkoord bench page`: staff pages with many people, against the same pages with ten thousand; and
the copy of somebody's data (art. 15 and 20 GDPR): to read, as a file, and all that they get."""

import statistics
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.test import Client
from django.urls import reverse

from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.results import Result, seconds, within
from akkoord.law.request_rules import RequestKind
from akkoord.people.models import Person
from akkoord.rights.bundle import make_bundle
from akkoord.rights.export import export_document
from akkoord.rights.models import RightsRequest
from akkoord.trail.seal import seal

SMALL = 10_000
TIMES = 9
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def bench(people: int, *, at: datetime) -> list[Result]:
    """Server time of each page, in this process, through all middleware."""
    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    ground = lay_ground(at=at)
    fill(ground, first=1, last=SMALL, at=at)
    before = _pages(ground, at=at)
    if people <= SMALL:
        return []
    fill(ground, first=SMALL + 1, last=people, at=at)
    after = _pages(ground, at=at)
    return [
        within(
            f"page: {name} at {people:,} people, against {SMALL:,}",
            after[name],
            before[name],
            good=1.5,
            aim=1.2,
        )
        for name in before
    ]


def _pages(ground: Ground, *, at: datetime) -> dict[str, float]:
    """Seconds per page, the middle of several."""
    seal(at=at)
    analyse()
    client = Client(raise_request_exception=True)
    client.force_login(ground.owner, backend=BACKEND)
    somebody = Person.objects.order_by("id")[Person.objects.count() // 2]
    pages = {
        "people": reverse("people:index"),
        "people, searched by name": reverse("people:index") + "?q=Achternaam77",
        "one person": reverse("people:person", args=[somebody.id]),
        "what is kept of one person": reverse("rights:keep", args=[somebody.id]),
        "proof": reverse("trail:index"),
        "start": reverse("insight:start"),
    }
    took = {name: _middle(partial(_get, client, url)) for name, url in pages.items()}
    return took | {name: _middle(work) for name, work in _copies(somebody, at=at).items()}


def _copies(person: Person, *, at: datetime) -> dict[str, Callable[[], object]]:
    """What somebody gets who asks for a copy: the file, and letter, overview, JSON and CSV."""
    request = RightsRequest(
        subject_id=person.id, received_at=at, language="nl", reference="AK-BENCH"
    )
    kinds: set[str] = {RequestKind.ACCESS, RequestKind.PORTABILITY}
    return {
        "the copy of one person, as JSON": partial(export_document, person, at=at, redacted=True),
        "the copy of one person, as PDF, JSON and CSV in a ZIP": partial(
            make_bundle, request, person, "Uw gegevens.", kinds=kinds, at=at
        ),
    }


def _get(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise AssertionError(f"{url} answers {answer.status_code}")


def _middle(work: Callable[[], object]) -> float:
    work()
    return statistics.median(seconds(work) for _ in range(TIMES))
