"""Saved groups: the builder and its text are one, the topic's bounds hold, nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from akkoord.accounts.models import Role
from akkoord.accounts.tests.factories import make_staff
from akkoord.people.models import PostalAddress
from akkoord.permission.tests.factories import NOW, give, make_point, make_topic
from akkoord.register.models import Purpose
from akkoord.segments import actions
from akkoord.segments.actions import GroupRejected
from akkoord.segments.builder import NotInRows, rules_of, tree_of
from akkoord.segments.builder_page import draw, read_rules
from akkoord.segments.fields import fields_for
from akkoord.segments.language import parse
from akkoord.segments.models import Group, GroupVersion
from akkoord.segments.queries import count_of, sample_of
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tests.test_compile import admit
from akkoord.segments.tests.test_compile import topic as topic  # a fixture
from akkoord.segments.writing import text_of
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BY = Actor.system()
UTRECHT = 'city is "Utrecht"'


def living_in(city: str, address: str, topic: Purpose, *, yes: bool = True) -> None:
    point = make_point(address)
    PostalAddress.objects.create(person=point.person, city=city, created_at=NOW)
    if yes:
        give(point, topic)


@pytest.fixture
def client(topic: Purpose) -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend=BACKEND)
    return found


def make_group(topic: Purpose, text: str = UTRECHT, name: str = "Utrecht") -> Group:
    return actions.create_group(purpose=topic, name=name, text=text, at=NOW, actor=BY)


@pytest.mark.parametrize(
    "text",
    [
        UTRECHT,
        "bought at least 2 times within 90 days and spent at most 99.50 within 9 days",
        'company starts with "Fiets" or known_since anniversary within 7 days',
        "known_since within next 7 days and known_since exactly 9 days ago",
        "last_purchase at least 90 days ago or (source is empty and company is empty)",
        "pressed link within 5 letters or not pressed link within 5 letters",
        "not opened letter within 30 days and opened letter within 3650 days",
        'in group "A" and not in group "B" and (in group "C" or source is empty)',
        'city is "Utrecht" and last_purchase within 90 days and not chose topic "newsletter"',
        'city is not "Ede" or (purchase_amount more than 12.50 and city is not empty)',
        '(city is "Ede" or city is "Zeist") and last_purchase before 2026-01-31',
        'chose topic "newsletter"',
        "last_purchase is empty",
    ],
)
def test_rows_and_text_are_the_same_group(text: str, topic: Purpose) -> None:
    rules = rules_of(parse(text))
    again = tree_of(rules, fields_for(topic))
    assert again is not None
    assert set(text_of(again)) == set(text)
    assert rules_of(again) == rules_of(parse(text_of(again)))


def test_what_goes_deeper_stays_text(topic: Purpose) -> None:
    deep = 'city is "a" and (city is "b" or (city is "c" and city is "d"))'
    with pytest.raises(NotInRows):
        rules_of(parse(deep))
    with pytest.raises(NotInRows):
        rules_of(parse('not (city is "a" or city is "b")'))
    assert make_group(topic, deep).text == deep


junk = st.dictionaries(
    st.sampled_from(
        [f"rij-{n}-{part}" for n in range(4) for part in ("veld", "hoe", "wat", "blok")] + ["samen"]
    ),
    st.sampled_from(
        ["city", "@topic", "is", "within", "", "nan", "1e999", "-1", "９", "x\0y", "any"]
    ),
)


@given(junk)
def test_no_form_breaks_the_builder(sent: dict[str, str]) -> None:
    purpose = Purpose.objects.filter(slug="newsletter").first() or make_topic()
    built = draw(purpose, read_rules(sent), at=NOW)
    if built.text:
        parse(built.text)


def test_the_count_and_the_sample_ask_the_gate(topic: Purpose) -> None:
    living_in("Utrecht", "a@example.nl", topic)
    living_in("Utrecht", "b@example.nl", topic, yes=False)
    living_in("Ede", "c@example.nl", topic)
    found = count_of(UTRECHT, topic, at=NOW)
    assert (found.people, found.may) == (2, 1)
    assert [each.value for each in sample_of(UTRECHT, topic, at=NOW)] == ["a@example.nl"]


def test_every_version_stays_and_can_be_put_back(topic: Purpose) -> None:
    group = make_group(topic)
    changed = actions.revise_group(
        group_id=group.id, name="Ede", text='city is "Ede"', version=1, at=NOW, actor=BY
    )
    same = actions.revise_group(
        group_id=group.id, name="Ede", text='city  IS "Ede"', version=2, at=NOW, actor=BY
    )
    assert (changed.version, same.version) == (2, 2)
    actions.put_back(group_id=group.id, number=1, at=NOW + timedelta(days=1), actor=BY)
    group.refresh_from_db()
    assert (group.text, group.version, group.name) == (UTRECHT, 3, "Ede")
    assert list(GroupVersion.objects.values_list("number", flat=True).order_by("number")) == [
        *(1, 2, 3)
    ]


def test_two_who_change_it_at_once(topic: Purpose) -> None:
    group = make_group(topic)
    arguments: dict[str, Any] = {"group_id": group.id, "at": NOW, "actor": BY, "version": 1}
    actions.revise_group(name="x", text=UTRECHT, **arguments)
    with pytest.raises(GroupRejected):
        actions.revise_group(name="y", text=UTRECHT, **arguments)


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("", UTRECHT, "name"),
        ("x", " ", "text"),
        ("x", "city is", "text"),
        ("x", 'given_name is "Anna"', "text"),
        ("Utrecht", UTRECHT, "name"),
        ("x", 'city is "anna@example.nl"', "text"),
        ("x", 'city is "06 1234 5678 9"', "text"),
    ],
)
def test_what_cannot_be_kept(name: str, text: str, field: str, topic: Purpose) -> None:
    make_group(topic)
    with pytest.raises(GroupRejected) as refused:
        make_group(topic, text, name)
    assert refused.value.field == field
    assert refused.value.sentence
    assert Group.objects.count() == 1


def test_a_part_of_an_address_may_stand_in_a_group(topic: Purpose) -> None:
    admit(topic, "email")
    assert make_group(topic, 'email contains "@example.nl"').text


def test_the_database_keeps_no_group_that_says_nothing(topic: Purpose) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.create(purpose=topic, name="x", text="", created_at=NOW, updated_at=NOW)


def test_inv31_a_field_of_another_topic_is_explained_in_its_row(
    client: Client, topic: Purpose
) -> None:
    sent = {"rij-0-veld": "given_name", "rij-0-hoe": "is", "rij-0-wat": "Anna", "vorm": "rijen"}
    answer = client.post(f"/groepen/nieuw/?onderwerp={topic.slug}", sent).content.decode()
    assert "voor een ander doel" in answer or "niet voor" in answer.lower()
    assert 'aria-invalid="true"' in answer


def test_the_builder_in_the_browser_s_steps(client: Client, topic: Purpose) -> None:
    living_in("Utrecht", "a@example.nl", topic)
    path = f"/groepen/nieuw/?onderwerp={topic.slug}"
    assert "Mensen voor wie" in client.get(path).content.decode()
    row = {"rij-0-veld": "city", "rij-0-hoe": "is", "rij-0-wat": "Utrecht", "vorm": "rijen"}
    part = client.post(path, row, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "stad is &quot;Utrecht&quot;" in part
    more = client.post(path, {**row, "doe": "blok"}).content.decode()
    assert 'name="rij-1-blok" value="1"' in more
    gone = client.post(path, {**row, "doe": "weg-0"}).content.decode()
    assert 'name="rij-0-veld"' not in gone
    text = client.post(path, {**row, "doe": "tekst"}).content.decode()
    assert "stad is &quot;Utrecht&quot;</textarea>" in text
    back = client.post(path, {"vorm": "tekst", "tekst": UTRECHT, "doe": "rijen"}).content.decode()
    assert 'value="Utrecht"' in back
    kept = client.post(path, {**row, "doe": "bewaar", "naam": "Utrecht"})
    group = Group.objects.get()
    assert kept["Location"] == f"/groepen/{group.id}/"
    assert group.text == UTRECHT


def test_a_rule_that_is_not_whole_is_not_lost_and_not_kept(client: Client, topic: Purpose) -> None:
    path = f"/groepen/nieuw/?onderwerp={topic.slug}"
    sent = {
        "rij-0-veld": "city",
        "rij-0-hoe": "is",
        "rij-0-wat": "Ede",
        "rij-1-veld": "city",
        "rij-1-hoe": "is",
        "rij-1-wat": "",
        "vorm": "rijen",
        "doe": "bewaar",
        "naam": "x",
    }
    answer = client.post(path, sent).content.decode()
    assert "Vul elke regel in" in answer
    assert 'value="Ede"' in answer
    assert not Group.objects.exists()


def test_inv45_who_looks_at_people_stands_in_the_trail(client: Client, topic: Purpose) -> None:
    living_in("Utrecht", "a@example.nl", topic)
    group = make_group(topic)
    assert "a@example.nl" in client.post(f"/groepen/{group.id}/mensen/").content.decode()
    assert Change.objects.filter(action="group.show-people", object_id=group.id).exists()


def test_copy_put_away_and_use_again(client: Client, topic: Purpose) -> None:
    group = make_group(topic)
    client.post(f"/groepen/{group.id}/kopie/")
    client.post(f"/groepen/{group.id}/kopie/")
    assert sorted(Group.objects.values_list("name", flat=True)) == [
        *("Utrecht", "Utrecht (kopie 2)", "Utrecht (kopie)")
    ]
    client.post(f"/groepen/{group.id}/opbergen/")
    assert "Utrecht (kopie)" in client.get("/groepen/").content.decode()
    assert group.id.hex not in client.get("/groepen/").content.decode().replace("-", "")
    assert "Utrecht" in client.get("/groepen/?toon=opgeborgen").content.decode()
    make_group(topic)
    client.post(f"/groepen/{group.id}/terug/")
    group.refresh_from_db()
    assert group.ended_at is not None, "its name is another's now"


def test_a_letter_begins_with_the_group(client: Client, topic: Purpose) -> None:
    group = make_group(topic)
    page = client.get(f"/campagnes/nieuw/?hoe=markdown&groep={group.id}").content.decode()
    assert "stad is &quot;Utrecht&quot;</textarea>" in page
    assert client.get("/campagnes/nieuw/?groep=nonsense").status_code == 200


def test_the_pages_ask_a_bounded_number_of_questions(
    client: Client, topic: Purpose, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_group(topic, name=f"groep {number}")
    with django_assert_max_num_queries(16):
        assert client.get("/groepen/").status_code == 200
    with django_assert_max_num_queries(30):
        assert client.get(f"/groepen/{Group.objects.first().id}/").status_code == 200  # type: ignore[union-attr]


def test_a_privacy_officer_reads_and_changes_nothing(topic: Purpose) -> None:
    group = make_group(topic)
    officer = Client()
    officer.force_login(
        make_staff(role=Role.PRIVACY_OFFICER, email="fg@example.nl"), backend=BACKEND
    )
    assert officer.get(f"/groepen/{group.id}/").status_code == 200
    assert officer.post(f"/groepen/{group.id}/opbergen/").status_code == 403


def test_a_group_whose_topic_lost_a_field_says_so(client: Client, topic: Purpose) -> None:
    group = make_group(topic)
    topic.activity_key = "elsewhere"
    topic.save()
    page = client.get(f"/groepen/{group.id}/").content.decode()
    assert 'class="error"' in page
    with pytest.raises(SegmentError):
        count_of(group.text, topic, at=NOW)
