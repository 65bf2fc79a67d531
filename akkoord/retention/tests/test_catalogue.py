"""The field catalogue: what is kept and why, where it is used, and how a field goes (art. 5(1))."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.series_models import Series
from akkoord.consent.forms_publishing import publish_form
from akkoord.consent.models import Form, FormCount, SignUp
from akkoord.consent.tests.factories import make_organisation
from akkoord.imports.models import Import
from akkoord.law.use_rules import Lack, UseKind
from akkoord.messages.models import Dispatch
from akkoord.people.joining_models import Joining
from akkoord.people.models import OwnFieldValue, Person
from akkoord.register.models import (
    ActivityField,
    PersonalDataField,
    Purpose,
    RegisterVersion,
    RetentionRule,
)
from akkoord.register.own_fields import OwnFieldFacts, make_own_field
from akkoord.register.tests.factories import make_topic
from akkoord.retention.catalogue import CatalogueRow, catalogue_rows, idle_fields
from akkoord.retention.letting_go import FieldStays, let_field_go
from akkoord.retention.tests.factories import NOW, TODAY, somebody
from akkoord.segments.models import Group
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change, Leaf

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(days=400)
KEY = "soort"
ME = Actor.system()


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    purpose = make_topic()
    make_own_field(
        facts=OwnFieldFacts("Soort", "Kind", "text", "Om te tonen wat past.", "To show what fits."),
        activity_key=purpose.activity_key,
        at=BEFORE,
        actor=ME,
    )
    return purpose


def row(key: str = KEY) -> CatalogueRow:
    return catalogue_rows(at=NOW, key=key)[0]


def answer(value: str = "Racefiets") -> Person:
    person = somebody()
    field = PersonalDataField.objects.get(key=KEY)
    OwnFieldValue.objects.create(person=person, field=field, value=value, updated_at=NOW)
    return person


def sent(topic: Purpose, days_ago: int, *, body: str = "Dag", group: str = "", **more: Any) -> None:
    moment = NOW - timedelta(days=days_ago)
    values = {"state": Dispatch.State.FINISHED, "content_hash": body + group} | more
    Dispatch.objects.create(
        kind="campaign",
        purpose=topic,
        template={"subject": "Nieuws", "body": body},
        rule_version="1",
        segment=group,
        created_at=moment,
        started_at=moment,
        **values,
    )


def letter(topic: Purpose, body: str) -> Campaign:
    return Campaign.objects.create(
        name="Wacht", purpose=topic, subject="s", body=body, created_at=NOW, updated_at=NOW
    )


def form(topic: Purpose, shown_days_ago: int | None = None, **more: Any) -> Form:
    found = Form.objects.create(
        slug="aanmelden",
        name="Aanmelden",
        topic_ids=[topic.id],
        field_keys=["email", KEY],
        created_at=NOW,
        updated_at=NOW,
        **more,
    )
    if shown_days_ago is not None:
        day = TODAY - timedelta(days=shown_days_ago)
        FormCount.objects.create(form=found, day=day, what="view", n=1)
    return found


def test_a_field_says_all_that_the_register_says(topic: Purpose) -> None:
    found = row()
    assert found.category
    line = found.purposes[0]
    assert (line.activity_key, line.why) == (topic.activity_key, "Om te tonen wat past.")
    assert line.basis
    assert line.term
    assert found.lacks == ()
    assert found.source


@pytest.mark.parametrize(
    ("spoil", "lack"),
    [
        (lambda: ActivityField.objects.filter(field__key=KEY).update(ended_at=NOW), Lack.PURPOSE),
        (lambda: ActivityField.objects.filter(field__key=KEY).update(why_nl=""), Lack.WHY),
        (lambda: RetentionRule.objects.all().update(valid_to=NOW), Lack.TERM),
        (lambda: PersonalDataField.objects.filter(key=KEY).update(category=""), Lack.CATEGORY),
    ],
)
def test_inv31_what_is_lacking_shows(topic: Purpose, spoil: Callable[[], int], lack: Lack) -> None:
    spoil()
    assert row().lacks == (lack,)


def _form(topic: Purpose) -> None:
    form(topic, 10)


def _group(topic: Purpose) -> None:
    Group.objects.create(
        purpose=topic, name="Racers", text=f'{KEY} is "Racefiets"', created_at=NOW, updated_at=NOW
    )
    sent(topic, 10, group='in group "Racers"')


def _letter(topic: Purpose) -> None:
    sent(topic, 10, body="Dag {{ first_name }}, uw {{ soort | default: 'fiets' }}")


def _condition(topic: Purpose) -> None:
    sent(topic, 10)
    found = Dispatch.objects.get()
    found.template |= {"conditions": [[2, f"{KEY} is not empty"]]}
    found.save()


def _selection(topic: Purpose) -> None:
    sent(topic, 10, group=f'{KEY} is "Racefiets"')


def _file(_topic: Purpose) -> None:
    Import.objects.create(
        file_name="klanten.csv",
        state=Import.State.DONE,
        started_at=NOW - timedelta(days=10),
        parts=[{"roles": {"email": 0, f"own:{KEY}": 1, "optin_time": 2}, "is_used": True}],
    )


@pytest.mark.parametrize(
    ("use", "kind"),
    [
        (_form, UseKind.FORM),
        (_group, UseKind.GROUP),
        (_letter, UseKind.LETTER),
        (_condition, UseKind.LETTER),
        (_selection, UseKind.LETTER),
        (_file, UseKind.IMPORT),
    ],
)
def test_a_use_is_seen_with_its_last_day(
    topic: Purpose, use: Callable[[Purpose], None], kind: UseKind
) -> None:
    assert row().asks_to_go
    use(topic)
    found = row()
    assert kind in {each.kind for each in found.uses}
    assert found.last_on == TODAY - timedelta(days=10)
    assert not found.asks_to_go


def test_a_series_that_begins_by_it_goes_on(topic: Purpose) -> None:
    Series.objects.create(
        name="Jarig",
        purpose=topic,
        trigger=Series.Trigger.BIRTHDAY,
        field_key=KEY,
        created_at=NOW,
        updated_at=NOW,
    )
    assert [(each.kind, each.is_live) for each in row().uses] == [(UseKind.SERIES, True)]


def test_after_six_months_it_is_asked_whether_it_can_go(topic: Purpose) -> None:
    assert [each.key for each in idle_fields(at=NOW) if each.field.is_own] == [KEY]
    sent(topic, 200, body="{{ soort }}")
    assert row().asks_to_go
    sent(topic, 100, body="Weer {{ soort }}")
    assert not row().asks_to_go


def test_a_word_that_only_looks_like_the_field_is_no_use(topic: Purpose) -> None:
    sent(topic, 10, body="Elke soort fiets, met { soort } erbij")
    assert row().last_on is None


def test_what_everything_needs_is_never_asked_about(topic: Purpose) -> None:
    PersonalDataField.objects.update(created_at=BEFORE)
    ActivityField.objects.update(admitted_at=BEFORE)
    asked = {each.key for each in idle_fields(at=NOW)}
    assert not asked & {"email", "language", "source"}
    assert "first_name" in asked


def test_letting_go_clears_it_everywhere_and_the_register_says_so(topic: Purpose) -> None:
    people = [answer(), answer("Bakfiets")]
    point = people[0].points.get()
    shown = publish_form(form_id=form(topic).id, at=NOW, actor=ME)[0]
    Form.objects.update(closed_at=NOW)
    SignUp.objects.create(
        person=people[0],
        contact_point=point,
        collection_point=shown,
        typed={KEY: "Ligfiets", "city": "Ergens"},
        language="nl",
        requested_at=NOW,
        expires_at=NOW,
    )
    aside = {"table": "people_ownfieldvalue"}
    field_id = str(PersonalDataField.objects.get(key=KEY).id)
    mine = json.dumps({"field_id": field_id, "value": "Vouwfiets"})
    other = '{"field_id": "0193", "value": "Blijft"}'
    Joining.objects.create(
        person=people[0],
        old_id=people[1].id,
        into_id=people[0].id,
        before={"aside": [aside | {"row": mine}, aside | {"row": other}], "old": "{}"},
        moved={},
        joined_at=NOW,
        undo_until=TODAY,
    )
    connection.check_constraints()
    gone = let_field_go(field_key=KEY, at=NOW, actor=ME)
    assert (gone.people, gone.waiting) == (2, 1)
    assert not OwnFieldValue.objects.exists()
    assert SignUp.objects.get().typed == {"city": "Ergens"}
    assert [each["row"] for each in Joining.objects.get().before["aside"]] == [other]
    assert not ActivityField.objects.filter(field__key=KEY, ended_at=None).exists()
    version = RegisterVersion.objects.filter(key=topic.activity_key).order_by("-number")[0]
    assert version.act == "field.end"
    assert KEY not in {each["key"] for each in version.content["fields"]}
    assert Leaf.objects.filter(event=version.id).exists()
    assert Leaf.objects.filter(event=Change.objects.get(action="field.end").id).exists()
    again = let_field_go(field_key=KEY, at=NOW, actor=ME)
    assert (again.people, again.waiting) == (0, 0)


def test_inv31_an_ended_field_keeps_nothing_whoever_writes(topic: Purpose) -> None:
    person = answer()
    let_field_go(field_key=KEY, at=NOW, actor=ME)
    field = PersonalDataField.objects.get(key=KEY)
    OwnFieldValue.objects.create(person=person, field=field, value="Laat", updated_at=NOW)
    assert not OwnFieldValue.objects.exists()


def _planned(topic: Purpose) -> None:
    Plan.objects.create(
        campaign=letter(topic, "{{ soort }}"), starts_at=NOW, version=1, planned_at=NOW
    )


def _live_group(topic: Purpose) -> None:
    text = f"{KEY} is not empty"
    Group.objects.create(purpose=topic, name="Racers", text=text, created_at=NOW, updated_at=NOW)


def _open_form(topic: Purpose) -> None:
    form(topic)


def _running(topic: Purpose) -> None:
    sent(topic, 1, body="{{ soort }}", state=Dispatch.State.PAUSED)


@pytest.mark.parametrize("use", [_planned, _live_group, _open_form, _running])
def test_what_goes_on_with_it_must_stop_first(
    topic: Purpose, use: Callable[[Purpose], None]
) -> None:
    answer()
    use(topic)
    with pytest.raises(FieldStays) as refused:
        let_field_go(field_key=KEY, at=NOW, actor=ME)
    assert refused.value.uses
    assert OwnFieldValue.objects.count() == 1
    assert PersonalDataField.objects.filter(key=KEY, ended_at=None).exists()


def test_a_draft_holds_nothing(topic: Purpose) -> None:
    letter(topic, "{{ soort }}")
    assert let_field_go(field_key=KEY, at=NOW, actor=ME).people == 0


def test_a_built_in_field_is_not_ended(topic: Purpose) -> None:
    with pytest.raises(FieldStays):
        let_field_go(field_key="first_name", at=NOW, actor=ME)


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_the_pages_show_it_and_one_press_lets_it_go(topic: Purpose, client: Client) -> None:
    answer()
    page = client.get("/bewaren/velden/?soort=kan-weg&q=soort").content.decode()
    assert f"/bewaren/veld/{KEY}/" in page
    assert "/bewaren/veld/first_name/" not in page
    page = client.get(f"/bewaren/veld/{KEY}/").content.decode()
    assert "Om te tonen wat past." in page
    assert "antwoord van 1 mens gaat nu weg" in page
    page = client.post(f"/bewaren/veld/{KEY}/weg/", follow=True).content.decode()
    assert "Het veld is weg" in page
    assert client.get(f"/bewaren/veld/{KEY}/").status_code == 404
    page = client.get("/bewaren/velden/alles/").content.decode()
    assert "Voornaam" in page
    assert "alleen om het aan de mens zelf te laten zien" in page


def test_the_catalogue_asks_as_much_of_two_fields_as_of_many(
    topic: Purpose, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_own_field(
            facts=OwnFieldFacts(f"Wens {number}", f"Wish {number}", "text", "Nodig.", "Needed."),
            activity_key=topic.activity_key,
            at=BEFORE,
            actor=ME,
        )
        letter(topic, "{{ wens }}")
    with django_assert_max_num_queries(40):
        client.get("/bewaren/velden/")
