"""A business address that a company published for such mail: with proof, and for that (INV-18)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.published import (
    Publication,
    end_publication,
    living_publications,
    record_publication,
)
from akkoord.consent.published_shown import published_shown
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests.factories import PDF, version_of
from akkoord.consent.withdraw import object_to_marketing, withdraw
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.actions import PersonRefused
from akkoord.people.models import Company, ContactPoint, Relation
from akkoord.permission import queries
from akkoord.permission.tests.factories import (
    NOW,
    TODAY,
    give,
    make_organisation,
    make_point,
    make_topic,
)
from akkoord.register.actions import RegisterRefused
from akkoord.register.models import ProcessingActivity, Purpose, RegisterVersion
from akkoord.register.published import allow_published
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db

STAFF = Actor.staff(uuid7())
BECAUSE = "Deze inkopers vragen zelf om zulke aanbiedingen en krijgen er hooguit vier per jaar."


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    purpose = make_topic()
    allow_published(purpose_id=purpose.id, allows=True, because=BECAUSE, at=NOW, actor=STAFF)
    return purpose


def seen(topic: Purpose, **values: Any) -> Publication:
    facts: dict[str, Any] = {
        "version": version_of(topic),
        "url": "https://bouw.example.nl/inkoop",
        "quote": "Aanbiedingen voor kantoor? Mail ons hier.",
        "seen_on": TODAY,
        "company": "Bouw van Dam BV",
        "legal_form": "b.v.",
        **values,
    }
    return Publication(**facts)


def record(point: ContactPoint, topic: Purpose, **values: Any) -> PermissionEvent:
    return record_publication(point_id=point.id, seen=seen(topic, **values), at=NOW, actor=STAFF)


def reason_of(point: ContactPoint, topic: Purpose, at: datetime = NOW) -> Reason | None:
    """The answer of all three ways of asking, which must be one."""
    point = ContactPoint.objects.select_related("person").get(id=point.id)
    answer = queries.ask([point.id], topic, point.channel, at=at)[point.id]
    first = queries.first_refusal(queries.explain(point.person, topic, point.channel, at=at))
    found = queries.audience(topic, point.channel, at=at).filter(id=point.id).exists()
    assert answer.allowed == found == (first is None)
    assert answer.reason == (first.reason if first else None)
    return answer.reason


def test_inv18_mail_goes_to_an_address_that_was_published_for_it_with_its_proof(
    topic: Purpose,
) -> None:
    point = make_point("inkoop@bouw.example.nl")
    assert reason_of(point, topic) is Reason.NO_BASIS
    event = record(point, topic, scan=PDF)
    assert reason_of(point, topic) is None
    assert queries.audience(topic, "email", at=NOW).get().evidence_id == event.id
    assert event.evidence is not None
    assert event.evidence["published_at"] == "https://bouw.example.nl/inkoop"
    assert event.evidence["quote"].startswith("Aanbiedingen")
    assert (event.evidence["seen_on"], event.actor_ref) == (TODAY.isoformat(), STAFF.id)
    assert event.evidence["file"]
    relation = Relation.objects.get(person_id=point.person_id)
    assert relation.kind == Relation.Kind.CONTACT
    assert str(relation.company_id) == event.evidence["company"]


def test_inv18_it_counts_for_the_topic_it_was_published_for_and_no_other(topic: Purpose) -> None:
    other = make_topic("acties")
    allow_published(purpose_id=other.id, allows=True, because=BECAUSE, at=NOW, actor=STAFF)
    point = make_point("inkoop@bouw.example.nl")
    record(point, topic)
    assert reason_of(point, other) is Reason.NO_BASIS
    topic.consent_version = 2  # it became another kind of mail
    topic.save()
    assert reason_of(point, topic) is Reason.OLDER_WORDING


def test_inv18_it_counts_for_a_year_after_it_was_seen_and_newer_proof_renews_it(
    topic: Purpose,
) -> None:
    point = make_point("inkoop@bouw.example.nl")
    record(point, topic, seen_on=date(2025, 12, 1))
    assert reason_of(point, topic) is None
    later = datetime.fromisoformat("2026-12-01T22:59:00+00:00")
    assert reason_of(point, topic, later) is None
    assert reason_of(point, topic, later + timedelta(minutes=1)) is Reason.EXPIRED
    record(point, topic)
    assert reason_of(point, topic, later + timedelta(minutes=1)) is None


def without_event(point: ContactPoint, _topic: Purpose) -> None:
    Standing.objects.filter(contact_point=point).update(event_id=uuid7())


def no_company(point: ContactPoint, _topic: Purpose) -> None:
    ContactPoint.objects.filter(id=point.id).update(is_legal_person=False)


def sole_trader(point: ContactPoint, _topic: Purpose) -> None:
    at = Relation.objects.filter(person_id=point.person_id).values("company_id")
    Company.objects.filter(id__in=at).update(legal_form="eenmanszaak")


def topic_closed(_point: ContactPoint, topic: Purpose) -> None:
    allow_published(purpose_id=topic.id, allows=False, at=NOW, actor=STAFF)


def left(point: ContactPoint, _topic: Purpose) -> None:
    Relation.objects.filter(person_id=point.person_id).update(until=TODAY)


def other_company(point: ContactPoint, topic: Purpose) -> None:
    left(point, topic)
    older = Relation.objects.get(person_id=point.person_id)
    older.company.pk, older.company.name = uuid7(), "Elders BV"  # type: ignore[union-attr]
    older.company.save(force_insert=True)  # type: ignore[union-attr]
    Relation.objects.create(
        person_id=point.person_id, company=older.company, kind="contact", since=TODAY
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without_event, Reason.NO_PUBLICATION_EVIDENCE),
        (no_company, Reason.NO_LEGAL_PERSON),
        (sole_trader, Reason.NO_LEGAL_PERSON),
        (topic_closed, Reason.TOPIC_NOT_FOR_PUBLISHED),
        (left, Reason.CONTACT_LEFT),
        (other_company, Reason.CONTACT_LEFT),
    ],
)
def test_inv17_18_the_gate_asks_all_of_it_each_time(
    topic: Purpose, change: Callable[[ContactPoint, Purpose], None], reason: Reason
) -> None:
    point = make_point("inkoop@bouw.example.nl")
    record(point, topic)
    change(point, topic)
    assert reason_of(point, topic) is reason
    own_yes = make_point("anna@example.nl")
    give(own_yes, topic)
    assert reason_of(own_yes, topic) is None  # who agreed is not asked any of it


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"legal_form": "eenmanszaak"}, Reason.NO_LEGAL_PERSON),
        ({"legal_form": "vof"}, Reason.NO_LEGAL_PERSON),
        ({"legal_form": "", "company": "Bouw van Dam"}, Reason.NO_LEGAL_PERSON),
        ({"url": " "}, Reason.NO_PUBLICATION_EVIDENCE),
        ({"quote": ""}, Reason.NO_PUBLICATION_EVIDENCE),
        ({"seen_on": date(2025, 11, 23)}, Reason.NO_PUBLICATION_EVIDENCE),
        ({"seen_on": TODAY + timedelta(days=1)}, Reason.FUTURE_TIME),
    ],
)
def test_inv17_18_without_its_proof_or_of_no_legal_person_nothing_is_written_down(
    topic: Purpose, values: dict[str, Any], reason: Reason
) -> None:
    point = make_point("inkoop@bouw.example.nl")
    with pytest.raises(ConsentRefused) as refused:
        record(point, topic, **values)
    assert refused.value.reason is reason
    assert reason_of(point, topic) is Reason.NO_BASIS


def test_inv17_a_form_that_is_typed_does_not_outweigh_the_one_on_record(topic: Purpose) -> None:
    known = Company.objects.create(
        name="Bouw van Dam", legal_form="Eenmanszaak", registration_number="1", created_at=NOW
    )
    point = make_point("inkoop@bouw.example.nl")
    for number in ("1", ""):
        with pytest.raises(ConsentRefused) as refused:
            record(point, topic, company="bouw van dam", registration_number=number)
        assert refused.value.reason is Reason.NO_LEGAL_PERSON
    assert record(point, topic, company="Bouw van Dam", registration_number="2").evidence
    made = Relation.objects.get(person_id=point.person_id).company
    assert made is not None
    assert (made.registration_number, made != known) == ("2", True)  # another number, another one
    assert reason_of(point, topic) is None


def test_inv17_a_form_that_was_not_on_record_is_asked_from_then_on(topic: Purpose) -> None:
    known = Company.objects.create(name="Bouw van Dam BV", created_at=NOW)
    point = make_point("inkoop@bouw.example.nl")
    record(point, topic, registration_number="2")
    known.refresh_from_db()
    assert known.legal_form == "b.v."
    assert Relation.objects.get(person_id=point.person_id).company == known


def test_inv18_only_for_topics_of_which_the_register_says_so(topic: Purpose) -> None:
    other = make_topic("acties")
    point = make_point("inkoop@bouw.example.nl")
    with pytest.raises(ConsentRefused) as refused:
        record(point, other)
    assert refused.value.reason is Reason.TOPIC_NOT_FOR_PUBLISHED
    with pytest.raises(RegisterRefused):
        allow_published(purpose_id=other.id, allows=True, because="Mag.", at=NOW, actor=STAFF)
    now = ProcessingActivity.objects.get(key=topic.activity_key, valid_to=None)
    assert now.telecom_basis == "consent published-address"
    assert now.published_why == BECAUSE


def test_the_weighing_stands_beside_the_proof_and_goes_with_a_no(topic: Purpose) -> None:
    """The same answer again makes no version; the history says why (INV-29, 30)."""
    connection.check_constraints()

    def now() -> ProcessingActivity:
        return ProcessingActivity.objects.get(key=topic.activity_key, valid_to=None)

    def newest() -> RegisterVersion:
        connection.check_constraints()
        return RegisterVersion.objects.filter(key=topic.activity_key).latest("number")

    assert newest().reason == BECAUSE
    assert newest().content["published_why"] == BECAUSE
    first = now()
    assert (first.proof_nl, first.proof_en) == ("", "")
    allow_published(purpose_id=topic.id, allows=True, because=BECAUSE, at=NOW, actor=STAFF)
    assert now().version == first.version
    allow_published(purpose_id=topic.id, allows=False, at=NOW, actor=STAFF)
    assert (now().published_why, now().telecom_basis) == ("", "consent")
    assert newest().reason
    assert "published_why" not in newest().content
    version = now().version
    allow_published(purpose_id=topic.id, allows=False, at=NOW, actor=STAFF)
    assert now().version == version


@pytest.mark.parametrize("everything", [True, False])
def test_inv18_a_no_ends_it_everywhere_and_no_newer_page_brings_it_back(
    topic: Purpose, everything: bool
) -> None:
    other = make_topic("acties")
    allow_published(purpose_id=other.id, allows=True, because=BECAUSE, at=NOW, actor=STAFF)
    point = make_point("inkoop@bouw.example.nl")
    second = make_point("info@bouw.example.nl", point.person)
    record(point, topic)
    record(second, other)
    later = NOW + timedelta(hours=1)
    if everything:
        object_to_marketing(
            person_id=point.person_id, method=Method.REPLY, actor=Actor.person(), at=later
        )
        expected = Reason.SUPPRESSED
    else:
        withdraw(
            point_id=point.id,
            purpose_id=topic.id,
            method=Method.ONE_CLICK,
            actor=Actor.person(),
            at=later,
        )
        expected = Reason.WITHDRAWN
    for each, about in ((point, topic), (second, other)):
        answer = queries.ask([each.id], about, "email", at=later)[each.id]
        assert (answer.allowed, answer.reason) == (False, expected)
        assert not queries.audience(about, "email", at=later).exists()
    for each, about in ((point, topic), (second, other)):
        with pytest.raises(ConsentRefused) as refused:
            record_publication(
                point_id=each.id,
                seen=seen(about),
                at=later + timedelta(hours=1),
                actor=STAFF,
            )
        assert refused.value.reason in (Reason.SUPPRESSED, Reason.WITHDRAWN, Reason.OBJECTED)


def test_inv18_who_agreed_before_keeps_the_yes_and_staff_end_what_stands_there_no_more(
    topic: Purpose,
) -> None:
    agreed = make_point("anna@example.nl")
    give(agreed, topic)
    with pytest.raises(PersonRefused):
        record(agreed, topic)
    point = make_point("inkoop@bouw.example.nl")
    record(point, topic)
    assert living_publications(point.person_id).count() == 1
    assert end_publication(point_id=point.id, purpose_id=topic.id, at=NOW, actor=STAFF)
    assert not end_publication(point_id=point.id, purpose_id=topic.id, at=NOW, actor=STAFF)
    assert reason_of(point, topic) is Reason.INVALIDATED
    assert record_publication(
        point_id=point.id, seen=seen(topic), at=NOW + timedelta(days=1), actor=STAFF
    )


def test_a_page_of_a_person_asks_five_questions_of_publications(topic: Purpose) -> None:
    point = make_point("inkoop@bouw.example.nl")
    with CaptureQueriesContext(connection) as none:
        assert not published_shown(point.person)["publications"]
    record(point, topic)
    with CaptureQueriesContext(connection) as queried:
        shown = published_shown(point.person)["publications"][0]
    assert (len(none), len(queried)) == (1, 5)
    assert (shown.company, shown.seen_on) == ("Bouw van Dam BV", TODAY)
    assert shown.until == date(2027, 11, 24)
