"""The start page's figures: exact while counting is quick, seldom counted when it is slow."""

import pytest

from akkoord.consent.models import Standing
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.insight import queries, seldom
from akkoord.messages.tests.factories import make_many
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def test_who_leaves_is_gone_from_the_figures_at_once(topic: Purpose) -> None:
    somebody = make_many(3, topic)[0]
    assert [each.yes for each in queries.topic_figures()] == [3]
    Standing.objects.filter(contact_point=somebody).delete()
    assert [each.yes for each in queries.topic_figures()] == [2]


def test_slow_counting_is_done_seldom(topic: Purpose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seldom, "QUICK", -1.0)
    somebody = make_many(3, topic)[0]
    assert [each.yes for each in queries.topic_figures()] == [3]
    Standing.objects.filter(contact_point=somebody).delete()
    assert [each.yes for each in queries.topic_figures()] == [3]
