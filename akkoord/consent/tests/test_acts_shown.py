"""One line per act, the series folded: a person's receipts, and what happened on their page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from akkoord.consent.models import PermissionEvent
from akkoord.consent.person_timeline import timeline
from akkoord.consent.public_receipts import proof_by_topic
from akkoord.consent.tests import factories as make
from akkoord.consent.tests.test_preferences import (  # noqa: F401 - fixtures
    Purpose,
    fresh,
    person,
    point,
    purpose_id,
)
from akkoord.consent.withdraw import withdraw
from akkoord.law.states import Method

pytestmark = pytest.mark.django_db


def test_a_topic_that_was_off_and_on_again_stands_once(person, point) -> None:  # noqa: F811
    withdraw(
        point_id=point.id,
        purpose_id=Purpose.objects.get(slug="newsletter").id,
        method=Method.PREFERENCE_CENTRE,
        actor=make.BY_PERSON,
        at=timezone.now() - timedelta(minutes=5),
    )
    page = person.get(fresh(point)).content.decode()
    shown = page.split('name="shown" value="')[1].split('"')[0]
    version = str(Purpose.objects.get(slug="newsletter").versions.get().id)
    person.post(
        fresh(point), {"do": "topics", "topic": [version], "on_screen": [version], "shown": shown}
    )
    rows = proof_by_topic(point)
    assert [(each.event.purpose_version.purpose.slug, each.is_current) for each in rows] == [
        ("newsletter", True),
        ("offers", False),
    ]
    assert len(rows[0].earlier) == 1
    text = person.get(fresh(point) + "bewijs/").content.decode()
    assert text.count("<dt>Nieuws newsletter</dt>") == 1
    assert "Eerder (1)" in text


def test_a_request_and_its_confirmation_are_one_line_with_two_steps(point) -> None:  # noqa: F811
    events = PermissionEvent.objects.filter(person_ref=point.person_id)
    assert events.count() == 5  # two asked, two confirmed, one stopped
    lines = timeline([point.person_id], 50)
    assert len(lines) == 3
    confirmed = [each for each in lines if each.series]
    assert len(confirmed) == 2
    for each in confirmed:
        assert each.kind == "good"
        assert [step.at for step in each.series] == sorted(step.at for step in each.series)
        assert len(each.series) == 2
