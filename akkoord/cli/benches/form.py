"""`akkoord bench form`: a post at a form and its confirmation, against a plain Django view.

Server time in this process, through all middleware on our side and without any on the other: a view
that reads one row and writes one. A post writes a person, an address, a request in the ledger with
its standing, the sign-up and the mail that asks; a confirmation the yes, its standing and the mail
with the receipt.
"""

import statistics
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path
from django.utils import timezone

from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.results import MANY, Result, seconds, within
from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
from akkoord.consent.models import CollectionPoint, Form, LinkRequest, PermissionEvent, SignUp
from akkoord.consent.tokens import confirmation_link

POSTS = 40  # a round; under what the form takes for an attack
FAR_BACK = timedelta(hours=2)


def bench(people: int, *, at: datetime) -> list[Result]:
    """The middle of five rounds each, side by side, with this many people there."""
    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    ground = lay_ground(at=at)
    fill(ground, first=1, last=people, at=at)
    shown = _published(ground, at=at)
    analyse()
    times: dict[str, list[float]] = {"post": [], "confirm": [], "plain": []}
    for number in range(MANY + 1):
        done = _round(shown, number)
        if number:  # the first one warms up
            for name, found in done.items():
                times[name] += found
    middle = {name: statistics.median(found) for name, found in times.items()}
    both = middle["post"] + middle["confirm"]
    return [
        within(
            f"form: a post and its confirmation at {people:,} people, against two plain views",
            both,
            2 * middle["plain"],
            good=15,
            aim=10,
        ),
        within(
            "form: the slowest of a hundred posts, against the middle one",
            statistics.quantiles(times["post"], n=100)[-1],
            middle["post"],
            good=8,
            aim=5,
        ),
    ]


def _published(ground: Ground, *, at: datetime) -> CollectionPoint:
    facts = FormFacts(name="Meting", topic_ids=(ground.topic.id,), slug="meting")
    form = create_form(facts=facts, at=at, actor=ground.actor)
    return publish_form(form_id=form.id, at=at, actor=ground.actor)[0]


def _round(shown: CollectionPoint, number: int) -> dict[str, list[float]]:
    """Forty of each, in turns, so that what else the machine does hits all alike."""
    found: dict[str, list[float]] = {"post": [], "confirm": [], "plain": []}
    client, plain_post = Client(), _plain_post()
    for each in range(POSTS):
        address = f"nieuw{number}-{each}@example.nl"
        found["post"].append(seconds(_posting(client, shown, address, number, each)))
        sign_up = SignUp.objects.get(contact_point__normalised=address)
        link = "/" + confirmation_link(sign_up.id).split("/", 3)[3]
        found["confirm"].append(seconds(_expecting(client, link, 200)))
        found["plain"].append(seconds(plain_post))
    if PermissionEvent.objects.filter(person_ref=sign_up.person_id, state="confirmed").count() != 1:
        raise AssertionError("the last confirmation brought no yes")
    # So that the next round is no flood to the form.
    SignUp.objects.update(requested_at=timezone.now() - FAR_BACK)
    return found


def _posting(
    client: Client, shown: CollectionPoint, address: str, number: int, each: int
) -> Callable[[], None]:
    posted = {
        "shown": str(shown.id),
        "topics": [str(version) for version in shown.purpose_version_ids],
        "email": address,
        "first_name": "Anna",
    }
    network = f"198.{18 + number % 2}.{number * POSTS + each}.7"
    return _expecting(client, "/f/meting/", 302, posted, network)


def _expecting(
    client: Client,
    url: str,
    status: int,
    posted: Mapping[str, object] | None = None,
    network: str = "198.18.0.7",
) -> Callable[[], None]:
    def post() -> None:
        answer = client.post(url, posted or {}, REMOTE_ADDR=network)
        if answer.status_code != status:
            raise AssertionError(f"{url} answers {answer.status_code}")

    return post


def _plain_post() -> Callable[[], None]:
    """The other side: an empty stack of middleware, one ORM read, one ORM insert."""
    client = Client()
    with override_settings(MIDDLEWARE=[f"{__name__}.plain_urls"]):
        client.handler.load_middleware()
    return _expecting(client, "/plain/meting/", 200, {"email": "anna@example.nl"})


def plain_urls(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send a request to the one address of this module; nothing else happens to it."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return answer


def plain(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - a view's shape
    """What a tutorial writes: look the form up, store what came."""
    Form.objects.get(slug=slug)
    LinkRequest.objects.create(network="198.18.0.0", asked_at=timezone.now())
    return HttpResponse("ok")


urlpatterns = [path("plain/<slug:slug>/", plain)]
