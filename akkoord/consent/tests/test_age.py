"""Staff say that somebody is, or is not, under sixteen (INV-14)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.age import HeardFrom, say_age
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.forms_publishing import FormFacts, create_form, publish_form
from akkoord.consent.models import PermissionEvent
from akkoord.consent.tests import factories as make
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import audience
from akkoord.register.models import Purpose
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def point() -> ContactPoint:
    make.make_organisation()
    shown = make.make_form(make.make_topic())
    moment = timezone.now() - timedelta(hours=2)
    confirm_sign_up(make.confirmation_token(make.sign_up(shown, at=moment)), at=moment)
    return ContactPoint.objects.select_related("person").get()


def is_reached() -> bool:
    return audience(Purpose.objects.get(is_topic=True), "email", at=timezone.now()).exists()


def say(point: ContactPoint, *, is_child: bool) -> bool:
    return say_age(
        person_id=point.person_id,
        is_child=is_child,
        heard=HeardFrom.PARENT,
        at=timezone.now(),
        actor=make.STAFF,
    )


def test_inv14_what_no_parent_agreed_to_permits_nothing_from_that_second(
    point: ContactPoint,
) -> None:
    events = PermissionEvent.objects.count()
    assert is_reached()
    assert say(point, is_child=True)
    assert not is_reached()
    assert say(point, is_child=False)
    assert is_reached()
    assert PermissionEvent.objects.count() == events  # history stays as it was
    notes = Change.objects.filter(action="person.age")
    assert [each.fields for each in notes] == [["age", "heard-from-parent"]] * 2
    assert not say(point, is_child=False)
    assert notes.count() == 2


def test_inv14_a_box_ticked_before_staff_heard_it_does_not_undo_it(point: ContactPoint) -> None:
    facts = FormFacts(
        name="Club",
        topic_ids=(make.make_topic("club", asks_age=True).id,),
        field_keys=("email",),
    )
    form = create_form(facts=facts, at=make.NOW, actor=make.STAFF)
    shown = publish_form(form_id=form.id, at=make.NOW, actor=make.STAFF)[0]
    asked = make.sign_up(shown, at=timezone.now() - timedelta(minutes=5), said_sixteen=True)
    say(point, is_child=True)
    confirm_sign_up(make.confirmation_token(asked), at=timezone.now())
    point.person.refresh_from_db()
    assert point.person.is_known_child is True
    assert not audience(Purpose.objects.get(slug="club"), "email", at=timezone.now()).exists()


def test_staff_say_it_on_the_page_with_how_they_know_and_undo_it(point: ContactPoint) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/formulieren/mens/{point.person_id}/leeftijd/"
    assert address in client.get(f"/mensen/{point.person_id}/").content.decode()
    missing = client.post(address, {"age": "child"}).content.decode()
    assert "id_heard_error" in missing
    page = client.post(address, {"age": "child", "heard": "heard-from-person"}, follow=True)
    text = page.content.decode()
    assert "Bekend als jonger dan 16" in text
    assert "een van de ouders" in text
    client.post(address, {"age": "sixteen", "heard": "noted-by-mistake"})
    point.person.refresh_from_db()
    assert (point.person.is_known_child, point.person.known_child_at) == (False, None)
    assert is_reached()
