"""Own test addresses: five at most, by their owner's own click, with a term, and erasable."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akkoord.consent.models import Suppression, TrialAddress, TrialAsked
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.suppression import suppress
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.consent.tokens import trial_link
from akkoord.consent.trial import (
    SCOPE,
    ask_trial,
    erase_trials,
    forget_asked,
    forget_trials,
    remove_trial,
)
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.handover import send_one
from akkoord.delivery.models import MailboxMessage, OutboxMail
from akkoord.delivery.transports import MailboxTransport
from akkoord.law.reasons import Reason
from akkoord.permission.trial import trials_allowed
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ME = Actor.system()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    make_organisation()


def ask(address: str = "proef@example.nl") -> TrialAddress:
    return ask_trial(address=address, language="nl", at=timezone.now(), actor=ME)


def path(trial: TrialAddress) -> str:
    return "/proefadres/" + trial_link(trial.id).split("/proefadres/")[1]


def reason_of(trial: TrialAddress) -> Reason | None:
    return trials_allowed([trial.id], at=timezone.now())[trial.id].reason


def test_inv1_nobody_gets_a_test_before_their_own_click(client: Client) -> None:
    trial = ask()
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("trial-question", "proef@example.nl")
    assert path(trial) in mail.text
    assert reason_of(trial) is Reason.ADDRESS_NOT_CONFIRMED
    page = client.get(path(trial)).content.decode()
    assert "Wilt u brieven proberen?" in page
    assert "proef@example.nl" not in page, "a forwarded mail shows no address"
    assert reason_of(trial) is Reason.ADDRESS_NOT_CONFIRMED, "GET changes nothing"
    assert "U probeert brieven" in client.post(path(trial), {"antwoord": "ja"}).content.decode()
    assert reason_of(trial) is None
    assert send_one(mail.id, transport=MailboxTransport(), at=timezone.now()) == "sent"
    assert MailboxMessage.objects.count() == 1
    assert not OutboxMail.objects.exists(), "nothing of it stays"


@pytest.mark.parametrize("way", [{"antwoord": "nee"}, {"List-Unsubscribe": "One-Click"}])
def test_inv5_a_no_is_final_and_only_a_hash_stays(client: Client, way: dict[str, str]) -> None:
    trial = ask()
    client.post(path(trial), {"antwoord": "ja"})
    answer = client.post(path(trial), way)
    assert answer.status_code == 200
    assert not TrialAddress.objects.exists()
    assert Suppression.objects.get().scope == SCOPE
    with pytest.raises(ConsentRefused) as refused:
        ask()
    assert refused.value.reason is Reason.SUPPRESSED
    assert "Hier is niets te doen" in client.get(path(trial)).content.decode()


def test_inv4_who_objected_since_gets_none(client: Client) -> None:
    trial = ask()
    client.post(path(trial), {"antwoord": "ja"})
    suppress(
        keyed_hash=keyed_hash(trial.address),
        channel="email",
        reason="objection",
        at=timezone.now(),
        actor=ME,
    )
    assert reason_of(trial) is Reason.SUPPRESSED


def test_inv38_who_is_frozen_gets_none(client: Client) -> None:
    point = make_point("proef@example.nl")
    trial = ask()
    assert trial.subject_id == point.person_id
    client.post(path(trial), {"antwoord": "ja"})
    assert reason_of(trial) is None
    point.person.restricted_at = timezone.now()
    point.person.save()
    assert reason_of(trial) is Reason.RESTRICTED


def test_inv13_who_did_not_say_yes_is_not_asked_again_within_the_term(client: Client) -> None:
    now = timezone.now()
    trial = ask()
    assert remove_trial(trial_id=trial.id, at=now, actor=ME)
    assert not OutboxMail.objects.exists(), "the question that waits goes too"
    with pytest.raises(ConsentRefused) as refused:
        ask("Proef@Example.NL")
    assert refused.value.reason is Reason.REFUSED_RECENTLY
    kept = TrialAsked.objects.get()
    assert bytes(kept.keyed_hash) == keyed_hash("proef@example.nl")
    assert (forget_trials(at=now + 170 * DAY), forget_asked(at=now + 170 * DAY)) == (0, 0)
    assert forget_asked(at=now + 190 * DAY) == 1
    client.post(path(ask()), {"antwoord": "ja"})
    assert not TrialAsked.objects.exists(), "a yes is no silence"


def test_inv38_the_mailbox_of_who_is_frozen_is_not_asked() -> None:
    point = make_point("proef@example.nl")
    point.person.restricted_at = timezone.now()
    point.person.save()
    with pytest.raises(ConsentRefused) as refused:
        ask()
    assert refused.value.reason is Reason.RESTRICTED
    assert not OutboxMail.objects.exists()
    assert not TrialAsked.objects.exists()


def test_there_are_five_at_most_and_each_once() -> None:
    for number in range(5):
        ask(f"p{number}@example.nl")
    for address in ("p0@example.nl", "p9@example.nl", "P0@Example.NL"):
        with pytest.raises(ConsentRefused):
            ask(address)
    first = TrialAddress.objects.order_by("slot")[0]
    for slot in (6, 0, first.slot):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrialAddress.objects.create(
                slot=slot, address="x@example.nl", asked_at=first.asked_at, ends_at=first.ends_at
            )
    with pytest.raises(ConsentRefused) as refused:
        ask("geen adres")
    assert refused.value.reason is Reason.BAD_ADDRESS


def test_inv39_what_is_past_its_term_goes(client: Client) -> None:
    asked, agreed = ask("a@example.nl"), ask("b@example.nl")
    client.post(path(agreed), {"antwoord": "ja"})
    now = timezone.now()
    assert forget_trials(at=now + 6 * DAY) == 0
    assert forget_trials(at=now + 8 * DAY) == 1
    assert not TrialAddress.objects.filter(id=asked.id).exists()
    assert forget_trials(at=now + 366 * DAY) == 1


def test_inv35_it_goes_with_its_person_also_when_it_was_entered_before_them() -> None:
    ask()
    known_later = make_point("proef@example.nl")
    other = ask("ander@example.nl")
    for mail in OutboxMail.objects.filter(recipient="proef@example.nl"):
        send_one(mail.id, transport=MailboxTransport(), at=timezone.now())
    ask_again = OutboxMail.objects.get()
    OutboxMail.objects.create(
        **{
            each.attname: getattr(ask_again, each.attname)
            for each in OutboxMail._meta.concrete_fields
            if each.attname not in ("id", "recipient", "kind")
        },
        kind="test-to-own",
        recipient="proef@example.nl",
    )
    assert erase_trials([known_later.person_id], uuid7()) == 1
    assert OutboxMail.objects.get().recipient == "ander@example.nl", "no scan finds them here"
    assert not MailboxMessage.objects.exists()
    assert list(TrialAddress.objects.values_list("id", flat=True)) == [other.id]


def test_a_forged_link_says_nothing(client: Client) -> None:
    answer = client.post("/proefadres/onzin/", {"antwoord": "ja"})
    assert "Hier is niets te doen" in answer.content.decode()
    assert trials_allowed([UUID(int=1)], at=timezone.now()) == {}
