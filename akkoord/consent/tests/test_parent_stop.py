"""A parent takes their yes back; at sixteen the child answers themselves (INV-14, 24, 34)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.lapse import lapse_consents
from akkoord.consent.models import PermissionEvent, SignUp, Standing
from akkoord.consent.own_yes import end_parents_yeses
from akkoord.consent.parent import answer_by_parent
from akkoord.consent.parent_stop import stop_by_parent
from akkoord.consent.renew import renew
from akkoord.consent.sign_up import SignUpFacts, request_sign_up
from akkoord.consent.tests import factories as make
from akkoord.consent.tests.test_parent import LATER, child_confirmed, token_of
from akkoord.consent.tokens import parent_stop_link, read_renewal, renewal_link
from akkoord.consent.withdraw import GONE
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import OutboxMail
from akkoord.law.age_rules import parents_yes_until
from akkoord.people.models import Person
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
NEXT = LATER + timedelta(minutes=1)
YEAR_ON = LATER + timedelta(days=366)


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic("club", asks_age=True))


def agreed(shown) -> SignUp:
    """A child whose parent said yes."""
    sign_up = child_confirmed(shown)
    answer_by_parent(token_of(sign_up), agrees=True, at=LATER)
    sign_up.refresh_from_db()
    return sign_up


def address(sign_up: SignUp) -> str:
    return "/" + parent_stop_link(sign_up.contact_point_id).split("/", 3)[3]


def letter_of(sign_up: SignUp, *, at: datetime) -> str:
    """The address behind the button of a letter of that day."""
    purpose = Purpose.objects.get()
    return renewal_link(point_id=sign_up.contact_point_id, purpose_id=purpose.id, at=at)


def own_yes(sign_up: SignUp, *, at: datetime) -> PermissionEvent | None:
    """The child presses in the letter of that day."""
    place = read_renewal(letter_of(sign_up, at=at).rstrip("/").rpartition("/")[2])
    return renew(place, sign_up.contact_point, at=at)


def test_inv14_the_link_stands_in_the_parents_mail_and_on_the_page_after_the_yes(shown) -> None:
    sign_up = child_confirmed(shown)
    mail = OutboxMail.objects.get(kind="parent-confirmation")
    link = parent_stop_link(sign_up.contact_point_id)
    assert link in mail.text
    assert link in mail.html
    SignUp.objects.update(expires_at=timezone.now() + timedelta(days=1))
    visitor = Client(HTTP_ACCEPT_LANGUAGE="nl")
    page = visitor.post(f"/ouder/{token_of(sign_up)}/", {"do": "yes"})
    assert link in page.content.decode()


def test_inv24_a_parent_stops_in_one_press_as_they_agreed_in_one(shown) -> None:
    sign_up = agreed(shown)
    visitor = Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)
    for _ in range(3):  # link scanners open every link
        page = visitor.get(address(sign_up))
        assert page.status_code == 200
        assert "kid@example.nl" not in page.content.decode()
        assert "club" not in page.content.decode().lower()
    assert Standing.objects.get().state == "confirmed"
    assert "Het is gestopt" in visitor.post(address(sign_up)).content.decode()
    standing = Standing.objects.get()
    assert (standing.state, standing.method) == ("withdrawn", "parent")
    assert visitor.post(address(sign_up)).status_code == 200  # twice is once
    assert PermissionEvent.objects.filter(state="withdrawn").count() == 1


def test_inv34_no_question_is_asked_and_no_cookie_is_needed(shown) -> None:
    sign_up = agreed(shown)
    answer = Client(enforce_csrf_checks=True).post(address(sign_up), b"", content_type="text/plain")
    assert answer.status_code == 200
    assert not answer.cookies
    assert Standing.objects.get().state == "withdrawn"


def test_inv14_it_lasts_and_reaches_the_request_that_still_waits(shown) -> None:
    sign_up = child_confirmed(shown)
    assert stop_by_parent(sign_up.contact_point_id, at=NEXT) == 0
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.parent_email) == ("expired", "")
    answer_by_parent(token_of(sign_up), agrees=True, at=NEXT)
    assert not PermissionEvent.objects.filter(state="confirmed").exists()


def test_inv14_the_token_opens_nothing_else_and_no_other_token_opens_it(shown) -> None:
    sign_up = agreed(shown)
    token = address(sign_up).rstrip("/").rpartition("/")[2]
    visitor = Client()
    for place in ("ouder", "b", "u", "v", "waarom", "ja"):
        assert visitor.post(f"/{place}/{token}/").status_code == 404
    other = make.confirmation_token(sign_up)
    assert visitor.post(f"/ouder/stop/{other}/").status_code == 404
    assert visitor.post("/ouder/stop/cut-off/").status_code == 404
    assert Standing.objects.get().state == "confirmed"


def test_a_child_who_was_erased_gets_nothing_and_the_page_says_so(shown) -> None:
    assert stop_by_parent(uuid7(), at=NEXT) == GONE
    link = "/" + parent_stop_link(uuid7()).split("/", 3)[3]
    assert Client().post(link).status_code == 200


def test_inv14_a_parents_yes_ends_when_any_child_is_sixteen(shown) -> None:
    Purpose.objects.update(consent_months=None)
    agreed(shown)
    standing = Standing.objects.get()
    assert standing.valid_until == parents_yes_until(LATER)
    from akkoord.permission.queries import ask

    point, purpose = standing.contact_point_id, standing.purpose
    before = standing.valid_until - timedelta(seconds=1)
    assert ask([point], purpose, "email", at=before)[point].allowed
    assert not ask([point], purpose, "email", at=standing.valid_until)[point].allowed
    assert lapse_consents(at=standing.valid_until) == 1
    event = PermissionEvent.objects.get(state="expired")
    assert event.evidence["asks_own_yes"] is True


def test_inv14_a_topics_shorter_term_stays(shown) -> None:
    Purpose.objects.update(consent_months=6)
    agreed(shown)
    assert Standing.objects.get().valid_until < YEAR_ON


def test_inv14_every_night_older_yeses_of_parents_end_too(shown) -> None:
    """Those that were written before a parent's yes had a term of its own."""
    agreed(shown)
    Standing.objects.update(valid_until=None)
    over = parents_yes_until(LATER)
    assert end_parents_yeses(at=over - timedelta(days=1)) == 0
    assert end_parents_yeses(at=over) == 1
    assert end_parents_yeses(at=over) == 0
    assert Standing.objects.get().state == "expired"
    assert PermissionEvent.objects.get(state="expired").evidence["asks_own_yes"] is True


