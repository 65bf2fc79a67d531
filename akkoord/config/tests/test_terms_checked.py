"""`akkoord doctor` says what is kept without a term."""

import pytest
from django.utils import timezone

from akkoord.config.health import State, check_terms
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.register.models import RetentionRule

pytestmark = pytest.mark.django_db


def test_an_activity_without_a_rule_is_wrong() -> None:
    make_organisation()
    topic = make_topic()
    assert check_terms().state is State.GOOD
    RetentionRule.objects.filter(activity_key=topic.activity_key).update(valid_to=timezone.now())
    found = check_terms()
    assert found.state is State.WRONG
    assert topic.activity_key in found.says
