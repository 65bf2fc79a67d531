"""After the upgrade of an installation: nothing is proven too early, nobody stays unheard."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.rights.actions import RequestFacts, finish_by_hand, open_request
from akkoord.rights.extending import extend_request
from akkoord.rights.forget import forget
from akkoord.rights.log import note
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.parts import letter_gone, refuse_parts
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db
UPGRADE = import_module("akkoord.rights.migrations.0016_heard_before")


def upgrade() -> None:
    with connection.cursor() as cursor:
        for statement in (UPGRADE.REWRITE, UPGRADE.EXTENDED, UPGRADE.OWED):
            cursor.execute(statement)


def ask(address: str, *kinds: str, at: datetime) -> RightsRequest:
    facts = RequestFacts(
        kinds=kinds, channel="letter", received_at=at, person_id=make_point(address).person_id
    )
    return open_request(facts=facts, at=at, actor=STAFF)


def test_inv35_an_erasure_that_no_night_ended_is_rewritten_after_all() -> None:
    """Before, every clean run of a night was called the administrator's."""
    make_organisation()
    runs = [
        forget(
            person_id=make_point(f"{name}@example.nl").person_id,
            by=ErasureRun.By.STAFF,
            actor=STAFF,
            at=NOW,
        ).run
        for name in ("anna", "bram")
    ]
    ErasureRun.objects.update(physical_by="administrator")
    ErasureRun.objects.filter(id=runs[1].id).update(physical_at=NOW)
    upgrade()
    by = dict(ErasureRun.objects.values_list("id", "physical_by"))
    assert by == {runs[0].id: "us", runs[1].id: "administrator"}


def test_inv33_an_extension_of_before_counts_and_a_no_that_nobody_heard_waits() -> None:
    make_organisation()
    now = timezone.now()
    extended = ask("anna@example.nl", "rectification", at=now)
    extend_request(request_id=extended.id, reason="Dertig tegelijk.", at=now, actor=STAFF)
    refused, heard, old = (
        ask(f"{name}@example.nl", "access", at=now) for name in ("bram", "cato", "daan")
    )
    by_hand = ask("evi@example.nl", "rectification", at=now)
    at_once = ask("fem@example.nl", "objection", at=now)
    for each in (refused, heard, old):
        refuse_parts(
            request_id=each.id,
            kinds=None,
            ground="excessive",
            explanation="Dit is de tiende keer.",
            at=now,
            actor=STAFF,
        )
    finish_by_hand(request_id=by_hand.id, kinds=["rectification"], at=now, actor=STAFF)
    note(heard, "delivered", at=now, actor=STAFF)
    letter_gone(heard.id)
    RightsRequest.objects.update(owes_letter=False, extension_told_on=None)
    RightsRequest.objects.filter(id=old.id).update(closed_at=now - timedelta(days=200))
    upgrade()
    owing = set(RightsRequest.objects.filter(owes_letter=True).values_list("id", flat=True))
    assert owing == {refused.id, by_hand.id}
    assert at_once.id not in owing
    extended.refresh_from_db()
    assert extended.extension_told_on == timezone.localtime(now).date()
