"""What somebody hears who asks to be forgotten while a claim holds them (art. 12(4), 17(3)(e))."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from akkoord.people.models import Person
from akkoord.retention.models import LegalHold
from akkoord.rights import tokens
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.letters import draft_letter
from akkoord.rights.models import RightsRequest
from akkoord.rights.parts import refuse_parts
from akkoord.rights.tests.factories import NOW, STAFF, plant_person

pytestmark = pytest.mark.django_db
COURT = "autoriteitpersoonsgegevens.nl"


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def held(until: date | None) -> Person:
    person = plant_person()
    LegalHold.objects.create(person=person, reason="Zaak 7 tegen X", put_at=NOW, until=until)
    return person


@pytest.mark.parametrize(
    ("until", "word"),
    [(date(2027, 3, 1), "tot 1 mrt 2027"), (None, "tot de zaak is afgerond")],
)
def test_the_page_says_the_ground_until_when_and_where_to_complain(
    until: date | None, word: str
) -> None:
    """Not whose claim it is: that is for staff. Nothing goes, and nothing is used."""
    person = held(until)
    point = person.points.get(channel="email")
    browser = Client(headers={"accept-language": "nl"})
    link = tokens.mailed_link(point_id=point.id, kind=tokens.ERASURE, at=NOW)
    path = "/" + link.split("/", 3)[3]
    page = browser.post(path).content.decode()
    for each in (word, "17(3)(e)", COURT, "naar de rechter"):
        assert each in page
    assert "Zaak 7" not in page
    person.refresh_from_db()
    assert person.restricted_at == NOW
    assert person.points.exists()


@pytest.mark.parametrize("is_refused", [True, False])
def test_the_letter_says_the_ground_until_when_and_where_to_complain(is_refused: bool) -> None:
    """Refused, or still open: in neither case does it say that the data are erased."""
    person = held(date(2027, 3, 1))
    facts = RequestFacts(
        kinds=("erasure",),
        channel=RightsRequest.Channel.LETTER,
        received_at=NOW,
        person_id=person.id,
        language="nl",
    )
    asked = open_request(facts=facts, at=NOW, actor=STAFF)
    if is_refused:
        refuse_parts(
            request_id=asked.id,
            kinds=None,
            ground="legal-claim",
            explanation="Er loopt een zaak.",
            at=NOW,
            actor=STAFF,
        )
    text = draft_letter(asked, person, on=NOW.date())
    for each in ("art. 17(3)(e)", "tot 1 maart 2027", COURT, "verzoekschrift"):
        assert each in text
    assert "Zaak 7" not in text
    assert "wij wissen uw gegevens, en" not in text
