"""Pages and command of service messages: kept, refused when they sell, sent about purchases."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service import (
    ServiceText,
    check_service,
    check_service_text,
    end_service_template,
    keep_service_template,
    send_service,
)
from akkoord.campaigns.service_ready import READY, still_blank
from akkoord.cli.service import command
from akkoord.consent.change import restrict_person
from akkoord.law.form_rules import FormKind
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.tests.factories import make_organisation
from akkoord.people.models import ContactPoint, Purchase
from akkoord.people.tests.factories import make_point
from akkoord.permission.tests.factories import sell
from akkoord.register.form_activities import ensure_carrier
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
TEXT = {
    "name": "Klaar",
    "activity_key": "customers",
    "language": "nl",
    "subject": "Uw fiets is klaar",
    "body": "Dag {{ first_name | default: 'klant' }},\n\n{{ purchase_number }} ligt klaar.",
}


@pytest.fixture(autouse=True)
def shop() -> None:
    make_organisation()
    ensure_carrier(kind=FormKind.CHECKOUT, at=timezone.now(), actor=Actor.system())


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def keep(**values: str) -> ServiceTemplate:
    return keep_service_template(
        text=ServiceText(**{**TEXT, **values}), at=timezone.now(), actor=Actor.system()
    )


def customer(number: str = "2026-104", **values: object) -> ContactPoint:
    point = make_point()
    day = timezone.localdate() - timedelta(days=3)
    sell(point, **{"number": number, "bought_on": day, **values})
    return point


@pytest.mark.parametrize("ready", READY, ids=lambda each: each.key)
def test_every_ready_text_can_be_kept_as_it_is(ready: object) -> None:
    values = {
        name: getattr(ready, name) for name in ("name", "about", "language", "subject", "body")
    }
    assert check_service_text(keep(**values), at=timezone.now())


def test_a_text_is_kept_changed_and_put_away(client: Client) -> None:
    answer = client.post("/campagnes/service/nieuw/", TEXT)
    assert answer.status_code == 302
    template = ServiceTemplate.objects.get()
    where = f"/campagnes/service/{template.id}/"
    assert "Uw fiets is klaar" in client.get(where).content.decode()
    client.post(where, {**TEXT, "subject": "Uw fiets staat klaar", "version": 1})
    template.refresh_from_db()
    assert (template.subject, template.version) == ("Uw fiets staat klaar", 2)
    late = client.post(where, {**TEXT, "version": 1})
    assert "Iemand anders" in late.content.decode()
    client.post(where + "weg/")
    assert client.get(where).status_code == 404


def test_inv26_a_text_that_sells_is_refused_with_its_words_and_the_lawful_way(
    client: Client,
) -> None:
    typed = {**TEXT, "body": "Uw fiets is klaar.\n\nDeze week korting op sloten."}
    page = client.post("/campagnes/service/nieuw/", typed).content.decode()
    assert "“korting”" in page
    assert "schrijf een brief over een onderwerp" in page
    assert not ServiceTemplate.objects.exists()


def test_inv03_an_activity_on_consent_is_refused() -> None:
    with pytest.raises(CampaignRefused) as refusal:
        keep(activity_key="topic-nieuws")
    assert refusal.value.field == "activity_key"


def test_from_the_persons_page_to_the_customer(client: Client) -> None:
    template = keep()
    point = customer()
    person = f"/mensen/{point.person_id}/"
    assert "Bericht over een aankoop" in client.get(person).content.decode()
    about = f"/campagnes/service/over/{point.person_id}/"
    assert "2026-104" in client.get(about).content.decode()
    sale = Purchase.objects.get()
    typed = {"template": str(template.id), "purchases": [str(sale.id)]}
    page = client.post(about, {**typed, "do": "look"}).content.decode()
    assert "Nu versturen" in page
    where = f"/campagnes/service/{template.id}/beeld/?aankoop={sale.id}"
    assert where in page
    assert "2026-104 ligt klaar" in client.get(where).content.decode()
    assert Change.objects.filter(action="service.show-as", subject_id=point.person_id).exists()
    assert not Dispatch.objects.exists()
    answer = client.post(about, {**typed, "do": "send"})
    run = Dispatch.objects.get()
    assert answer.headers["Location"] == f"/campagnes/service/verzonden/{run.id}/"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert Message.objects.get().person_id == point.person_id


def test_a_purchase_of_somebody_else_is_no_choice(client: Client) -> None:
    template, point, other = keep(), customer(), customer("2026-105")
    sale = Purchase.objects.get(person_id=other.person_id)
    about = f"/campagnes/service/over/{point.person_id}/"
    answer = client.post(about, {"template": str(template.id), "purchases": [str(sale.id)]})
    assert answer.status_code == 200
    assert not Dispatch.objects.exists()


def test_who_asked_to_be_frozen_gets_none_and_staff_read_why(client: Client) -> None:
    template, point = keep(), customer()
    restrict_person(person_id=point.person_id, actor=Actor.system(), at=timezone.now())
    sale = Purchase.objects.get()
    about = f"/campagnes/service/over/{point.person_id}/"
    typed = {"template": str(template.id), "purchases": [str(sale.id)]}
    looked = client.post(about, {**typed, "do": "look"}).content.decode()
    assert "vroegen om hun gegevens voorlopig" in looked
    assert "Nu versturen" not in looked
    answer = client.post(about, typed)
    assert "AVG" in answer.content.decode()
    assert "kan het bericht krijgen" in answer.content.decode()
    assert not Dispatch.objects.exists()


def test_about_many_purchases_by_day_and_kind(client: Client) -> None:
    template = keep()
    customer("A", product_group="Fietsen")
    customer("B", product_group="Helmen")
    customer("C", product_group="Fietsen", bought_on=timezone.localdate() - timedelta(days=90))
    frozen = customer("D", product_group="Fietsen")
    restrict_person(person_id=frozen.person_id, actor=Actor.system(), at=timezone.now())
    where = f"/campagnes/service/{template.id}/versturen/"
    today = timezone.localdate()
    asked = {
        "since": (today - timedelta(days=30)).isoformat(),
        "until": today.isoformat(),
        "product_group": "Fietsen",
        "place": "",
    }
    page = client.get(where, asked).content.decode()
    assert "1 van 2 klanten" in page
    assert not Dispatch.objects.exists()
    assert client.post(where, asked).status_code == 302
    assert Message.objects.filter(state="due").count() == 1
    assert Message.objects.filter(state="skipped", reason="restricted").count() == 1


@pytest.mark.parametrize(
    "typed", [{"since": "2026-02-30", "until": "2026-03-01"}, {"since": "x", "until": ""}]
)
def test_days_that_do_not_exist_send_nothing(client: Client, typed: dict[str, str]) -> None:
    template = keep()
    customer()
    where = f"/campagnes/service/{template.id}/versturen/"
    assert client.post(where, typed).status_code == 200
    assert not Dispatch.objects.exists()


def test_a_text_that_was_put_away_does_not_leave() -> None:
    template = keep()
    customer()
    end_service_template(template_id=template.id, at=timezone.now(), actor=Actor.system())
    with pytest.raises(CampaignRefused):
        send_service(
            template_id=template.id,
            purchases=Purchase.objects.all(),
            at=timezone.now(),
            actor=Actor.system(),
        )


def ask(*arguments: str) -> tuple[int, dict[str, object]]:
    found = CliRunner().invoke(command, [*arguments, "--json"])
    return found.exit_code, json.loads(found.stdout)


def test_the_command_says_first_and_sends_then() -> None:
    keep()
    customer()
    status, report = ask("send", "Klaar", "--purchase", "2026-104", "--dry-run")
    assert status == 0
    assert report == {"selected": 1, "may_be_mailed": 1, "not": {}, "blocking": []}
    assert not Dispatch.objects.exists()
    status, report = ask("send", "Klaar", "--purchase", "2026-104")
    assert (status, report["state"]) == (0, "running")
    assert str(Dispatch.objects.get().id) == report["id"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("Weg", "--purchase", "2026-104"), "unknown-template"),
        (("Klaar", "--purchase", "nergens"), "unknown-purchase"),
    ],
)
def test_the_command_refuses_what_is_not_there(arguments: tuple[str, ...], reason: str) -> None:
    keep()
    customer()
    status, report = ask("send", *arguments)
    assert (status, report["reason"]) == (1, reason)
    assert not Dispatch.objects.exists()


def test_a_ready_text_with_a_gap_is_kept_and_not_sent(client: Client) -> None:
    ready = next(each for each in READY if each.key == "later")
    template = keep(subject=ready.subject, body=ready.body)
    customer()
    purchases, at = Purchase.objects.all(), timezone.now()
    assert [each.code for each in check_service(template, purchases, at=at).blocking] == [
        "still-example"
    ]
    with pytest.raises(CampaignRefused) as refused:
        send_service(template_id=template.id, purchases=purchases, at=at, actor=Actor.system())
    assert "datum is …" in refused.value.sentence or "is …" in refused.value.sentence
    assert not Dispatch.objects.exists()
    ServiceTemplate.objects.update(body=ready.body.replace("…", "3 december"))
    template.refresh_from_db()
    assert check_service(template, purchases, at=at).blocking == []


def test_three_dots_of_ones_own_are_no_gap() -> None:
    assert still_blank("Het is klaar … bijna.") == ""
    assert still_blank("Wij zijn open van … tot vijf.") == "van …"
