"""Requests made up from the API's own description: whatever comes, the answer is as described."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from akkoord.accounts.keys import make_key
from akkoord.consent.tests import factories as make

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
SIGNALS = (request_started, request_finished)


@pytest.fixture
def described(db) -> Iterator[object]:
    """The description, with the app behind it; the test's own connection stays open."""
    from akkoord.config.wsgi import application

    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in SIGNALS:
        signal.connect(close_old_connections)


@pytest.fixture
def key(described) -> str:
    make.make_organisation()
    make.make_topic()
    return make_key(name="Test", role="owner", at=make.NOW, actor=make.STAFF).secret


@pytest.mark.slow
def test_every_answer_is_as_described(described, key) -> None:
    operations = [each.ok() for each in described.get_all_operations()]
    assert len(operations) == 7
    for operation in operations:

        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
        )
        @given(case=operation.as_strategy())
        def answers(case) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(answer, checks=CHECKS)

        answers()
