"""Messages about a membership or an appointment: an agreement without a sale is the proof."""

import json
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service import (
    ServiceText,
    check_service,
    keep_service_template,
    send_service,
)
from akkoord.campaigns.service_ready import READY
from akkoord.cli.service import command
from akkoord.consent.change import restrict_person
from akkoord.consent.models import Suppression
from akkoord.consent.tests.factories import STAFF
from akkoord.consent.withdraw import object_to_marketing
from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.form_rules import FormKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch, Message, Occasion
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.sections import _timeline
from akkoord.messages.tests.factories import give, make_organisation, make_topic
from akkoord.people.actions import PersonRefused
from akkoord.people.agreements import AgreementFacts, call_off, record_agreement
from akkoord.people.models import (
    Agreement,
    Company,
    ContactPoint,
    Person,
    Purchase,
    Relation,
)
from akkoord.people.tests.factories import make_point
from akkoord.permission.queries import ask
from akkoord.permission.tests.factories import open_to_customers, sell
from akkoord.register.form_activities import ensure_carrier
from akkoord.retention.actions import clean_up
from akkoord.retention.due import people_due
from akkoord.rights.forget import forget
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ME = Actor.system()
FILE = "/campagnes/service/afspraken/"
TEXT = {
    "name": "Loopt af",
    "activity_key": "customers",
    "about": "agreement",
    "language": "nl",
    "subject": "Uw {{ agreement_kind }}",
    "body": "Dag {{ first_name | default: 'lid' }},\n\nUw {{ agreement_kind }} "
    "{{ agreement_number }} van {{ agreement_date }} eindigt op {{ agreement_end }}.",
}


@pytest.fixture(autouse=True)
def shop() -> None:
    make_organisation()
    ensure_carrier(kind=FormKind.CHECKOUT, at=timezone.now(), actor=ME)


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def keep(**values: str) -> ServiceTemplate:
    text = ServiceText(**{**TEXT, **values})
    return keep_service_template(text=text, at=timezone.now(), actor=ME)


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def member(number: str = "L-1", **values: object) -> tuple[ContactPoint, Agreement]:
    point = make_point()
    facts = {"kind": "member", "number": number, "day": today(-300), "ends_on": today(20)}
    made = record_agreement(
        person_id=point.person_id,
        facts=AgreementFacts(**{**facts, **values}),  # type: ignore[arg-type]
        at=timezone.now(),
        actor=ME,
    )
    return point, made


def send(template: ServiceTemplate) -> tuple[Dispatch, MemoryTransport]:
    run = send_service(
        template_id=template.id, purchases=Agreement.objects.all(), at=timezone.now(), actor=ME
    )
    transport = MemoryTransport()
    run_dispatch(run.id, worker_id=uuid7(), transport=transport)
    return run, transport


def test_it_goes_with_the_agreement_as_evidence_and_says_what_it_is_about() -> None:
    point, made = member()
    run, transport = send(keep())
    ((outgoing, raw),) = transport.handed_over
    assert outgoing.recipient == point.value
    message = Message.objects.get(dispatch=run)
    assert (message.state, message.evidence_id, message.evidence_kind) == (
        *("sent", made.id),
        "agreement",
    )
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"] == "Uw lidmaatschap"
    assert mail["List-Unsubscribe"] is None
    text = " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
    assert "Uw lidmaatschap L-1 van" in text
    assert "Dit bericht gaat over uw lidmaatschap van" in text
    (entry,) = _timeline([point.person_id], 5)
    assert "afgesproken voor" in entry.detail or "agreed for" in entry.detail


def test_inv04_no_to_advertising_does_not_stop_it_and_a_frozen_record_does() -> None:
    topic = make_topic()
    points = [member(f"L-{number}")[0] for number in range(4)]
    give(points[0], topic, state="withdrawn")
    object_to_marketing(
        person_id=points[1].person_id, method=Method.STAFF, actor=ME, at=timezone.now()
    )
    Suppression.objects.create(
        keyed_hash=points[2].keyed_hash,
        channel="email",
        scope=Suppression.ALL_MARKETING,
        reason="objection",
        since=timezone.now(),
        review_on=today(900),
    )
    restrict_person(person_id=points[3].person_id, actor=STAFF, at=timezone.now())
    run, transport = send(keep())
    assert {outgoing.recipient for outgoing, _raw in transport.handed_over} == {
        each.value for each in points[:3]
    }
    assert dispatch_figures(run.id).skipped == {"restricted": 1}


