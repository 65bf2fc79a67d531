"""Who stands behind a number of the plan, and what keeps them; a hold from there (art. 5(1)(e))."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akkoord.accounts.models import Staff
from akkoord.consent.actions import restrict_person
from akkoord.consent.tests.factories import make_organisation
from akkoord.retention import people_due
from akkoord.retention.due import count_due
from akkoord.retention.holds import put_hold
from akkoord.retention.people_due import due_page
from akkoord.retention.tests.factories import NOW, TODAY, bought, said, somebody
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change, Seen

pytestmark = pytest.mark.django_db
STAFF = Actor.system()


@pytest.fixture(autouse=True)
def house() -> None:
    make_organisation()


def who(kind: str, days: int = 0, **more: Any) -> list[Any]:
    values: dict[str, Any] = {"activity_key": "customers", "today": TODAY} | more
    return list(due_page(kind=kind, days=days, **values).people)


def test_the_list_is_of_just_who_was_counted() -> None:
    """Goes tonight, goes later, held, frozen, and kept by something else: each where it counts."""
    tonight, later, held, frozen, reader = (somebody() for _each in range(5))
    for each in (tonight, held, frozen, reader):
        bought(each, 1200)
    bought(later, 3 * 365 - 20)
    said(reader, "confirmed", 30)
    put_hold(person_id=held.id, reason="Zaak 7", at=NOW, actor=STAFF)
    restrict_person(person_id=frozen.id, actor=Actor.person(), at=NOW)
    assert [each.id for each in who("goes")] == [tonight.id]
    assert {each.id for each in who("goes", 30)} == {tonight.id, later.id}
    stuck = {each.id: each for each in who("held")}
    assert set(stuck) == {held.id, frozen.id}
    assert (stuck[held.id].hold, stuck[frozen.id].is_frozen) == ("Zaak 7", True)
    (kept,) = who("stays")
    assert kept.id == reader.id
    assert [each.until is not None for each in kept.kept]
    counts = {each.effect: each.people for each in count_due(today=TODAY)}
    assert counts["erase"][0] == len(who("goes"))
    assert counts["held"][0] == len(stuck)
    assert counts["stays"][0] == 1


def test_a_page_asks_as_much_for_fifty_as_for_one_and_goes_on_by_key(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Nobody twice, nobody left out, also over the end of a step."""
    monkeypatch.setattr(people_due, "PAGE", 3)
    monkeypatch.setattr(people_due, "STEP", 4)
    people = [somebody() for _each in range(9)]
    for each in people:
        bought(each, 1200)
    seen, after = [], ""
    for _page in range(9):
        with django_assert_max_num_queries(16):
            page = due_page(activity_key="customers", kind="goes", days=0, today=TODAY, after=after)
        seen += [each.id for each in page.people]
        after = page.next_key
        if not after:
            break
    assert seen == sorted(each.id for each in people)


def test_the_responsible_one_looks_is_noted_and_puts_a_hold(client: Client) -> None:
    person = somebody()
    bought(person, 1200)
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    path = reverse("retention:people", args=["customers", "goes"])
    assert f"{path}?dagen=0" in client.get(reverse("retention:index")).content.decode()
    page = client.get(path).content.decode()
    assert "Anna Wit" in page
    assert reverse("retention:person", args=[person.id]) in page
    looked = Change.objects.get(action="retention.people")
    assert looked.fields == ["customers", "goes"]
    assert Seen.objects.get(place="retention.people").person_id == person.id
    put_hold(person_id=person.id, reason="Zaak 7", at=NOW, actor=STAFF)
    assert "Niemand." in client.get(path).content.decode()
    held = client.get(reverse("retention:people", args=["customers", "held"])).content.decode()
    assert "Zaak 7" in held
    for key, kind in (("customers", "nonsense"), ("no-such", "goes")):
        assert client.get(reverse("retention:people", args=[key, kind])).status_code == 404


def test_who_may_not_erase_does_not_see_who(client: Client) -> None:
    client.force_login(
        Staff.objects.create_user("m@example.nl", "x" * 20, role="marketer", name="M")
    )
    path = reverse("retention:people", args=["customers", "goes"])
    assert client.get(path).status_code == 403
    assert path not in client.get(reverse("retention:index")).content.decode()
