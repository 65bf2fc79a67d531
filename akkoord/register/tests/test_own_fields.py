"""Fields that activities use: admitted with a reason, made with words that announce nothing."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.register import queries
from akkoord.register.actions import RegisterRefused
from akkoord.register.models import ActivityField, PersonalDataField
from akkoord.register.own_fields import (
    OwnFieldFacts,
    change_choices,
    make_own_field,
    release_field,
)
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
KIND = (("Racefiets", "Racing bicycle"), ("Bakfiets", "Cargo bicycle"))
FACTS = {
    "name_nl": "Soort fiets",
    "name_en": "Kind of bicycle",
    "kind": "choice",
    "why_nl": "Om te tonen wat bij u past.",
    "why_en": "To show what suits you.",
    "choices": KIND,
}


def make(**more: object) -> PersonalDataField:
    """An own field of the newsletter."""
    return make_own_field(
        facts=OwnFieldFacts(**{**FACTS, **more}),  # type: ignore[arg-type]
        activity_key="topic-nieuwsbrief",
        at=NOW,
        actor=Actor.system(),
    )


@pytest.fixture
def client() -> Client:
    make_organisation()
    make_topic()
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.mark.usefixtures("client")
def test_it_works() -> None:
    field = make()
    assert (field.key, field.is_own, field.value_kind) == ("soort-fiets", True, "choice")
    assert field.choices_in("en") == [
        ("Racefiets", "Racing bicycle"),
        ("Bakfiets", "Cargo bicycle"),
    ]
    use = ActivityField.objects.get(field=field)
    assert (use.activity_key, use.why_nl) == ("topic-nieuwsbrief", "Om te tonen wat bij u past.")
    assert [each.key for each in queries.fields_in_use()] == ["soort-fiets"]
    assert {*Change.objects.filter(fields__contains=["soort-fiets"]).values_list("action")} == {
        ("field.make",),
        ("field.admit",),
    }


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"name_nl": "Geloof", "name_en": "Religion"}, "name_nl"),
        ({"name_nl": "BSN", "name_en": "Number"}, "name_nl"),
        ({"name_nl": "Rugklachten", "name_en": "Back"}, "name_nl"),
        ({"name_nl": "Strafblad", "name_en": "Record"}, "name_nl"),
        ({"choices": (("Geen", "None"), ("Diabetes", "Diabetes"))}, "choices"),
        ({"why_nl": "Om te zien of u katholiek bent."}, "why_nl"),
    ],
)
def test_inv32_words_that_announce_sensitive_data_are_refused(
    more: dict[str, object], where: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        make(**more)
    assert refused.value.field == where
    assert not PersonalDataField.objects.filter(is_own=True).exists()


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"name_en": " "}, "name_nl"),
        ({"name_nl": "Email"}, "name_nl"),  # taken by the catalogue
        ({"name_nl": "voornaam"}, "name_nl"),  # another key, the same word on the form
        ({"name_nl": "…"}, "name_nl"),
        ({"kind": "colour", "choices": ()}, "kind"),
        ({"choices": KIND[:1]}, "choices"),
        ({"choices": (("Racefiets", "a"), ("racefiets", "b"))}, "choices"),
        ({"choices": (("Racefiets", "a"), ("", "b"))}, "choices"),
        ({"choices": (("x" * 81, "a"), ("y", "b"))}, "choices"),
        ({"kind": "text"}, "choices"),
        ({"why_en": ""}, "why_nl"),
    ],
)
def test_a_field_that_cannot_be_is_refused_at_its_place(
    more: dict[str, object], where: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        make(**more)
    assert refused.value.field == where
    assert not PersonalDataField.objects.filter(is_own=True).exists()


@pytest.mark.usefixtures("client")
def test_the_same_name_twice_is_refused() -> None:
    make()
    with pytest.raises(RegisterRefused):
        make()


@pytest.mark.usefixtures("client")
def test_a_choice_without_words_cannot_stand_in_the_database() -> None:
    field = make()
    for words in (["Racefiets"], []):
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonalDataField.objects.filter(id=field.id).update(choices_nl=words, choices_en=words)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalDataField.objects.filter(id=field.id).update(value_kind="text")


@pytest.mark.usefixtures("client")
def test_other_words_to_choose_leave_old_answers_readable() -> None:
    make()
    field = change_choices(
        field_key="soort-fiets",
        choices=(("Bakfiets", "Cargo bicycle"), ("Vouwfiets", "Folding bicycle")),
        at=NOW,
        actor=Actor.system(),
    )
    assert field.shown("Racefiets") == "Racefiets"
    with pytest.raises(RegisterRefused):
        change_choices(field_key="soort-fiets", choices=(), at=NOW, actor=Actor.system())


@pytest.mark.usefixtures("client")
def test_inv31_a_released_field_is_used_no_longer_and_the_address_stays() -> None:
    make()
    release_field(
        activity_key="topic-nieuwsbrief", field_key="soort-fiets", at=NOW, actor=Actor.system()
    )
    assert queries.fields_in_use() == []
    assert "soort-fiets" not in queries.field_allowed("topic-nieuwsbrief")
    with pytest.raises(RegisterRefused):
        release_field(
            activity_key="topic-nieuwsbrief", field_key="email", at=NOW, actor=Actor.system()
        )


POSTED = {
    "name_nl": "Soort fiets",
    "name_en": "Kind of bicycle",
    "kind": "choice",
    "choices": "Racefiets | Racing bicycle\n\nBakfiets|Cargo bicycle\nTandem",
    "activity": "topic-nieuwsbrief",
    "why_nl": "Om te tonen wat bij u past.",
    "why_en": "To show what suits you.",
}


def test_the_page_makes_a_field_and_the_list_shows_it(
    client: Client, django_assert_max_num_queries: object
) -> None:
    assert client.get("/velden/").status_code == 200
    assert client.post("/velden/nieuw/", POSTED).status_code == 302
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get("/velden/").content.decode()
    assert "Racefiets, Bakfiets, Tandem" in page
    assert "Nieuwsbrief" in page
    changed = client.post("/velden/soort-fiets/keuzes/", {"choices": "Ja hoor\nVouwfiets"})
    assert changed.status_code == 302
    assert PersonalDataField.objects.get(key="soort-fiets").choices_en == ["Ja hoor", "Vouwfiets"]


def test_inv32_the_page_refuses_at_the_field_with_the_article(client: Client) -> None:
    page = client.post("/velden/nieuw/", POSTED | {"name_nl": "Geloof"})
    assert page.status_code == 200
    assert "AVG 9(1)" in page.context["form"].errors["name_nl"][0]


def test_an_activity_is_admitted_a_field_and_lets_it_go_again(client: Client) -> None:
    address = "/register/topic-nieuwsbrief/velden/"
    why = {"field": "city", "why_nl": "Voor een ritje bij u.", "why_en": "For a ride near you."}
    assert client.post(address, why | {"why_en": ""}).status_code == 200
    assert client.post(address, why).status_code == 302
    assert "Voor een ritje bij u." in client.get(address).content.decode()
    assert client.post(address + "city/niet-meer/").status_code == 302
    assert "city" not in queries.field_allowed("topic-nieuwsbrief")
    client.post(address + "email/niet-meer/")
    assert "email" in queries.field_allowed("topic-nieuwsbrief")
    assert client.get("/register/nooit/velden/").status_code == 404