@pytest.mark.parametrize(
    "values",
    [
        {"ends_on": today(-1)},
        {"kind": "appointment", "day": today(-1), "ends_on": None},
    ],
)
def test_what_is_over_carries_nothing(values: dict[str, object]) -> None:
    member(**values)
    found = check_service(keep(), Agreement.objects.all(), at=timezone.now())
    assert found.reasons == {Reason.NO_AGREEMENT: 1}
    assert found.may_be_mailed == 0


def test_called_off_between_the_check_and_the_hand_over_it_does_not_leave() -> None:
    _point, made = member()
    run = send_service(
        template_id=keep().id, purchases=Agreement.objects.all(), at=timezone.now(), actor=ME
    )
    call_off(agreement_id=made.id, at=timezone.now(), actor=ME)
    transport = MemoryTransport()
    run_dispatch(run.id, worker_id=uuid7(), transport=transport)
    assert not transport.handed_over
    assert dispatch_figures(run.id).skipped == {"no-agreement": 1}


def test_inv26_a_text_about_a_membership_that_sells_is_refused() -> None:
    with pytest.raises(CampaignRefused) as refusal:
        keep(body="Uw lidmaatschap loopt af. Verleng nu met korting.")
    assert "promotion" in refusal.value.codes


def test_inv26_the_template_says_what_it_rests_on_and_not_the_caller() -> None:
    sell(make_point())
    with pytest.raises(CampaignRefused) as refusal:
        send_service(
            template_id=keep().id, purchases=Purchase.objects.all(), at=timezone.now(), actor=ME
        )
    assert refusal.value.codes == ("kind-not-of-template",)
    with pytest.raises(CampaignRefused):
        keep(about="purchase")  # the fields of an agreement are not there


def test_inv15_an_agreement_opens_no_advertising() -> None:
    point, _made = member()
    topic = make_topic()
    open_to_customers(topic, "Fietsen")
    answer = ask([point.id], topic, Channel.EMAIL, at=timezone.now())[point.id]
    assert not answer.allowed


@pytest.mark.parametrize("ready", [each for each in READY if each.about == "agreement"])
def test_the_ready_texts_about_agreements_compile(ready: object) -> None:
    names = ("name", "about", "language", "subject", "body")
    assert keep(**{name: getattr(ready, name) for name in names}).id


def test_by_hand_on_the_screen_and_called_off(client: Client) -> None:
    point = make_point()
    where = f"/campagnes/service/afspraken/{point.person_id}/"
    assert "Lidmaatschappen en afspraken" in client.get(where).content.decode()
    typed = {"kind": "appointment", "number": "A-7", "day": today(3).isoformat()}
    assert client.post(where, typed).status_code == 302
    made = Agreement.objects.get()
    assert (made.person_id, made.number, made.source) == (point.person_id, "A-7", "hand")
    again = client.post(where, typed).content.decode()
    assert "Dit staat hier al" in again
    late = client.post(where, {**typed, "number": "A-8", "ends_on": today(1).isoformat()})
    assert "vóór de eerste dag" in late.content.decode() or "eerste dag" in late.content.decode()
    assert client.post(f"{where}{made.id}/weg/").status_code == 302
    made.refresh_from_db()
    assert made.cancelled_on == today()


def test_one_customer_gets_it_from_their_page(client: Client) -> None:
    template = keep()
    point, made = member()
    about = f"/campagnes/service/over/{point.person_id}/"
    typed = {"template": str(template.id), "purchases": [str(made.id)]}
    page = client.post(about, {**typed, "do": "look"}).content.decode()
    assert "Nu versturen" in page
    assert client.post(about, {**typed, "do": "send"}).status_code == 302
    assert Occasion.objects.get().purchase_id == made.id


