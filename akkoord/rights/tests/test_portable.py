"""What may be taken along: only what happens by consent or contract (art. 20 GDPR)."""

import pytest
from django.utils import timezone

from akkoord.law.register_rules import Role
from akkoord.register.models import ProcessingActivity
from akkoord.register.presets import RECORDS
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.rights.portable import portable_classes

pytestmark = pytest.mark.django_db
CLASS = RECORDS  # nothing is recorded by consent or contract by itself


def enter(key: str, **values: object) -> None:
    ProcessingActivity.objects.create(
        key=key,
        version=1,
        name_nl=key,
        name_en=key,
        purpose_nl="Iets.",
        purpose_en="Something.",
        legal_basis="contract",
        purpose_classes=[CLASS],
        subjects=["dpv:Customer"],
        valid_from=timezone.now(),
        **values,
    )


def test_a_draft_and_work_for_a_client_make_nothing_portable() -> None:
    make_organisation()
    make_topic()
    before = portable_classes()
    assert before, "a topic rests on consent"
    enter("draft")
    enter(
        "for-a-client",
        role=Role.PROCESSOR,
        clients=["Bakkerij Voorbeeld, info@bakkerij.example"],
        published_at=timezone.now(),
    )
    assert CLASS not in before
    assert portable_classes() == before
    enter("ours", published_at=timezone.now())
    assert portable_classes() == before | {CLASS}
