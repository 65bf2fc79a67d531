"""Telling the AP and the public: late with grounds, in phases, never of a drill."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from akkoord.accounts.tests.factories import make_staff
from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.ap_form import ap_fields, changed_since
from akkoord.breaches.models import Breach, BreachNotice
from akkoord.breaches.notices import file_notice, keep_public
from akkoord.breaches.tests.factories import NOW, STAFF, decided, fill, make_breach
from akkoord.law.breach_rules import Decision
from akkoord.register.models import Organisation
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


# Each question in the section of the form that asks it: the form's own order, written out.
FORM = [
    (0, "Kind of notice"),
    (0, "Our reference"),
    (1, "Organisation"),
    (1, "Address"),
    (1, "Who tells it"),
    (1, "Function"),
    (1, "E-mail"),
    (1, "Phone"),
    (1, "Data protection officer"),
    (1, "Others involved"),
    (2, "When it began"),
    (2, "When it ended"),
    (2, "When you noticed"),
    (3, "What happened"),
    (3, "Kind of leak"),
    (3, "How it came about"),
    (3, "Where the data stood"),
    (4, "Kinds of data"),
    (4, "Special or sensitive data"),
    (4, "How many records, about"),
    (5, "Kinds of people"),
    (5, "How many people, about"),
    (6, "Were the data made unreadable beforehand?"),
    (6, "How were they protected?"),
    (7, "What it can mean for people"),
    (7, "How bad it is"),
    (8, "Were the people told?"),
    (8, "Why not"),
    (8, "What you did already"),
    (8, "What you will still do"),
    (8, "People in other countries"),
    (8, "Decision"),
    (9, "Anything else"),
]


def test_each_question_stands_in_the_section_of_the_form_that_asks_it(breach: Breach) -> None:
    with translation.override("en"):
        fields = ap_fields(breach, is_follow_up=False)
    assert [(each.section, each.question) for each in fields] == FORM
    assert all(each.answer for each in fields)


def test_an_addition_says_so_and_marks_what_changed(breach: Breach) -> None:
    with translation.override("en"):
        first = tell(breach, number="AP-7")
        Breach.objects.filter(id=breach.id).update(taken="De sloten zijn vervangen.")
        breach.refresh_from_db()
        fields = ap_fields(breach, is_follow_up=True)
        changed = changed_since(fields, first.content)
    said = {each.question: each.answer for each in fields}
    assert said["Kind of notice"] == "Addition to an earlier notice"
    assert said["Number that the AP gave"] == "AP-7"
    assert "What you did already" in changed
    assert "What happened" not in changed


def test_a_notice_without_a_number_to_call_says_what_is_missing(breach: Breach) -> None:
    """The form of the AP demands one; it does not follow from the leak later."""
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/datalekken/{breach.id}/ap/"
    Organisation.objects.update(contact_phone="020 555 01 23")
    assert "Uw telefoonnummer ontbreekt" not in client.get(address).content.decode()
    Organisation.objects.update(contact_phone="")
    page = client.get(address).content.decode()
    assert "Uw telefoonnummer ontbreekt" in page
    with translation.override("en"):
        said = {each.question: each.answer for each in ap_fields(breach, is_follow_up=False)}
    assert said["Phone"] == "Still missing: the AP asks for it."


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