def test_single_ones_are_chosen_out_of_the_list(client: Client) -> None:
    template = keep()
    first, _second = member("L-1"), member("L-2")
    where = f"/campagnes/service/{template.id}/versturen/"
    days = {"since": today().isoformat(), "until": today(40).isoformat(), "kind": ""}
    page = client.get(where, days).content.decode()
    assert "2 van 2 klanten" in page
    chosen = {**days, "kies": str(first[1].id)}
    page = client.get(where, chosen).content.decode()
    assert "1 van 1 klanten" in page or "1 van 1" in page
    assert page.count("checked") == 1
    assert client.post(where, chosen).status_code == 302
    assert list(Occasion.objects.values_list("purchase_id", flat=True)) == [first[1].id]


def test_single_purchases_are_chosen_out_of_the_list(client: Client) -> None:
    template = keep(
        about="purchase", subject="Klaar", body="Uw aankoop {{ purchase_number }} ligt klaar."
    )
    sales = [sell(make_point(), bought_on=today(-number)) for number in (1, 2, 3)]
    where = f"/campagnes/service/{template.id}/versturen/"
    days = {"since": today(-9).isoformat(), "until": today().isoformat()}
    ticked = {**days, "kies": [str(sales[0].id), str(sales[2].id), "x"]}
    assert "2 van 2" in client.get(where, ticked).content.decode()
    assert client.post(where, ticked).status_code == 302
    assert set(Occasion.objects.values_list("purchase_id", flat=True)) == {
        sales[0].id,
        sales[2].id,
    }


def test_a_file_brings_agreements_of_people_who_are_here(tmp_path: Path) -> None:
    point = make_point()
    file = tmp_path / "leden.csv"
    file.write_text(
        "email;kind;number;day;end\n"
        f"{point.value};member;L-9;2026-01-01;2027-01-01\n"
        "onbekend@example.nl;member;L-10;2026-01-01;\n"
        f"{point.value};member;L-11;2026-02-30;\n"
        f"{point.value};vriend;L-12;2026-01-01;\n"
    )
    done = CliRunner().invoke(command, ["agreements", str(file), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "rows": 4,
        "created": 1,
        "unchanged": 0,
        "refused": [
            {"row": 3, "reason": "unknown-person"},
            {"row": 4, "reason": "no-such-day"},
            {"row": 5, "reason": "bad-kind"},
        ],
    }
    again = CliRunner().invoke(command, ["agreements", str(file), "--json"])
    assert json.loads(again.stdout)["unchanged"] == 1
    assert Person.objects.count() == 1
    keep()
    told = CliRunner().invoke(
        command, ["send", "Loopt af", "--agreement", "L-9", "--dry-run", "--json"]
    )
    assert json.loads(told.stdout)["selected"] == 1
    file.write_text("")
    assert CliRunner().invoke(command, ["agreements", str(file), "--json"]).exit_code == 1


def upload(client: Client, text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("leden.csv", raw, content_type="text/csv")
    return client.post(FILE, {"file": file}).content.decode()


def test_a_file_on_the_screen_is_looked_through_brought_in_and_taken_back(client: Client) -> None:
    first, second = make_point(), make_point()
    text = (
        "email,kind,number,day\n"
        f"{first.value},member,L-1,2026-01-01\n"
        f"{second.value},subscription,A-1,2026-01-01\n"
        "onbekend@example.nl,member,L-2,2026-01-01\n"
        f"{second.value},member,L-3,2026-02-30\n"
        f"{second.value},member,heeft diabetes,2026-02-03\n"
    )
    page = upload(client, text)
    assert "Niemand hier heeft dit adres" in page
    assert "Deze dag bestaat niet" in page
    assert "iets gevoeligs" in page, "INV-32"
    assert not Agreement.objects.exists(), "looking changes nothing"
    assert client.post(FILE, {"text": text}).status_code == 302
    assert set(Agreement.objects.values_list("number", "source")) == {
        ("L-1", "file"),
        ("A-1", "file"),
    }
    member_of = Agreement.objects.get(number="L-1")
    run = send_service(
        template_id=keep().id,
        purchases=Agreement.objects.filter(id=member_of.id),
        at=timezone.now(),
        actor=ME,
    )
    run_dispatch(run.id, worker_id=uuid7(), transport=MemoryTransport())
    page = client.get(FILE).content.decode()
    undo = f"{FILE}bestand/{member_of.file_id}/terug/"
    assert undo in page
    page = client.post(undo, follow=True).content.decode()
    assert "Teruggedraaid: 1. Gebleven, omdat er berichten op rusten: 1." in page
    assert list(Agreement.objects.values_list("number", flat=True)) == ["L-1"]
    assert client.get(undo).status_code == 405


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("naam,nummer\nx,1\n", "ontbreekt een kolom"),
        ("email,kind,number,day\n", "geen rij"),
        (b"PK\x03\x04\x00\x00", "geen CSV-bestand"),
        ("email,kind,number,day\n" + "x,member,1,2026-01-01\n" * 1_001, "meer dan 1.000 rijen"),
        (b"x" * 200_001, "te groot"),
    ],
)
def test_a_file_that_is_none_is_refused_at_the_field(
    client: Client, text: str | bytes, said: str
) -> None:
    assert said in upload(client, text)
    assert not Agreement.objects.exists()


