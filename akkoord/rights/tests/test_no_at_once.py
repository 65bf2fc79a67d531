"""A no to marketing is taken whatever else is written beside it (art. 21(3), INV-34)."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from akkoord.consent.models import Standing
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.rights.inbox import Asked, take_in, take_request
from akkoord.rights.models import RightsRequest
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.tests.factories import NOW

pytestmark = pytest.mark.django_db
WORDS = "Stop! Mijn BSN is 111222333."


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_organisation()
        yield


@pytest.mark.parametrize("kinds", [("objection",), ("withdrawal",), ("objection", "access")])
def test_inv34_a_no_with_a_number_of_identity_papers_in_its_words_is_taken(
    kinds: tuple[str, ...],
) -> None:
    """The number is not kept, and the page says so; the no does not wait for another try."""
    point = make_point("vera@example.nl")
    visitor = Client(headers={"accept-language": "nl"})
    sent = {"kinds": kinds, "email": point.value}
    page = visitor.post("/privacyverzoek/", sent | {"words": WORDS})
    assert page.status_code == 200
    assert "weggelaten" in page.content.decode()
    request = RightsRequest.objects.get()
    assert (request.words, tuple(request.kinds)) == ("", kinds)
    take_in(request_id=request.id, at=NOW)
    assert not Standing.objects.filter(state__in=["given", "confirmed"]).exists()
    plain = visitor.post("/privacyverzoek/", sent | {"words": "Stop ermee."})
    assert "weggelaten" not in plain.content.decode()


def test_without_a_no_the_number_is_refused() -> None:
    """Then there is time to take it out; nothing is kept."""
    with pytest.raises(RequestRefused):
        take_request(Asked(("access",), "vera@example.nl", words=WORDS), at=NOW)
    assert not RightsRequest.objects.exists()
