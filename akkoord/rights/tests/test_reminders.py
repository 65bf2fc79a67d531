"""Reminders once per step, what is too late on top, and the end of a freeze."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from akkoord.accounts.models import Staff
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.delivery.models import OutboxMail
from akkoord.law.states import PermissionState
from akkoord.people.models import Person
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.extending import extend_request
from akkoord.rights.handling import assess_objection, lift, tell_of_lifting
from akkoord.rights.models import RightsRequest
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.reminders import remind
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db
WHY = "Wij wogen dit af: er loopt nog een geschil over de laatste levering."


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """One moment for all pages."""
    with time_machine.travel(NOW, tick=False):
        yield


def ask(*kinds: str, person: Person | None = None) -> RightsRequest:
    facts = RequestFacts(
        kinds=kinds,
        channel="letter",
        received_at=NOW,
        person_id=person.id if person else None,
        reply_to="" if person else "vera@example.nl",
    )
    return open_request(facts=facts, at=NOW, actor=STAFF)


def staff(role: str, **more: object) -> Staff:
    return Staff.objects.create_user(
        f"{role}@winkel.example.nl", "x" * 20, name=role, role=role, **more
    )


def test_inv33_who_answers_is_reminded_once_per_step() -> None:
    """Fourteen, seven, two days, and too late; not the marketer, who may not answer."""
    make_organisation()
    staff("owner")
    staff("marketer")
    Staff.objects.filter(role="marketer").update(language="nl")
    request = ask("access")
    assert request.due_on == date(2026, 12, 24)
    due = NOW + timedelta(days=30)
    assert remind(at=due - timedelta(days=15)) == 0
    for days in (14, 13, 7, 7, 2, 1, -1, -5):
        remind(at=due - timedelta(days=days))
    codes = [each.code for each in request.steps.filter(code__startswith="reminded").order_by("at")]
    assert codes == ["reminded-14", "reminded-7", "reminded-2", "reminded-late"]
    mails = OutboxMail.objects.filter(kind="staff")
    assert mails.count() == 4
    assert set(mails.values_list("recipient", flat=True)) == {"owner@winkel.example.nl"}
    assert not any("vera@" in each.text + each.subject for each in mails)
    assert "Te laat" in mails.latest("created_at").subject


def test_a_request_that_waits_for_its_mailbox_reminds_nobody() -> None:
    make_organisation()
    staff("owner")
    request = ask("access")
    RightsRequest.objects.filter(id=request.id).update(state="waiting-identity")
    assert remind(at=NOW + timedelta(days=40)) == 0


def test_inv33_what_is_too_late_stands_on_top_of_the_start_page() -> None:
    make_organisation()
    client = Client(headers={"accept-language": "nl"})
    client.force_login(
        staff("owner"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    request = ask("access")
    assert "Een verzoek is te laat" not in client.get("/").content.decode()
    RightsRequest.objects.filter(id=request.id).update(
        due_on=date(2026, 11, 20), received_at=NOW - timedelta(days=35)
    )
    page = client.get("/").content.decode()
    assert page.index("Een verzoek is te laat") < page.index("Mensen vragen iets")


def test_inv33_more_time_is_told_by_mail_with_its_reason() -> None:
    """In the same transaction as the extension; named: the AP."""
    make_organisation()
    request = ask("access")
    extend_request(request_id=request.id, reason="Het zijn er dertig.", at=NOW, actor=STAFF)
    mail = OutboxMail.objects.get(kind="rights-reply")
    assert "Het zijn er dertig." in mail.text
    assert "24 februari 2027" in mail.text
    assert "Autoriteit Persoonsgegevens" in mail.text
    assert request.steps.filter(code="extension-told").exists()


def test_inv33_the_longer_term_has_reminders_of_its_own() -> None:
    make_organisation()
    staff("owner")
    request = ask("access")
    assert remind(at=NOW + timedelta(days=20)) == 1
    extend_request(
        request_id=request.id, reason="Dertig.", at=NOW + timedelta(days=21), actor=STAFF
    )
    assert remind(at=NOW + timedelta(days=80)) == 1
    codes = [each.code for each in request.steps.filter(code__startswith="reminded").order_by("at")]
    assert codes == ["reminded-14", "reminded-14-again"]


def test_inv38_a_freeze_ends_only_after_the_person_was_told() -> None:
    """Art. 18(3)."""
    make_organisation()
    point = make_point()
    request = ask("restriction", person=point.person)
    with pytest.raises(RequestRefused):
        lift(request_id=request.id, at=NOW, actor=STAFF)
    with pytest.raises(RequestRefused):
        tell_of_lifting(request_id=request.id, reason=" ", by_mail=True, at=NOW, actor=STAFF)
    tell_of_lifting(
        request_id=request.id,
        reason="De gegevens zijn nagekeken.",
        by_mail=True,
        at=NOW,
        actor=STAFF,
    )
    assert Person.objects.get().restricted_at is not None
    assert "De gegevens zijn nagekeken." in OutboxMail.objects.get(kind="rights-reply").text
    lift(request_id=request.id, at=NOW, actor=STAFF)
    assert Person.objects.get().restricted_at is None
    with pytest.raises(RequestRefused):
        lift(request_id=request.id, at=NOW, actor=STAFF)


@pytest.mark.parametrize("granted", [True, False])
def test_an_objection_to_a_use_is_judged_while_nothing_is_done(*, granted: bool) -> None:
    """Art. 21(1), 18(1)(d); a no names the pressing reason."""
    make_organisation()
    point = make_point()
    request = ask("objection-use", person=point.person)
    assert Person.objects.get().restricted_at is not None
    assert request.state == "open"
    with pytest.raises(RequestRefused):
        assess_objection(
            request_id=request.id, is_granted=granted, reasons="Nee.", at=NOW, actor=STAFF
        )
    done = assess_objection(
        request_id=request.id, is_granted=granted, reasons=WHY, at=NOW, actor=STAFF
    )
    part = done.parts.get()
    assert (done.state, part.ground) == (
        ("done", "") if granted else ("refused", "compelling-grounds")
    )
    assert part.explanation == WHY
    assert Person.objects.get().restricted_at is not None  # until the person was told


def test_an_objection_to_marketing_is_never_judged() -> None:
    """Art. 21(3): nothing is weighed, and no ground refuses it."""
    make_organisation()
    point = make_point()
    request = ask("objection", person=point.person)
    assert request.state == "done"
    with pytest.raises(RequestRefused):
        assess_objection(request_id=request.id, is_granted=False, reasons=WHY, at=NOW, actor=STAFF)


def test_inv38_who_is_frozen_counts_nowhere_on_the_start_page() -> None:
    from akkoord.consent.tests.factories import make_form, make_topic, sign_up
    from akkoord.insight.queries import _standing_counts

    make_organisation()
    topic = make_topic()
    signed = sign_up(make_form(topic), "vera@example.nl")
    assert sum(_standing_counts()[topic.id].values()) == 1
    assert PermissionState.REQUESTED in _standing_counts()[topic.id]
    Person.objects.filter(id=signed.person.id).update(restricted_at=NOW)
    assert topic.id not in _standing_counts()


def test_the_page_of_a_request_offers_the_end_of_a_freeze() -> None:
    make_organisation()
    client = Client(headers={"accept-language": "nl"})
    client.force_login(
        staff("owner"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    point = make_point()
    request = ask("restriction", person=point.person)
    where = reverse("rights:lift", args=[request.id])
    assert client.post(where, {"do": "lift"}).status_code == 422
    client.post(where, {"reason": "Nagekeken.", "by_mail": "no"})
    page = client.get(reverse("rights:request", args=[request.id])).content.decode()
    assert "De gegevens weer gebruiken" in page
    client.post(where, {"do": "lift"})
    assert Person.objects.get().restricted_at is None
