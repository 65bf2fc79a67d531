"""One mail on a customer's behalf: seen, once, to nobody who said no, and then forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.consent.actions import object_to_marketing, withdraw
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.models import Standing, Suppression
from akkoord.consent.tests import factories as make
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.handover import send_one, sweep
from akkoord.delivery.models import OutboxMail
from akkoord.delivery.transports import MemoryTransport
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.queries import ask
from akkoord.referrals import actions
from akkoord.referrals.actions import (
    SCOPE,
    ReferralRefused,
    TipFacts,
    look_at_tip,
    save_programme,
    send_tip,
)
from akkoord.referrals.models import Programme, Tip

pytestmark = pytest.mark.django_db
NOW = make.NOW
FRIEND = "vriend@example.org"
VALUES: dict[str, Any] = {
    "mail_is_on": True,
    "mail_nl": "Wij verkopen en repareren fietsen.",
    "mail_en": "We sell and mend bicycles.",
    "card_is_on": False,
    "card_nl": "",
    "card_en": "",
    "reward_nl": "",
    "reward_en": "",
    "form_id": None,
}


@pytest.fixture
def point() -> ContactPoint:
    make.make_organisation()
    offer()
    return make.make_point("klant@example.nl")


def offer(**more: Any) -> Programme:
    return save_programme(values=VALUES | more, at=NOW, actor=make.STAFF)


def facts(friend: str = FRIEND, **more: str) -> TipFacts:
    return TipFacts(friend=friend, sender_name=more.pop("sender_name", "Anna"), **more)


def tip(point: ContactPoint, told: TipFacts | None = None, at=NOW, ip: str = "") -> None:
    told = told or facts()
    _letter, mark = look_at_tip(point=point, facts=told, language="nl")
    send_tip(point=point, facts=told, mark=mark, language="nl", ip=ip, at=at)


def test_inv27_one_mail_that_names_its_sender(point: ContactPoint) -> None:
    tip(point, facts(words="Echt goed, ga eens kijken."))
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient) == ("tell-a-friend", FRIEND)
    assert "Anna" in mail.subject
    for part in (mail.text, mail.html):
        assert "Anna" in part
        assert "Echt goed, ga eens kijken." in part
        assert "Dorpsstraat 1" in part
        assert "/tip/nooit/" in part
        assert "<img" not in part
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_inv27_the_sender_saw_this_very_letter(point: ContactPoint) -> None:
    _letter, mark = look_at_tip(point=point, facts=facts(), language="nl")
    for changed in (facts("ander@example.org"), facts(words="nog iets"), facts(sender_name="Bo")):
        with pytest.raises(ReferralRefused) as refused:
            send_tip(point=point, facts=changed, mark=mark, language="nl", ip="", at=NOW)
        assert refused.value.reason is Reason.NOT_PREVIEWED
    offer(mail_nl="Iets heel anders.")
    with pytest.raises(ReferralRefused):
        send_tip(point=point, facts=facts(), mark=mark, language="nl", ip="", at=NOW)
    assert not OutboxMail.objects.exists()
    assert not Tip.objects.exists()


def test_inv27_looking_keeps_nothing(point: ContactPoint) -> None:
    look_at_tip(point=point, facts=facts(), language="nl")
    assert not Tip.objects.exists()
    assert not Suppression.objects.exists()
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("answer", ["sent", "failed"])
def test_inv27_the_address_is_gone_when_it_left(
    point: ContactPoint, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip(point)
    mail = OutboxMail.objects.get()
    at = NOW if answer == "sent" else NOW + timedelta(days=2)
    assert send_one(mail.id, transport=MemoryTransport(), at=at) == answer
    assert not OutboxMail.objects.exists()
    assert not ContactPoint.objects.filter(normalised=FRIEND).exists()
    assert Person.objects.count() == 1


def test_inv27_a_worker_that_died_leaves_no_address(point: ContactPoint) -> None:
    tip(point)
    OutboxMail.objects.update(state="claimed", claimed_at=NOW - timedelta(hours=1))
    assert sweep(at=NOW)["without_trace"] == 1
    assert not OutboxMail.objects.exists()


def test_inv27_a_second_mail_never_goes(point: ContactPoint) -> None:
    tip(point)
    other = make.make_point("andere.klant@example.nl")
    tip(other, facts("Vriend@EXAMPLE.org"), at=NOW + timedelta(days=300))
    assert OutboxMail.objects.count() == 1
    entry = Suppression.objects.get()
    assert (entry.scope, entry.reason) == (SCOPE, "one-mail")
    assert bytes(entry.keyed_hash) == keyed_hash(FRIEND)


def test_the_one_mail_does_not_stand_in_the_way_of_the_friends_own_yes(
    point: ContactPoint,
) -> None:
    tip(point)
    topic = make.make_topic()
    signed_up = make.sign_up(make.make_form(topic), FRIEND)
    confirm_sign_up(make.confirmation_token(signed_up), at=NOW)
    answer = ask([signed_up.contact_point_id], topic, "email", at=NOW)
    assert answer[signed_up.contact_point_id].allowed


@pytest.mark.parametrize("no", ["objected", "withdrew", "frozen", "forgotten"])
def test_inv04_inv27_who_said_no_gets_none_and_the_sender_hears_the_same(
    point: ContactPoint, no: str
) -> None:
    topic = make.make_topic()
    signed_up = make.sign_up(make.make_form(topic), FRIEND)
    friend = ContactPoint.objects.get(id=signed_up.contact_point_id)
    confirm_sign_up(make.confirmation_token(signed_up), at=NOW)
    OutboxMail.objects.all().delete()
    if no == "objected":
        object_to_marketing(
            person_id=friend.person_id, method=Method.STAFF, actor=make.STAFF, at=NOW
        )
    elif no == "withdrew":
        withdraw(
            point_id=friend.id,
            purpose_id=topic.id,
            method=Method.ONE_CLICK,
            actor=make.BY_PERSON,
            at=NOW,
        )
    elif no == "frozen":
        Person.objects.filter(id=friend.person_id).update(restricted_at=NOW)
    else:
        Suppression.objects.create(
            keyed_hash=friend.keyed_hash,
            channel="email",
            reason="erasure",
            since=NOW,
            review_on=NOW.date(),
        )
    tip(point)
    assert not OutboxMail.objects.filter(kind="tell-a-friend").exists()
    assert Tip.objects.count() == 1


def test_inv27_no_reward_beside_the_mail(point: ContactPoint) -> None:
    for more in ({"reward_nl": "een helm"}, {"mail_nl": "U krijgt allebei 10% korting."}):
        with pytest.raises(ReferralRefused) as refused:
            offer(**more)
        assert refused.value.reason is Reason.REWARD_FOR_SHARING
        assert "11.7" in refused.value.sentence
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.update(reward_nl="een helm")
    offer(mail_is_on=False, card_is_on=True, card_nl="Kom eens kijken.", reward_nl="een helm")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (facts("klant@example.nl"), "friend"),
        (facts("KLANT@example.nl"), "friend"),
        (facts("geen adres"), "friend"),
        (facts("a@example.nl, b@example.nl"), "friend"),
        (facts("a@example.nl\nBcc: b@example.nl"), "friend"),
        (facts(sender_name=" "), "sender_name"),
        (facts(sender_name="kijk op www.example.nl"), "sender_name"),
        (facts(words="kijk op https://example.nl"), "words"),
        (facts(words="x" * 301), "words"),
    ],
)
def test_bad_input_is_refused_at_its_field(point: ContactPoint, told: TipFacts, field: str) -> None:
    with pytest.raises(ReferralRefused) as refused:
        look_at_tip(point=point, facts=told, language="nl")
    assert refused.value.field == field


def test_fifty_addresses_are_not_fifty_mails(point: ContactPoint) -> None:
    for number in range(actions.PER_PERSON):
        tip(point, facts(f"v{number}@example.org"))
    for number in range(50):
        with pytest.raises(ReferralRefused) as refused:
            tip(point, facts(f"w{number}@example.org"))
        assert refused.value.reason is Reason.TOO_MANY_ATTEMPTS
    assert OutboxMail.objects.count() == actions.PER_PERSON
    tip(point, facts("morgen@example.org"), at=NOW + timedelta(hours=25))


def test_one_network_with_many_accounts_is_stopped(
    point: ContactPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PER_NETWORK", 2)
    for number in range(2):
        tip(
            make.make_point(f"k{number}@example.nl"),
            facts(f"v{number}@example.org"),
            ip="203.0.113.9",
        )
    with pytest.raises(ReferralRefused):
        tip(point, facts("v9@example.org"), ip="203.0.113.200")
    assert set(Tip.objects.values_list("network", flat=True)) == {"203.0.113.0"}


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(["v@example.org", "w@example.org"]), min_size=1, max_size=6))
def test_inv27_never_two_mails_to_one_address(point: ContactPoint, friends: list[str]) -> None:
    with transaction.atomic():
        for number, friend in enumerate(friends):
            tip(point, facts(friend), at=NOW + timedelta(days=2 * number))
        sent = list(OutboxMail.objects.values_list("recipient", flat=True))
        assert sorted(sent) == sorted(set(friends))
        assert not Standing.objects.exists()
        transaction.set_rollback(True)
