"""Telling the AP and the public: late with grounds, in phases, never of a drill."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.ap_form import ap_fields
from akkoord.breaches.models import Breach, BreachNotice
from akkoord.breaches.notices import file_notice, keep_public
from akkoord.breaches.tests.factories import NOW, STAFF, decided, fill, make_breach
from akkoord.law.breach_rules import Decision
from akkoord.register.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def breach() -> Breach:
    make_organisation()
    return decided(fill(make_breach()))


def tell(breach: Breach, **more: Any) -> BreachNotice:
    values = {"told_at": NOW + HOUR, "number": "", "delay_reason": "", "at": NOW + 100 * HOUR}
    return file_notice(breach_id=breach.id, actor=STAFF, **(values | more))


def test_inv41_a_late_notice_says_why(breach: Breach) -> None:
    late = NOW + 73 * HOUR
    with pytest.raises(BreachRefused) as caught, transaction.atomic():
        tell(breach, told_at=late)
    assert caught.value.field == "delay_reason"
    with pytest.raises(IntegrityError), transaction.atomic():
        BreachNotice.objects.create(breach=breach, kind="first", at=late, due_at=breach.due_at)
    tell(breach, told_at=late, delay_reason="Wij hoorden het pas laat van de leverancier.")
    # What follows in phases has no clock of its own (art. 33(4)).
    more = tell(breach, told_at=NOW + 90 * HOUR)
    assert (more.kind, more.delay_reason) == ("follow-up", "")


def test_the_first_notice_may_go_at_the_very_end_of_the_72_hours(breach: Breach) -> None:
    assert tell(breach, told_at=NOW + 72 * HOUR).kind == "first"


@pytest.mark.parametrize("moment", [-HOUR, 101 * HOUR], ids=["before", "to-come"])
def test_a_moment_that_cannot_be_is_refused(breach: Breach, moment: timedelta) -> None:
    with pytest.raises(BreachRefused) as caught:
        tell(breach, told_at=NOW + moment)
    assert caught.value.field == "told_at"


def test_what_was_told_stays_word_for_word(breach: Breach) -> None:
    notice = tell(breach, number="AP-1")
    before = list(notice.content)
    Breach.objects.filter(id=breach.id).update(what="Het was iets anders.")
    notice.refresh_from_db()
    assert notice.content == before
    told = {question: answer for question, answer, _section in before}
    assert breach.what in told.values()


def test_the_fields_stand_in_the_order_of_the_form(breach: Breach) -> None:
    sections = [each.section for each in ap_fields(breach, is_follow_up=False)]
    assert sections == sorted(sections)
    assert set(sections) == set(range(10))
    assert all(each.answer for each in ap_fields(breach, is_follow_up=False))


def test_of_a_drill_nobody_is_told() -> None:
    make_organisation()
    drill = decided(fill(make_breach(is_drill=True)))
    with pytest.raises(BreachRefused):
        tell(drill)
    with pytest.raises(BreachRefused):
        keep_public(breach_id=drill.id, text="Iets.", is_open=True, at=NOW + HOUR, actor=STAFF)
    assert not BreachNotice.objects.exists()


def test_who_decided_otherwise_decides_anew_first() -> None:
    make_organisation()
    only = fill(make_breach(), context=1)
    decided(only, Decision.RECORD)
    with pytest.raises(BreachRefused):
        tell(only)


def test_the_public_notice_stands_on_line_and_goes_again(client: Client) -> None:
    make_organisation()
    at = timezone.now()
    breach = decided(
        fill(make_breach(at=at - HOUR), at=at - HOUR, context=4), Decision.PERSONS, at=at - HOUR
    )
    address = f"/datalek/{breach.reference.lower()}/"
    assert client.get(address).status_code == 404
    text = "Er is iets misgegaan.\n\n<script>alert(1)</script>"
    keep_public(breach_id=breach.id, text=text, is_open=True, at=at, actor=STAFF)
    page = client.get(address)
    assert page.status_code == 200
    assert b"Er is iets misgegaan." in page.content
    assert b"<script>alert" not in page.content
    keep_public(breach_id=breach.id, text=text, is_open=False, at=at, actor=STAFF)
    assert client.get(address).status_code == 404
    assert breach.notices.filter(kind="public").count() == 1
