"""Somebody is forgotten while letters leave, or while a company knows us through them (INV-35)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import smtp_server
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.models import Message
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.factories import make_many, make_source
from akkoord.people.models import Company, ContactPoint, Person, Purchase, Relation
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun
from akkoord.rights.tests.factories import NOW, STAFF

LATER = timedelta(minutes=10)


@pytest.mark.django_db(transaction=True)
def test_inv35_who_is_forgotten_in_the_middle_of_a_letter_gets_none_of_it() -> None:
    """Two wait for their mailbox when the rest has it: one of them goes, the other gets it."""
    make_organisation()
    topic = make_topic()
    make_many(6, topic)
    going = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
    )

    def busy(recipient: str, _count: int) -> str:
        return "451 4.7.1 later" if recipient.startswith(("p0@", "p1@")) else "250 ok"

    def on(server: object, *, later: timedelta = timedelta()) -> None:
        pool = SmtpPool(server.url, connections=1)  # type: ignore[attr-defined]
        try:
            run_dispatch(
                going.id,
                worker_id=uuid7(),
                transport=pool,
                clock=lambda: timezone.now() + later,
            )
        finally:
            pool.close()

    with smtp_server(rcpt=busy) as server:
        on(server)
    assert (dispatch_figures(going.id).sent, dispatch_figures(going.id).due) == (4, 2)
    gone = ContactPoint.objects.get(normalised="p0@example.nl").person_id
    done = forget(person_id=gone, by=ErasureRun.By.STAFF, actor=STAFF, at=timezone.now())
    assert (done.run.state, done.run.findings) == (ErasureRun.State.CLEAN, [])
    with smtp_server() as server:
        on(server, later=LATER)
        assert [recipient for _sender, recipient, _content in server.accepted] == ["p1@example.nl"]
    found = dispatch_figures(going.id)
    assert (found.sent, found.due, found.state) == (5, 0, "finished")
    assert not Message.objects.filter(person_id=gone).exists()


@pytest.mark.django_db
def test_inv35_a_companys_contact_is_forgotten_and_the_company_stays() -> None:
    """A company is no person: it and its other contact keep what is theirs."""
    make_organisation()
    contact, other = make_point("anna@bakker.example.nl"), make_point("bram@bakker.example.nl")
    Person.objects.filter(id=contact.person_id).update(given_name="Anna", family_name="Vermeulen")
    company = Company.objects.create(name="Bakkerij Kruim", created_at=NOW)
    for number, point in enumerate((contact, other)):
        Relation.objects.create(
            person=point.person,
            company=company,
            kind=Relation.Kind.CONTACT,
            since=NOW.date(),
            proof="visitekaartje",
        )
        Purchase.objects.create(
            person=point.person,
            contact_point=point,
            company=company,
            number=f"bon {number}",
            bought_on=NOW.date(),
            amount="12.50",
            source="till",
            created_at=NOW,
        )
    done = forget(
        person_id=contact.person_id, by=ErasureRun.By.STAFF, actor=STAFF, at=timezone.now()
    )
    assert (done.run.state, done.run.findings) == (ErasureRun.State.CLEAN, [])
    company.refresh_from_db()
    assert company.name == "Bakkerij Kruim"
    assert list(company.relations.values_list("person_id", flat=True)) == [other.person_id]
    assert Purchase.objects.get(person=other.person).company_id == company.id
    left = Purchase.objects.filter(company=company).exclude(person=other.person)
    assert not left.exclude(person=None, contact_point=None).exists()
    assert not ContactPoint.objects.filter(normalised=contact.normalised).exists()