def contact_at(name: str) -> tuple[ContactPoint, Company]:
    point = make_point()
    company = Company.objects.create(name=name, created_at=timezone.now())
    Relation.objects.create(
        person_id=point.person_id, company=company, kind="contact", since=today(-400)
    )
    return point, company


def test_inv15_an_agreement_of_a_company_speaks_for_one_address(client: Client) -> None:
    point, company = contact_at("Voorbeeld BV")
    private = make_point(person=point.person)
    where = f"/campagnes/service/afspraken/{point.person_id}/"
    typed = {"kind": "subscription", "number": "S-1", "day": today(-9).isoformat()}
    typed |= {"company": str(company.id)}
    assert "Kies het adres dat ervoor gebruikt is" in client.post(where, typed).content.decode()
    stranger = make_point()
    assert client.post(where, {**typed, "point": str(stranger.id)}).status_code == 200
    assert not Agreement.objects.exists()
    assert client.post(where, {**typed, "point": str(point.id)}).status_code == 302
    assert "Voorbeeld BV" in client.get(where).content.decode()
    run, transport = send(keep())
    assert [outgoing.recipient for outgoing, _raw in transport.handed_over] == [point.value]
    assert private.value != point.value
    assert dispatch_figures(run.id).sent == 1


def test_inv15_who_left_the_company_gets_nothing_about_its_agreement() -> None:
    point, company = contact_at("Voorbeeld BV")
    facts = AgreementFacts("member", "L-1", today(-9), None, company.id)
    make = {"person_id": point.person_id, "facts": facts, "at": timezone.now(), "actor": ME}
    record_agreement(**make, point=point)  # type: ignore[arg-type]
    run = send_service(
        template_id=keep().id, purchases=Agreement.objects.all(), at=timezone.now(), actor=ME
    )
    Relation.objects.update(until=today(-1))
    transport = MemoryTransport()
    run_dispatch(run.id, worker_id=uuid7(), transport=transport)
    assert not transport.handed_over
    assert dispatch_figures(run.id).skipped == {"contact-left": 1}
    with pytest.raises(PersonRefused) as refusal:
        record_agreement(**make, point=point)  # type: ignore[arg-type]
    assert refusal.value.field == "company"


def test_a_file_names_the_company_of_a_contact(client: Client) -> None:
    point, company = contact_at("Voorbeeld BV")
    text = (
        "email,kind,number,day,company\n"
        f"{point.value},member,L-1,2026-01-01,voorbeeld bv\n"
        f"{point.value},member,L-2,2026-01-01,Andere BV\n"
    )
    assert "geen contactpersoon bij dit bedrijf" in upload(client, text)
    client.post(FILE, {"text": text})
    made = Agreement.objects.get()
    assert (made.company_id, made.contact_point_id) == (company.id, point.id)


def test_a_file_and_a_hand_refuse_an_end_before_the_beginning() -> None:
    with pytest.raises(PersonRefused) as refusal:
        member(ends_on=today(-900))
    assert refusal.value.field == "ends_on"


def test_inv35_it_goes_with_the_person_and_inv39_after_its_term() -> None:
    point, _made = member()
    old, _gone = member("L-2", day=today(-3000), ends_on=today(-2000))
    assert point.person_id not in people_due(today=today())
    clean_up(at=timezone.now())
    assert list(Agreement.objects.values_list("person_id", flat=True)) == [point.person_id]
    forget(person_id=point.person_id, by="staff", actor=STAFF, at=timezone.now())
    assert not Agreement.objects.exists()
    assert old.id
