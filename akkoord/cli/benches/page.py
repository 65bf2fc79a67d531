"""`akkoord bench page`: staff pages with many people, against the same pages with ten thousand."""

import statistics
from datetime import datetime

from django.conf import settings
from django.test import Client
from django.urls import reverse

from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.results import Result, seconds, within
from akkoord.people.models import Person
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
        "proof": reverse("trail:index"),
        "start": reverse("insight:start"),
    }
    return {name: _middle(client, url) for name, url in pages.items()}


def _middle(client: Client, url: str) -> float:
    def get() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise AssertionError(f"{url} answers {answer.status_code}")

    get()
    return statistics.median(seconds(get) for _ in range(TIMES))
