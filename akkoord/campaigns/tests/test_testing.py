"""A test to colleagues: the mail that a person would get, said to be a test."""

import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign, send_campaign
from akkoord.campaigns.drawing import to_draw
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.testing import send_test
from akkoord.cli.campaign import command
from akkoord.consent.models import TrialAddress
from akkoord.consent.receive import receive_mail
from akkoord.consent.suppression import suppress
from akkoord.consent.tokens import trial_link
from akkoord.consent.trial import (
    ask_trial,
    confirm_trial,
    refuse_trial,
    refuses_tests,
    remove_trial,
)
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.handover import send_one
from akkoord.delivery.models import MailboxMessage, OutboxMail
from akkoord.delivery.transports import MailboxTransport
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_point, make_topic
from akkoord.people.models import Person
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
SAME = ("From", "Reply-To", "List-Id", "List-Unsubscribe-Post", "Feedback-ID", "Content-Type")


@pytest.fixture
def campaign() -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(1, topic)
    text = CampaignText(
        name="Herfst",
        subject="Nieuws voor {{ first_name | default: 'u' }}",
        body="Dag {{ first_name | default: 'u' }},\n\nKom langs.",
    )
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.system())


def newest() -> EmailMessage:
    raw = bytes(MailboxMessage.objects.order_by("-id")[0].raw)
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def test_a_test_is_the_real_letter_said_to_be_a_test(campaign: Campaign) -> None:
    staff = make_staff()
    now = timezone.now()
    assert (
        send_test(campaign_id=campaign.id, staff_ids=[staff.pk], at=now, actor=Actor.system()) == 1
    )
    mail = OutboxMail.objects.get()
    assert send_one(mail.id, transport=MailboxTransport(), at=now) == "sent"
    test = newest()
    mail.refresh_from_db()
    assert (mail.raw, mail.text) == ("", ""), "nothing of it stays"
    sent = send_campaign(campaign_id=campaign.id, at=now, actor=Actor.system())
    run_dispatch(sent.dispatch_id, worker_id=uuid7(), transport=MailboxTransport())  # type: ignore[arg-type]
    real = newest()
    for name in SAME:
        assert test[name].partition("boundary")[0] == real[name].partition("boundary")[0], name
    assert set(test.keys()) == set(real.keys())
    assert test["Subject"] == "Proef: Nieuws voor Anna"
    assert test["To"] == staff.email
    assert "/proefbrief/" in test["List-Unsubscribe"]
    assert "mailto:" in test["List-Unsubscribe"]
    body = test.get_body(("plain",))
    assert body is not None
    assert "/proefbrief/" in body.get_content()
    assert "/u/" not in body.get_content(), "no link of a test stops anybody"
    assert test["Message-ID"] == mail.message_id


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_says_that_it_was_a_test(method: str) -> None:
    client = Client(headers={"accept-language": "nl"}, enforce_csrf_checks=True)
    make_organisation()
    page = getattr(client, method)("/proefbrief/", {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    assert "Dit was een proef" in page.content.decode()
    assert method == "get" or not page.cookies


def test_a_sixth_address_is_an_error_and_no_silent_cut(campaign: Campaign) -> None:
    staff = [make_staff(email=f"collega{n}@example.nl") for n in range(6)]
    ids, now = [each.pk for each in staff], timezone.now()
    with pytest.raises(CampaignRefused, match=r"vijf|five"):
        send_test(campaign_id=campaign.id, staff_ids=ids, at=now, actor=Actor.system())
    assert not OutboxMail.objects.exists()
    sent = send_test(campaign_id=campaign.id, staff_ids=ids[:5], at=now, actor=Actor.system())
    assert sent == OutboxMail.objects.count() == 5


@pytest.mark.parametrize(("name", "kind"), [("a.html", "html"), ("a.HTM", "html")])
def test_a_page_in_html_comes_in_by_the_command_and_is_sent(
    campaign: Campaign, tmp_path: Path, name: str, kind: str
) -> None:
    page = tmp_path / name
    page.write_text("<html><body><p>Dag {{ first_name | default: 'u' }},</p></body></html>")
    words = ["create", "--topic", campaign.purpose.slug, "--subject", "Dag", "--body", str(page)]
    asked = CliRunner().invoke(command, [*words, "--json"])
    assert asked.exit_code == 0, asked.output
    made = Campaign.objects.get(id=json.loads(asked.stdout)["id"])
    assert made.body_kind == kind
    sent = send_campaign(campaign_id=made.id, at=timezone.now(), actor=Actor.system())
    run_dispatch(sent.dispatch_id, worker_id=uuid7(), transport=MailboxTransport())  # type: ignore[arg-type]
    letter = newest()
    parts = [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]  # type: ignore[union-attr]
    assert all("Dag " in each and "Afmelden" in each for each in parts)


def test_a_new_letter_in_html_has_a_form_and_no_canvas(campaign: Campaign) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "?hoe=html" in client.get("/campagnes/nieuw/").content.decode()
    form = client.get("/campagnes/nieuw/?hoe=html").content.decode()
    assert '<option value="html" selected>HTML</option>' in form
    Campaign.objects.filter(id=campaign.id).update(body_kind="html", body="<p>Dag.</p>")
    campaign.refresh_from_db()
    with pytest.raises(CampaignRefused):
        to_draw(campaign)
    assert "Dag." in client.get(f"/campagnes/{campaign.id}/beeld/").content.decode()


def test_inv1_a_test_goes_to_an_own_address_only_after_its_owners_yes(campaign: Campaign) -> None:
    now, actor = timezone.now(), Actor.system()
    trial = ask_trial(address="proef@example.nl", language="nl", at=now, actor=actor)
    OutboxMail.objects.all().delete()
    facts = {"campaign_id": campaign.id, "staff_ids": [], "at": now, "actor": actor}
    with pytest.raises(CampaignRefused):
        send_test(**facts, trial_ids=[trial.id])  # type: ignore[arg-type]
    with pytest.raises(CampaignRefused):
        send_test(**facts, trial_ids=[uuid7()])  # type: ignore[arg-type]
    assert not OutboxMail.objects.exists()
    token = trial_link(trial.id).rstrip("/").rpartition("/")[2]
    assert confirm_trial(token, at=now)
    assert send_test(**facts, trial_ids=[trial.id]) == 1  # type: ignore[arg-type]
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("test-to-own", "proef@example.nl")
    assert send_one(mail.id, transport=MailboxTransport(), at=now) == "sent"
    test = newest()
    assert trial_link(trial.id) in str(test["List-Unsubscribe"]), "its way out really stops"
    assert str(test["Subject"]).startswith("Proef")


def test_inv24_both_ways_out_of_a_test_to_an_own_address_end_it(campaign: Campaign) -> None:
    now, actor = timezone.now(), Actor.system()
    for way in ("mailto", "one-click"):
        address = f"{way}@example.nl"
        trial = ask_trial(address=address, language="nl", at=now, actor=actor)
        TrialAddress.objects.update(confirmed_at=now)
        OutboxMail.objects.all().delete()
        send_test(campaign_id=campaign.id, staff_ids=[], trial_ids=[trial.id], at=now, actor=actor)
        send_one(OutboxMail.objects.get().id, transport=MailboxTransport(), at=now)
        ways = re.findall(r"<([^>]+)>", re.sub(r"\s", "", str(newest()["List-Unsubscribe"])))
        https, mailto = sorted(ways)
        if way == "mailto":
            to = mailto.removeprefix("mailto:").partition("?")[0]
            assert len(to.partition("@")[0]) <= 64, "a local part holds no more (RFC 5321)"
            stop = f"From: ander@example.com\nTo: {to}\nSubject: unsubscribe\n\nx".encode()
            received = receive_mail(stop, at=now)
            assert (received.outcome, received.stopped) == ("stopped", 1)
            again = receive_mail(stop + b"y", at=now)
            assert (again.outcome, again.stopped) == ("gone", 0)
        else:
            pressed = Client(enforce_csrf_checks=True).post(
                "/proefadres/" + https.partition("/proefadres/")[2],
                {"List-Unsubscribe": "One-Click"},
            )
            assert pressed.status_code == 200
        assert not TrialAddress.objects.exists(), way
        assert refuses_tests(address), way


@pytest.mark.parametrize("no", ["stop", "objects", "frozen", "removed"])
def test_inv25_a_no_between_queueing_and_handing_over_stops_a_test(
    campaign: Campaign, no: str
) -> None:
    now, actor = timezone.now(), Actor.system()
    point = make_point("proef@example.nl")
    trial = ask_trial(address="proef@example.nl", language="nl", at=now, actor=actor)
    TrialAddress.objects.update(confirmed_at=now)
    OutboxMail.objects.all().delete()
    send_test(campaign_id=campaign.id, staff_ids=[], trial_ids=[trial.id], at=now, actor=actor)
    mail = OutboxMail.objects.get()
    assert (mail.subject_id, mail.evidence) == (point.person_id, trial.id)
    token = trial_link(trial.id).rstrip("/").rpartition("/")[2]
    if no == "stop":
        refuse_trial(token, at=now)
    elif no == "removed":
        remove_trial(trial_id=trial.id, at=now, actor=actor)
    elif no == "frozen":
        Person.objects.filter(id=point.person_id).update(restricted_at=now)
    else:
        digest = keyed_hash("proef@example.nl")
        suppress(keyed_hash=digest, channel="email", reason="objection", at=now, actor=actor)
    assert OutboxMail.objects.exists() is (no in ("objects", "frozen"))
    assert send_one(mail.id, transport=MailboxTransport(), at=now) != "sent"
    assert not OutboxMail.objects.exists(), "nothing of it stays"
    assert not MailboxMessage.objects.exists()


def test_own_addresses_stand_among_who_can_get_a_test(campaign: Campaign) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    add = "/campagnes/versturen/proefadres/"
    for typed, says in (
        ({"address": "proef@example.nl"}, "Gevraagd. Het adres krijgt proeven"),
        ({"address": "proef@example.nl"}, "staat er al"),
        ({"address": "nee"}, "Vul een e-mailadres in"),
    ):
        assert says in client.post(add, typed, follow=True).content.decode()
    trial = TrialAddress.objects.get()
    check = f"/campagnes/{campaign.id}/controle/"
    assert "proef@example.nl" not in client.get(check).content.decode()
    assert "Wacht op de klik" in client.get("/campagnes/versturen/").content.decode()
    TrialAddress.objects.update(confirmed_at=timezone.now())
    assert "proef@example.nl (proefadres)" in client.get(check).content.decode()
    OutboxMail.objects.all().delete()
    typed = {"colleagues": f"own:{trial.id}"}
    page = client.post(f"/campagnes/{campaign.id}/proef/", typed, follow=True).content.decode()
    assert "onderweg naar 1 adres" in page
    assert OutboxMail.objects.get().recipient == "proef@example.nl"
    client.post(f"{add}{trial.id}/weg/")
    assert not TrialAddress.objects.exists()
    page = client.post(add, {"address": "proef@example.nl"}, follow=True).content.decode()
    assert "minder dan een half jaar geleden gevraagd" in page
    frozen = make_point("bevroren@example.nl").person_id
    Person.objects.filter(id=frozen).update(restricted_at=timezone.now())
    page = client.post(add, {"address": "bevroren@example.nl"}, follow=True).content.decode()
    assert "de gegevens bevroren zijn" in page
