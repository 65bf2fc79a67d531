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


def test_a_table_without_a_term_is_wrong_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a warning: what it keeps stays for ever (art. 5(1)(e))."""
    make_organisation()
    make_topic()
    monkeypatch.setattr("akkoord.retention.store_terms.stores_without_term", lambda: ["shop_order"])
    found = check_terms()
    assert found.state is State.WRONG
    assert "shop_order" in found.says
