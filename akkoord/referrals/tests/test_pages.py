"""The pages: a tip in three steps, a card to give away, the friend's way out, the staff page."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from akkoord.accounts.actions import create_staff
from akkoord.consent.models import Suppression
from akkoord.consent.sections import entries_for
from akkoord.consent.tests import factories as make
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import ContactPoint
from akkoord.referrals.actions import ReferralRefused, make_card, record_use
from akkoord.referrals.models import Card, CardUse, Programme
from akkoord.referrals.tests.test_tips import FRIEND, VALUES, offer
from akkoord.referrals.tokens import never_link, tip_link

pytestmark = pytest.mark.django_db
NOW = make.NOW
CARDS = {
    "mail_is_on": False,
    "card_is_on": True,
    "card_nl": "Kom eens kijken.",
    "reward_nl": "een helm",
}


@pytest.fixture
def point(time_machine: Any) -> ContactPoint:
    time_machine.move_to(NOW, tick=False)
    make.make_organisation()
    offer()
    return make.make_point("klant@example.nl")


@pytest.fixture
def owner(client: Client) -> Client:
    staff = create_staff(
        email="baas@example.nl", name="B", role="owner", password="een lange zin hier", at=NOW
    )
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def path_of(link: str) -> str:
    return link.removeprefix(settings.BASE_URL)


def test_inv24_fill_in_look_send(point: ContactPoint, client: Client) -> None:
    path = path_of(tip_link(point_id=point.id, at=NOW))
    assert client.get(path).status_code == 200
    data = {"friend": FRIEND, "sender_name": "Anna", "words": "<b>Leuk</b>", "do": "look"}
    seen = client.post(path, data)
    assert "&lt;b&gt;Leuk" in seen.content.decode()
    assert not OutboxMail.objects.exists()
    sent = client.post(path, data | {"seen": seen.context["mark"], "do": "send"})
    assert sent.status_code == 200
    assert OutboxMail.objects.get().recipient == FRIEND
    assert FRIEND not in sent.content.decode()


def test_a_forged_or_old_link_opens_nothing(point: ContactPoint, client: Client) -> None:
    path = path_of(tip_link(point_id=point.id, at=NOW - timedelta(days=2)))
    assert client.get(path).status_code == 410
    assert client.get(f"{path[:-4]}xxx/").status_code == 410
    assert client.get("/tip/nooit/abc/").status_code == 404


def test_the_entry_stands_in_the_preferences_only_while_it_is_offered(point: ContactPoint) -> None:
    def entries() -> list[str]:
        return [each.url for each in entries_for(point, at=NOW) if "/tip/" in each.url]

    assert len(entries()) == 1
    Programme.objects.update(mail_is_on=False)
    assert entries() == []


def test_inv23_the_friends_way_out(point: ContactPoint, client: Client) -> None:
    path = path_of(never_link(keyed_hash(FRIEND)))
    assert client.get(path).status_code == 200
    client.head(path)
    assert not Suppression.objects.exists()
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content, bool(client.cookies)) == (200, b"OK", False)
    entry = Suppression.objects.get()
    assert (entry.scope, entry.reason) == ("marketing", "objection")
    assert bytes(entry.keyed_hash) == keyed_hash(FRIEND)
    assert client.post(path, {"page": "1"}).context["is_done"]


def test_a_card_is_the_customers_own(point: ContactPoint, client: Client) -> None:
    offer(**CARDS)
    path = path_of(tip_link(point_id=point.id, at=NOW))
    client.post(path, {"do": "card"})
    card = Card.objects.get()
    client.post(path, {"do": "card"})
    assert Card.objects.count() == 1
    page = client.get(path).content.decode()
    assert card.code in page
    assert "een helm" in page
    friend = client.get(f"/kaart/{card.code}/").content.decode()
    assert "Kom eens kijken." in friend
    assert "klant@example.nl" not in friend
    assert client.get("/kaart/NIETS/").status_code == 404


def test_a_new_customer_brings_the_giver_a_reward(point: ContactPoint, owner: Client) -> None:
    offer(**CARDS)
    card = make_card(person_id=point.person_id, at=NOW)
    owner.post("/tip-een-vriend/kaart/", {"code": card.code.lower(), "used_on": "2026-11-20"})
    use = CardUse.objects.get()
    assert use.used_on == date(2026, 11, 20)
    assert card.code in owner.get("/tip-een-vriend/").content.decode()
    owner.post(f"/tip-een-vriend/beloning/{use.id}/")
    use.refresh_from_db()
    assert use.rewarded_on == NOW.date()
    wrong = owner.post("/tip-een-vriend/kaart/", {"code": "XXXXXXX", "used_on": "2026-11-20"})
    assert wrong.status_code == 422
    with pytest.raises(ReferralRefused):
        record_use(code=card.code, used_on=NOW.date() + timedelta(days=9), at=NOW, actor=make.STAFF)


def test_inv27_the_page_refuses_a_reward_beside_the_mail_and_says_why(
    point: ContactPoint, owner: Client
) -> None:
    data = {key: "on" if value is True else value for key, value in VALUES.items() if value} | {
        "reward_nl": "een helm"
    }
    answer = owner.post("/tip-een-vriend/", data)
    assert answer.status_code == 422
    assert "11.7" in answer.content.decode()
    assert Programme.objects.get().reward_nl == ""


def test_the_staff_page_asks_few_questions_of_the_database(
    point: ContactPoint, owner: Client, django_assert_max_num_queries: Any
) -> None:
    owner.get("/tip-een-vriend/")
    with django_assert_max_num_queries(20):
        owner.get("/tip-een-vriend/")
