"""Two records in one series that turn out to be one person: no letter of it twice."""

from datetime import timedelta
from typing import Any

import pytest

from akkoord.campaigns.models import SeriesRun
from akkoord.campaigns.tests.test_series import DAY, ME, START, come, mails, make_series, round_at
from akkoord.people.joining import Choices, Joining, join_people, part_people
from akkoord.permission.tests.factories import make_organisation, make_topic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic() -> Any:
    make_organisation()
    return make_topic()


def join(old: Any, new: Any, at: Any) -> Joining:
    return join_people(
        old_id=old.person_id, new_id=new.person_id, choices=Choices(), at=at, actor=ME
    )


def test_one_place_at_the_further_letter_and_each_their_own_after_parting(topic: Any) -> None:
    make_series(topic)
    first = come(topic, "anna@example.nl", at=START + timedelta(hours=1))
    round_at(START + timedelta(hours=2))
    second = come(topic, "ann@example.nl", at=START + timedelta(hours=25))
    round_at(START + timedelta(hours=26))
    assert len(mails()) == 2  # both had the first
    at = START + 2 * DAY
    done = join(first, second, at)
    waiting = SeriesRun.objects.get(state="waiting")
    assert waiting.person_id == second.person_id
    assert SeriesRun.objects.get(state="left").reason == "duplicate-in-campaign"
    for day in range(3, 12):
        round_at(START + day * DAY + timedelta(hours=2))
    assert len(mails()) == 3  # the second letter, once
    part_people(joining_id=done.id, at=START + 13 * DAY, actor=ME)
    back = SeriesRun.objects.get(person_id=first.person_id)
    assert back.state == "waiting"


def test_who_went_through_by_the_other_record_gets_nothing_again(topic: Any) -> None:
    make_series(topic)
    first = come(topic, "anna@example.nl", at=START + timedelta(hours=1))
    for day in range(6):
        round_at(START + day * DAY + timedelta(hours=2))
    assert len(mails()) == 2
    second = come(topic, "ann@example.nl", at=START + 6 * DAY)
    join(first, second, START + 6 * DAY + timedelta(minutes=1))
    for day in range(6, 12):
        round_at(START + day * DAY + timedelta(hours=2))
    assert len(mails()) == 2
