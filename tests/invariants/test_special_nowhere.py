"""INV-32: what an exception opens is in no group, letter, series, test, download or answer.

Every road by which a value or the fact of a yes could reach somebody with marketing is walked: each
refuses, and says nothing of what is kept.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.keys import make_key
from akkoord.accounts.models import Role, Staff
from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign
from akkoord.campaigns.series_actions import SeriesFacts, create_series
from akkoord.consent.models import EvidenceFile, PermissionEvent, Standing
from akkoord.consent.special_values import read_values, write_value
from akkoord.consent.tests.factories import make_topic
from akkoord.consent.tests.test_special_values import World, _world, say_yes
from akkoord.messages.compile import compile_message
from akkoord.messages.groups import GroupRefused
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import make_source
from akkoord.messages.values import field_facts
from akkoord.people.models import OwnFieldValue
from akkoord.people.queries import people_page
from akkoord.register.models import ActivityField, PersonalDataField, Purpose
from akkoord.register.queries import field_allowed, fields_in_use, live_topics, own_fields
from akkoord.retention.fields import present_sql
from akkoord.rights.export import export_document
from akkoord.segments.actions import GroupRejected, create_group
from akkoord.segments.builder import TOPIC, Row, Rules
from akkoord.segments.builder_page import draw
from akkoord.segments.language import segment_condition
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change
from akkoord.trail.seal import seal

pytestmark = pytest.mark.django_db
SECRET = "pindakaasallergie"
NAME = "allerg"  # how its field begins, in both languages


@pytest.fixture
def world() -> World:
    """A guest of whom the owner may know what they cannot eat, and does."""
    world = _world(timezone.now())
    say_yes(world, timezone.now())
    write_value(
        person_id=world.guest.id,
        field_key="allergie",
        value=SECRET,
        at=timezone.now(),
        actor=world.owner,
    )
    return world


@pytest.fixture
def topic(world: World) -> Purpose:
    return make_topic()


def special_purpose() -> Purpose:
    return Purpose.objects.get(slug="art9-allergie")


Road = Callable[[World, Purpose], object]
REFUSES = (GroupRefused, GroupRejected, CompileError, CampaignRefused, IntegrityError)


def _group(text: str) -> Road:
    return lambda _world, topic: segment_condition(text, topic, timezone.now())


def _saved_group(world: World, topic: Purpose) -> object:
    return create_group(
        purpose=topic,
        name="Wie wat",
        text=f'allergie is "{SECRET}"',
        at=timezone.now(),
        actor=world.owner,
    )


def _group_of_it(world: World, _topic: Purpose) -> object:
    return create_group(
        purpose=special_purpose(),
        name="Allen",
        text='language is "nl"',
        at=timezone.now(),
        actor=world.owner,
    )


def _letter(body: str, subject: str = "Nieuws") -> Road:
    def road(_world: World, topic: Purpose) -> object:
        source = make_source(body=body, subject=subject)
        return compile_message(source, allowed_fields=field_facts(topic))

    return road


def _campaign(segment: str = "", body: str = "Dag", purpose: str = "") -> Road:
    def road(world: World, topic: Purpose) -> object:
        return create_campaign(
            purpose=special_purpose() if purpose else topic,
            text=CampaignText(name="Brief", subject="Nieuws", body=body, segment=segment),
            at=timezone.now(),
            actor=world.owner,
        )

    return road


def _series(**facts: object) -> Road:
    def road(world: World, topic: Purpose) -> object:
        given = {
            "name": "Reeks",
            "trigger": "welcome",
            **{key: make() if callable(make) else make for key, make in facts.items()},
        }
        return create_series(
            purpose=topic,
            facts=SeriesFacts(**given),  # type: ignore[arg-type]
            at=timezone.now(),
            actor=world.owner,
        )

    return road


def _series_for_it(world: World, _topic: Purpose) -> object:
    facts = SeriesFacts(name="Reeks", trigger="welcome")
    return create_series(
        purpose=special_purpose(), facts=facts, at=timezone.now(), actor=world.owner
    )


def _in_plain(world: World, _topic: Purpose) -> object:
    return OwnFieldValue.objects.create(
        person=world.guest, field=world.exception.field, value=SECRET, updated_at=timezone.now()
    )


def _admitted(world: World, topic: Purpose) -> object:
    return ActivityField.objects.create(
        activity_key=topic.activity_key, field=world.exception.field, admitted_at=timezone.now()
    )


@pytest.mark.parametrize(
    "road",
    [
        pytest.param(_group(f'allergie is "{SECRET}"'), id="a group by its value"),
        pytest.param(_group("allergie is not empty"), id="a group of who has one"),
        pytest.param(_group('not allergie is empty and language is "nl"'), id="a group, hidden"),
        pytest.param(_group('chose topic "art9-allergie"'), id="a group of who said yes to it"),
        pytest.param(_saved_group, id="a saved group"),
        pytest.param(_group_of_it, id="a group of its own purpose"),
        pytest.param(_letter("U kunt {{ allergie }} niet eten."), id="a field in a letter"),
        pytest.param(_letter("Dag", subject="{{ allergie }}"), id="a field in a subject"),
        pytest.param(_letter("{% if allergie %}Dag{% endif %}"), id="a condition in a letter"),
        pytest.param(_campaign(body="{{ allergie }}"), id="a campaign with it"),
        pytest.param(_campaign(segment="allergie is not empty"), id="a campaign to a group of it"),
        pytest.param(_campaign(purpose="its own"), id="a campaign for its purpose"),
        pytest.param(_series_for_it, id="a series for its purpose"),
        pytest.param(_series(segment="allergie is not empty"), id="a series for a group of it"),
        pytest.param(_series(trigger="birthday", field_key="allergie"), id="a series by its day"),
        pytest.param(
            _series(goal="choice", goal_topic_id=lambda: special_purpose().id),
            id="a series that a yes to it ends",
        ),
        pytest.param(_in_plain, id="an answer in plain words"),
        pytest.param(_admitted, id="the field in a topic"),
    ],
)
def test_inv32_no_road_of_marketing_takes_it(world: World, topic: Purpose, road: Road) -> None:
    with pytest.raises(REFUSES), transaction.atomic():
        road(world, topic)


def test_inv32_the_builder_offers_neither_the_field_nor_the_yes(
    world: World, topic: Purpose
) -> None:
    for row in (Row("allergie", "is", SECRET), Row(TOPIC, "chose", "art9-allergie")):
        drawn = draw(topic, Rules((row,), "all"), at=timezone.now())
        assert drawn.problem
        assert drawn.found is None
    offered = {each.key for each in own_fields()} | {each.key for each in fields_in_use()}
    assert "allergie" not in offered | field_allowed(topic.activity_key)
    assert "art9-allergie" not in {each.slug for each in live_topics()}


def test_inv32_nothing_that_staff_search_read_or_download_has_it(
    world: World, topic: Purpose
) -> None:
    assert people_page(text=SECRET).people == []
    document = export_document(world.guest, at=timezone.now())
    assert document["files"] == []  # the signed paper names it
    about = document.pop("about")  # the register, the same for everybody
    assert SECRET not in str(about)
    stores = str(document)
    assert SECRET not in stores
    assert NAME not in stores.lower()  # that there is a field tells of the person too
    assert "art9" not in stores
    assert "consent_specialvalue" not in stores
    assert SECRET in str(export_document(world.guest, at=timezone.now(), redacted=True))
    with connection.cursor() as cursor:
        cursor.execute(present_sql(some=False), {"people": []})
        assert "allergie" not in {field for _person, field in cursor.fetchall()}


ABOUT_FIELDS = ("/register/", "/velden/")  # where the exception itself stands, about nobody
PAGES = ("/", "/mensen/", "/groepen/", "/brieven/", "/register/", "/velden/", "/overzicht/")


@pytest.mark.parametrize("role", ["owner", "marketer", "privacy-officer"])
def test_inv32_no_page_but_its_own_shows_it(world: World, client: Client, role: str) -> None:
    actors = {"owner": world.owner, "marketer": world.marketer, "privacy-officer": world.officer}
    client.force_login(Staff.objects.get(id=actors[role].id))
    person = reverse("people:person", args=[world.guest.id])
    correct = reverse("people:person_correct", args=[world.guest.id])
    keep = reverse("rights:keep", args=[world.guest.id])
    for address in (*PAGES, person, correct, keep):
        seen = client.get(address).content.decode().lower()
        assert SECRET not in seen, address
        if address not in ABOUT_FIELDS:
            assert NAME not in seen, address


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("marketer", 403), ("privacy-officer", 403)]
)
def test_inv32_its_paper_and_its_proofs_are_for_the_one_role(
    world: World, client: Client, role: str, status: int
) -> None:
    read_values(person_id=world.guest.id, at=timezone.now(), actor=world.owner)
    yes = PermissionEvent.objects.get(state="given")
    seen = Change.objects.get(action="special.read")
    seal(timezone.now())
    actors = {"owner": world.owner, "marketer": world.marketer, "privacy-officer": world.officer}
    client.force_login(Staff.objects.get(id=actors[role].id))
    paper = EvidenceFile.objects.get()
    assert client.get(reverse("consent:evidence_file", args=[paper.id])).status_code == status
    for event in (yes, seen):
        assert client.get(reverse("trail:proof_file", args=[event.id])).status_code == status


@pytest.mark.parametrize("role", sorted(Role.values))
def test_inv32_no_key_of_the_api_reads_it(world: World, topic: Purpose, role: str) -> None:
    made = make_key(name="Winkel", role=role, at=timezone.now(), actor=Actor.system())
    headers = {"Authorization": f"Bearer {made.secret}"}
    client = Client()
    for path in ("/topics", f"/permissions?email={world.point.value}"):
        answer = client.get(f"/api/v1{path}", headers=headers).content.decode()
        assert SECRET not in answer
        assert "allergie" not in answer


def test_inv32_a_field_made_special_takes_no_answer_any_more(world: World, topic: Purpose) -> None:
    """Whatever a field was before: the database asks it at each answer."""
    field = PersonalDataField.objects.get(key="city")
    PersonalDataField.objects.filter(id=field.id).update(is_special=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnFieldValue.objects.create(
            id=uuid4(), person=world.guest, field=field, value="x", updated_at=timezone.now()
        )
    assert Standing.objects.filter(purpose=special_purpose()).exists()
