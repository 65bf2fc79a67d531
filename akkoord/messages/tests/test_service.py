"""Service messages: about a purchase, on the contract, never on consent (INV-3, 4, 26)."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import translation

from akkoord.consent.change import lift_restriction, restrict_person
from akkoord.consent.models import Suppression
from akkoord.consent.rhythm import pause
from akkoord.consent.withdraw import object_to_marketing
from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.form_rules import FormKind
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused, start_dispatch
from akkoord.messages.models import Dispatch, Message, Occasion
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.sections import _timeline
from akkoord.messages.service import check_service_run, forget_occasions, start_service
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import (
    NOW,
    give,
    make_organisation,
    make_source,
    make_topic,
)
from akkoord.people.actions import mark_undeliverable
from akkoord.people.models import Company, Purchase, Relation
from akkoord.people.tests.factories import make_point
from akkoord.permission.service import SERVICE_RULE_VERSION, may_serve
from akkoord.permission.tests.factories import sell
from akkoord.register.form_activities import ensure_carrier
from akkoord.register.models import ProcessingActivity, Purpose
from akkoord.register.service_purposes import service_activities, service_purpose
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
WORDS = "Dag {{ first_name | default: 'klant' }},\n\nUw aankoop {{ purchase_number }} ligt klaar."


def at_noon() -> datetime:
    return NOW


@pytest.fixture
def purpose() -> Purpose:
    make_organisation()
    ensure_carrier(kind=FormKind.CHECKOUT, at=NOW, actor=Actor.system())
    return service_purpose(service_activities().get(key="customers"), at=NOW)


def service_source(**values: Any) -> Any:
    facts = {"subject": "Uw fiets is klaar", "body": WORDS, "is_service": True}
    return make_source(**{**facts, **values})


def every() -> QuerySet[Purchase]:
    return Purchase.objects.all()


def start(purpose: Purpose, **values: Any) -> Dispatch:
    return start_service(
        purpose=purpose,
        source=service_source(**values),
        purchases=every(),
        approved_by=None,
        at=NOW,
    )


def run(dispatch: Dispatch) -> MemoryTransport:
    transport = MemoryTransport()
    run_dispatch(dispatch.id, worker_id=uuid7(), transport=transport, clock=at_noon)
    return transport


def received(transport: MemoryTransport) -> list[str]:
    return [outgoing.recipient for outgoing, _content in transport.handed_over]


def mail_of(transport: MemoryTransport) -> Mail:
    return message_from_bytes(transport.handed_over[0][1])


def text_of(mail: Mail) -> str:
    part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
    return bytes(part.get_payload(decode=True)).decode()


def test_it_goes_to_the_address_of_the_sale_with_the_purchase_as_evidence(
    purpose: Purpose,
) -> None:
    point = make_point()
    sale = sell(point, number="2026-104")
    dispatch = start(purpose)
    transport = run(dispatch)
    assert received(transport) == [point.value]
    message = Message.objects.get(dispatch=dispatch)
    assert (message.state, message.evidence_id, message.evidence_kind) == (
        "sent", sale.id, "purchase",
    )  # fmt: skip
    assert message.rule_version == SERVICE_RULE_VERSION
    assert dispatch.kind == MessageKind.SERVICE
    assert "Uw aankoop 2026-104 ligt klaar." in text_of(mail_of(transport))
    assert Change.objects.filter(
        action="service.start", object_id=dispatch.id, subject_id=point.person_id
    ).exists()


def test_inv26_it_has_a_preference_link_and_no_way_out_of_marketing(purpose: Purpose) -> None:
    sell(make_point(), bought_on=(NOW - timedelta(days=3)).date())
    mail = mail_of(run(start(purpose)))
    text = text_of(mail)
    assert "/v/" in text
    assert "Mijn voorkeuren" in text
    assert "Dit bericht gaat over uw aankoop van 21 november 2026 bij Fietsen Jansen" in text
    assert "Afmelden" not in text
    assert "/u/" not in text
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"):
        assert mail[header] is None


def test_inv04_no_to_marketing_of_any_kind_does_not_stop_it(purpose: Purpose) -> None:
    topic = make_topic()
    no_ways = [make_point() for _ in range(5)]
    for point in no_ways:
        sell(point)
    give(no_ways[0], topic, state="withdrawn")
    give(no_ways[1], topic, state="objected")
    object_to_marketing(
        person_id=no_ways[2].person_id, method=Method.STAFF, actor=Actor.system(), at=NOW
    )
    Suppression.objects.create(
        keyed_hash=no_ways[3].keyed_hash,
        channel="email",
        scope=Suppression.ALL_MARKETING,
        reason="objection",
        since=NOW,
        review_on=NOW.date(),
    )
    pause(point_id=no_ways[4].id, purpose_id=None, until=(NOW + timedelta(days=30)).date(), at=NOW)
    assert len(run(start(purpose)).handed_over) == 5


@pytest.mark.parametrize("when", ["before", "between"])
def test_inv38_a_frozen_record_stops_it_also_after_it_was_queued(
    purpose: Purpose, when: str
) -> None:
    point, other = make_point(), make_point()
    sell(point)
    sell(other)
    if when == "before":
        restrict_person(person_id=point.person_id, actor=Actor.system(), at=NOW)
    dispatch = start(purpose)
    if when == "between":
        restrict_person(person_id=point.person_id, actor=Actor.system(), at=NOW)
    assert received(run(dispatch)) == [other.value]
    assert dispatch_figures(dispatch.id).skipped == {Reason.RESTRICTED: 1}
    lift_restriction(person_id=point.person_id, actor=Actor.system(), at=NOW)


def test_inv35_who_was_forgotten_in_between_gets_nothing(purpose: Purpose) -> None:
    point, other = make_point(), make_point()
    sell(point)
    sell(other)
    dispatch = start(purpose)
    forget(person_id=point.person_id, by=ErasureRun.By.STAFF, actor=Actor.system(), at=NOW)
    assert received(run(dispatch)) == [other.value]
    assert Occasion.objects.filter(person_id=point.person_id).count() == 0


def test_an_address_that_ended_or_does_not_work_and_a_sale_taken_back_stop_it(
    purpose: Purpose,
) -> None:
    ended, dead, back, fine = (make_point() for _ in range(4))
    for point in (ended, dead, back, fine):
        sell(point)
    type(ended).objects.filter(id=ended.id).update(ended_at=NOW)
    mark_undeliverable(point_ids=[dead.id], why="5.1.1", at=NOW)
    Purchase.objects.filter(person_id=back.person_id).update(reversed_on=NOW.date())
    dispatch = start(purpose)
    assert received(run(dispatch)) == [fine.value]
    assert dispatch_figures(dispatch.id).skipped == {
        Reason.NO_ADDRESS: 1, Reason.UNDELIVERABLE: 1, Reason.NO_SALE: 1,
    }  # fmt: skip


def test_a_sale_taken_back_in_between_stops_it_at_hand_over(purpose: Purpose) -> None:
    sell(make_point())
    dispatch = start(purpose)
    Purchase.objects.update(reversed_on=NOW.date())
    assert run(dispatch).handed_over == []
    assert dispatch_figures(dispatch.id).skipped == {Reason.NO_SALE: 1}


def test_inv15_a_company_sale_speaks_for_its_own_address_until_the_contact_leaves(
    purpose: Purpose,
) -> None:
    company = Company.objects.create(name="Voorbeeld BV", created_at=NOW)
    here, gone, elsewhere = make_point(), make_point(), make_point()
    for point in (here, gone, elsewhere):
        sell(None if point is elsewhere else point, person_id=point.person_id, company=company)
        Relation.objects.create(
            person=point.person,
            company=company,
            kind="contact",
            since=NOW.date(),
            until=NOW.date() if point is gone else None,
        )
    dispatch = start(purpose)
    assert received(run(dispatch)) == [here.value]
    assert dispatch_figures(dispatch.id).skipped == {
        Reason.ADDRESS_NOT_FROM_SALE: 1, Reason.CONTACT_LEFT: 1,
    }  # fmt: skip


def test_one_customer_with_two_purchases_gets_one_message_that_names_both(
    purpose: Purpose,
) -> None:
    point = make_point()
    sell(point, number="A-1", bought_on=(NOW - timedelta(days=9)).date())
    newest = sell(point, number="A-2", bought_on=(NOW - timedelta(days=2)).date())
    transport = run(start(purpose))
    assert len(transport.handed_over) == 1
    assert "A-1, A-2" in text_of(mail_of(transport))
    assert Message.objects.get().evidence_id == newest.id


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"body": WORDS + "\n\nDeze week 10% korting."}, "body"),
        ({"subject": "Uw fiets is klaar, met korting"}, "subject"),
        ({"preheader": "En bekijk onze aanbiedingen"}, "body"),
        ({"body": WORDS + "\n\n[Schrijf u in](https://example.nl/f/nieuws)"}, "body"),
    ],
)
def test_inv26_a_text_that_sells_does_not_leave(
    purpose: Purpose, values: dict[str, str], part: str
) -> None:
    sell(make_point())
    with pytest.raises(CompileError) as problem:
        start(purpose, **values)
    assert (problem.value.code, problem.value.part) == ("promotion", part)
    assert not Dispatch.objects.exists()


def test_inv26_what_sells_does_not_leave_when_it_got_in_between(purpose: Purpose) -> None:
    sell(make_point())
    dispatch = start(purpose)
    template = {**dispatch.template, "body": "Nu met korting."}
    Dispatch.objects.filter(id=dispatch.id).update(template=template)
    assert run(dispatch).handed_over == []
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.pause_reason) == ("paused", "promotion")


def test_inv26_the_kind_follows_from_the_template_never_from_the_caller(purpose: Purpose) -> None:
    topic = make_topic()
    point = make_point()
    sell(point)
    give(point, topic, state="objected")
    plain = make_source()
    with pytest.raises(DispatchRefused, match="service-needs-purchase"):
        start_dispatch(
            purpose=topic, source=plain, segment="", approved_by=None, at=NOW,
            kind=MessageKind.SERVICE,
        )  # fmt: skip
    with pytest.raises(DispatchRefused, match="service-needs-purchase"):
        start_dispatch(purpose=topic, source=service_source(), segment="", approved_by=None, at=NOW)
    with pytest.raises(DispatchRefused, match="kind-not-of-template"):
        start_service(purpose=purpose, source=plain, purchases=every(), approved_by=None, at=NOW)


def test_inv26_a_run_that_calls_itself_service_over_a_letter_does_not_go(
    purpose: Purpose,
) -> None:
    topic = make_topic()
    point = make_point()
    sell(point)
    give(point, topic)
    dispatch = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=NOW
    )
    Dispatch.objects.filter(id=dispatch.id).update(kind=MessageKind.SERVICE)
    assert run(dispatch).handed_over == []
    dispatch.refresh_from_db()
    assert dispatch.pause_reason == "kind-not-of-template"


def test_inv03_an_activity_on_consent_carries_no_service_message(purpose: Purpose) -> None:
    sell(make_point())
    ProcessingActivity.objects.filter(key="customers").update(legal_basis="consent")
    assert list(service_activities()) == []
    with pytest.raises(DispatchRefused, match="no-recipients"):
        start(purpose)


def test_a_field_outside_the_activity_does_not_compile(purpose: Purpose) -> None:
    sell(make_point())
    with pytest.raises(CompileError, match="unknown-field"):
        start(purpose, body="Dag {{ shoe_size }}")
    with pytest.raises(CompileError, match="field-not-here"):
        start(purpose, body="[Weg]({{ unsubscribe_url }})")


def test_the_check_counts_with_reasons_and_changes_nothing(purpose: Purpose) -> None:
    fine, frozen = make_point(), make_point()
    for point in (fine, frozen):
        sell(point)
    restrict_person(person_id=frozen.person_id, actor=Actor.system(), at=NOW)
    found = check_service_run(purpose=purpose, source=service_source(), purchases=every(), at=NOW)
    assert (found.selected, found.may_be_mailed) == (2, 1)
    assert found.reasons == {Reason.RESTRICTED: 1}
    assert found.blocking == []
    assert not Dispatch.objects.exists()
    nobody = check_service_run(
        purpose=purpose, source=service_source(), purchases=every().none(), at=NOW
    )
    assert [each.code for each in nobody.blocking] == ["no-recipients"]


def test_the_rules_joined_say_what_they_say_one_by_one(purpose: Purpose) -> None:
    fine, dead = make_point(), make_point()
    for point in (fine, dead):
        sell(point)
    mark_undeliverable(point_ids=[dead.id], why="5.1.1", at=NOW)
    assert may_serve([fine.id, dead.id], purpose, every(), at=NOW) == {
        fine.id: True, dead.id: False,
    }  # fmt: skip


def test_it_stands_in_the_timeline_with_its_evidence(purpose: Purpose) -> None:
    point = make_point()
    sell(point, bought_on=datetime(2026, 5, 3).date())  # noqa: DTZ001 - a day
    run(start(purpose))
    with translation.override("en"):
        entry = _timeline([point.person_id], 10)[0]
    assert entry.title == "Message about a purchase sent: Uw fiets is klaar"
    assert entry.detail == "Because of the purchase of 3 May 2026."


def test_the_list_of_purchases_goes_after_the_run(purpose: Purpose) -> None:
    sell(make_point())
    dispatch = start(purpose)
    run(dispatch)
    assert forget_occasions(at=NOW) == 0
    assert forget_occasions(at=NOW + timedelta(days=2)) == 1
    assert Message.objects.get(dispatch=dispatch).evidence_id is not None


def test_a_thousand_customers_are_asked_in_a_few_statements(
    purpose: Purpose, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        sell(make_point())
    with django_assert_max_num_queries(25):
        dispatch = start(purpose)
    assert Message.objects.filter(dispatch=dispatch, state="due").count() == 30