def test_inv14_a_grown_ups_yes_is_never_ended_by_that(shown) -> None:
    sign_up = make.sign_up(shown, "big@example.nl", said_sixteen=True)
    confirm_sign_up(make.confirmation_token(sign_up), at=LATER)
    assert end_parents_yeses(at=LATER + timedelta(days=4000)) == 0


def test_inv14_the_own_yes_takes_the_place_of_the_parents(shown) -> None:
    sign_up = agreed(shown)
    assert own_yes(sign_up, at=YEAR_ON) is not None
    person = Person.objects.get()
    assert (person.is_known_child, person.known_child_at) == (False, None)
    event = PermissionEvent.objects.order_by("id").last()
    assert event.evidence["said_sixteen"] is True
    assert "parent_consent" not in event.evidence
    # From now on only the child can stop it.
    assert stop_by_parent(sign_up.contact_point_id, at=YEAR_ON) == 0
    assert Standing.objects.get().state == "confirmed"


def test_inv14_before_a_year_is_over_the_own_word_does_not_pass_the_parent(shown) -> None:
    sign_up = agreed(shown)
    soon = LATER + timedelta(days=300)
    assert own_yes(sign_up, at=soon) is None
    assert Person.objects.get().is_known_child is True
    facts = SignUpFacts(
        email="kid@example.nl",
        version_ids=tuple(shown.purpose_version_ids),
        said_sixteen=True,
        ip="203.0.113.77",
    )
    assert request_sign_up(collection_point=shown, facts=facts, at=soon).sign_up is None


def test_inv23_the_page_at_sixteen_changes_nothing_before_the_press(shown) -> None:
    sign_up = agreed(shown)
    ago = timezone.now() - timedelta(days=370)
    Person.objects.update(known_child_at=ago)
    Standing.objects.update(since=ago, valid_until=timezone.now() + timedelta(days=9))
    path = "/" + letter_of(sign_up, at=timezone.now()).split("/", 3)[3]
    visitor = Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)
    page = visitor.get(path).content.decode()
    assert "Bent u nu 16 of ouder?" in page
    assert "kid@example.nl" not in page
    assert Person.objects.get().is_known_child is True
    assert "Het gaat door" in visitor.post(path).content.decode()
    assert Person.objects.get().is_known_child is False


def test_inv14_a_year_on_the_form_lets_them_in_themselves(shown) -> None:
    agreed(shown)
    again = make.sign_up(shown, "kid@example.nl", said_sixteen=True, at=YEAR_ON)
    confirm_sign_up(make.confirmation_token(again), at=YEAR_ON)
    assert Person.objects.get().is_known_child is False
