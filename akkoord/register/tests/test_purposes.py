"""Data that begins to serve another purpose, by every road (art. 5(1)(b), 6(4) GDPR; INV-31)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.law.purpose_rules import Answer, Factor, Outcome, Weighed
from akkoord.messages.values import field_facts, values_for
from akkoord.people.models import ContactPoint, OwnFieldValue, Person
from akkoord.permission.queries import audience
from akkoord.register import hand
from akkoord.register.actions import TopicWords, revise_topic
from akkoord.register.judging import judge
from akkoord.register.models import (
    ActivityField,
    PersonalDataField,
    ProcessingActivity,
    Purpose,
    PurposeChange,
    RegisterVersion,
)
from akkoord.register.own_fields import OwnFieldFacts, admit_field, make_own_field
from akkoord.register.purpose_changes import NeedsWeighing
from akkoord.register.queries import field_allowed, fields_by_yes
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW as MADE
from akkoord.register.tests.factories import make_organisation
from akkoord.retention.tests.factories import NOW, said, somebody
from akkoord.segments.language import segment_condition
from akkoord.segments.refusals import SegmentError
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ME = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
WHY = "Klanten vragen hier zelf om."
KEY = "soort"
LATER = NOW + timedelta(days=1)
FITS = Weighed(WHY, answers=dict.fromkeys(Factor, Answer.FOR))
HARMS = Weighed(WHY, answers=dict.fromkeys(Factor, Answer.AGAINST))
DOUBT = Weighed(WHY, answers=dict.fromkeys(Factor, Answer.BETWEEN))


@pytest.fixture
def people() -> tuple[Person, Person]:
    """Two who read the newsletter and told what they ride; one topic of offers besides."""
    make_organisation()
    both = (somebody(), somebody())
    for each in both:
        said(each, "confirmed", 300, "newsletter")
        said(each, "confirmed", 200, "offers")
    make_own_field(
        facts=OwnFieldFacts("Soort", "Kind", "text", "Om te tonen wat past.", "To show what fits."),
        activity_key="topic-newsletter",
        at=MADE,
        actor=ME,
    )
    field = PersonalDataField.objects.get(key=KEY)
    for each in both:
        OwnFieldValue.objects.create(person=each, field=field, value="Racefiets", updated_at=NOW)
    return both


def offers() -> Purpose:
    return Purpose.objects.get(slug="offers")


def admit(key: str = "topic-offers", weighed: Weighed | None = None, field: str = KEY) -> None:
    admit_field(
        activity_key=key,
        field_key=field,
        why_nl="Voor een aanbod dat past.",
        why_en="For an offer that fits.",
        at=NOW,
        actor=ME,
        weighed=weighed,
    )


def group(text: str, topic: Purpose) -> set[UUID]:
    found = ContactPoint.objects.filter(segment_condition(text, topic, LATER), channel="email")
    return set(found.values_list("person_id", flat=True))


def letter(topic: Purpose) -> dict[UUID, str]:
    points = dict(ContactPoint.objects.filter(channel="email").values_list("id", "person_id"))
    found = values_for(points, [KEY], topics=[topic])
    return {points[point]: values[KEY] for point, values in found.items()}


def test_what_people_agreed_to_asks_a_new_yes(people: tuple[Person, Person]) -> None:
    with pytest.raises(NeedsWeighing) as asked:
        admit()
    assert not asked.value.asks  # nothing to weigh: the law leaves no choice
    assert not ActivityField.objects.filter(activity_key="topic-offers", field__key=KEY).exists()
    admit(weighed=Weighed(WHY))
    change = PurposeChange.objects.get()
    assert (change.outcome, change.field_key, change.decided_by) == ("consent-anew", KEY, ME.id)
    assert KEY not in field_allowed("topic-offers")
    assert fields_by_yes("topic-offers") == {KEY: NOW}


def test_only_who_says_yes_from_then_on_is_read_for_it(people: tuple[Person, Person]) -> None:
    """By the rules of a group, their opposite, a block of a letter and its words alike."""
    admit(weighed=Weighed(WHY))
    rides = f'{KEY} is "Racefiets"'
    asked = (rides, f'not {KEY} is "Bakfiets"', f"{KEY} is not empty", f'{KEY} is not "Bakfiets"')
    for text in asked:
        assert group(text, offers()) == set(), text
    assert field_facts(offers())[KEY].within_purpose
    assert set(letter(offers()).values()) == {""}
    anew, old = people
    said(anew, "confirmed", -1, "offers")
    for text in asked:
        assert group(text, offers()) == {anew.id}, text
    assert letter(offers()) == {anew.id: "Racefiets", old.id: ""}
    said(anew, "withdrawn", -2, "offers")
    assert group(rides, offers()) == set()
    assert letter(offers())[anew.id] == ""
    newsletter = Purpose.objects.get(slug="newsletter")  # what it was given for goes on
    assert group(rides, newsletter) == {anew.id, old.id}
    assert set(letter(newsletter).values()) == {"Racefiets"}


def test_what_is_kept_by_contract_is_weighed(people: tuple[Person, Person]) -> None:
    with pytest.raises(NeedsWeighing) as asked:
        admit(field="city")
    assert asked.value.asks
    with pytest.raises(RegisterRefused, match=r"past niet|not fit"):
        admit(field="city", weighed=HARMS)
    assert not PurposeChange.objects.exists()
    admit(field="city", weighed=FITS)
    assert "city" in field_allowed("topic-offers")
    assert PurposeChange.objects.get().answers == dict.fromkeys(Factor, "for")


def test_answers_in_doubt_ask_a_new_yes(people: tuple[Person, Person]) -> None:
    admit(field="city", weighed=DOUBT)
    assert set(fields_by_yes("topic-offers")) == {"city"}
    assert group('city is "Ergens"', offers()) == set()


def test_without_a_topic_nobody_can_say_yes_anew(people: tuple[Person, Person]) -> None:
    with pytest.raises(RegisterRefused):
        admit("customers", Weighed(WHY))
    assert not PurposeChange.objects.exists()


def test_while_nobody_filled_it_in_there_is_nothing_to_ask(people: tuple[Person, Person]) -> None:
    OwnFieldValue.objects.all().delete()
    admit()
    assert KEY in field_allowed("topic-offers")


@pytest.mark.parametrize("reason", ["Anna Wit wil dit graag weten.", "Voor klanten met diabetes."])
def test_inv30_the_reason_names_nobody_and_gives_nobody_away(
    people: tuple[Person, Person], reason: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        admit(weighed=Weighed(reason))
    assert refused.value.field == "because"


def published(**values: Any) -> str:
    made = hand.make_from_example(example_key="cameras", at=NOW, actor=ME)
    hand.change_activity(key=made.key, values=values, reason="", at=NOW, actor=ME)
    hand.publish_activity(key=made.key, at=NOW, actor=ME)
    return made.key


def change(key: str, weighed: Weighed | None) -> ProcessingActivity:
    return hand.change_activity(
        key=key,
        values={"purpose_nl": "Zien wie er komt.", "purpose_en": "Seeing who comes."},
        reason="Wij willen meer weten.",
        at=LATER,
        actor=ME,
        weighed=weighed,
    )


@pytest.mark.parametrize(
    ("weighed", "outcome"),
    [
        (Weighed(WHY, is_same=True), Outcome.SAME),
        (FITS, Outcome.COMPATIBLE),
        (None, None),
        (Weighed(WHY), None),
        (HARMS, None),
        (DOUBT, None),  # a new yes, and nobody can say yes to cameras
    ],
)
def test_another_purpose_of_an_activity_needs_answers(
    weighed: Weighed | None, outcome: Outcome | None
) -> None:
    make_organisation()
    key = published(legal_basis="legitimate-interest")
    if outcome is None:
        with pytest.raises(RegisterRefused):
            change(key, weighed)
        assert ProcessingActivity.objects.get(key=key).version == 1
        assert not PurposeChange.objects.exists()
        return
    assert change(key, weighed).version == 2
    assert PurposeChange.objects.get().outcome == outcome
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key=key).order_by("-number")[0]
    assert last.content["purpose_nl"] == "Zien wie er komt."


def test_sensitive_data_never_serve_another_purpose() -> None:
    make_organisation()
    key = published(data_nl=["Gezondheid"], data_en=["Health"])
    with pytest.raises(RegisterRefused, match=r"art\. 9"):
        change(key, FITS)


def test_a_topic_with_another_purpose_asks_its_people_anew(people: tuple[Person, Person]) -> None:
    assert audience(offers(), "email", at=NOW).count() == 2
    change("topic-offers", Weighed(WHY))
    topic = offers()
    assert topic.consent_version == 2
    assert topic.versions.get(valid_to=None).description_nl == "Zien wie er komt."
    assert audience(topic, "email", at=LATER).count() == 0


@pytest.mark.parametrize(("is_material", "outcome"), [(True, "consent-anew"), (False, "same")])
def test_new_words_of_a_topic_are_written_down(
    people: tuple[Person, Person], is_material: bool, outcome: str
) -> None:
    words = TopicWords("Aanbod", "Offers", "Aanbod van anderen.", "Offers of others.")
    revise_topic(purpose_id=offers().id, words=words, is_material=is_material, at=LATER, actor=ME)
    found = PurposeChange.objects.get(activity_key="topic-offers")
    assert (found.outcome, found.after_nl) == (outcome, "Aanbod van anderen.")


def test_what_was_answered_stays(people: tuple[Person, Person]) -> None:
    admit(field="city", weighed=FITS)
    for spoil in (
        lambda: PurposeChange.objects.update(reason="anders"),
        lambda: PurposeChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
    values: Mapping[str, Any] = {"activity_key": "x", "decided_at": NOW}
    for wrong in ("not-compatible", "compatible"):  # refused, and compatible without answers
        with pytest.raises(IntegrityError), transaction.atomic():
            PurposeChange.objects.create(outcome=wrong, **values)


def test_a_group_with_a_field_of_another_topic_is_refused_still(
    people: tuple[Person, Person],
) -> None:
    with pytest.raises(SegmentError):
        group(f"{KEY} is not empty", offers())


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_the_pages_ask_and_show_what_was_answered(
    people: tuple[Person, Person], client: Client
) -> None:
    url = "/register/topic-offers/velden/"
    typed = {"field": "city", "why_nl": "Voor wie dichtbij is.", "why_en": "For who is near."}
    page = client.post(url, typed).content.decode()
    assert "Verwachten mensen dit" in page
    page = client.post(url, typed | {"because": WHY, "link": "for"}).content.decode()
    assert page.count("Kies een antwoord.") == 4
    answers = {each.value: "for" for each in Factor}
    client.post(url, typed | {"because": WHY} | answers)
    assert "city" in field_allowed("topic-offers")
    connection.check_constraints()
    page = client.get("/register/topic-offers/geschiedenis/").content.decode()
    assert WHY in page
    assert "Het past bij waarvoor mensen het gaven" in page


def _by_form(client: Client, key: str) -> None:
    client.post(
        f"/register/{key}/stap/1/",
        {"name": "Camera’s", "purpose": "Iets heel anders.", "role": "controller", "reason": WHY},
    )


def _by_file(_client: Client, key: str) -> None:
    from akkoord.register.reading import Sheet

    sheet = Sheet(["Code", "Naam", "Doel"], ["key", "name", "purpose"], [(2, [key, "C", "Anders"])])
    row = judge(sheet).judged[0]
    assert row.outcome == "refused"
    assert row.faults[0][0] == "Doel"


@pytest.mark.parametrize("road", [_by_form, _by_file])
def test_no_road_changes_a_purpose_without_answers(
    client: Client, road: Callable[[Client, str], None]
) -> None:
    make_organisation()
    key = published()
    before = ProcessingActivity.objects.get(key=key, valid_to=None).purpose_nl
    road(client, key)
    assert ProcessingActivity.objects.get(key=key, valid_to=None).purpose_nl == before
