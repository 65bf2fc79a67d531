"""What somebody answered in own fields: shown on their page, corrected within the field's words."""

import pytest
from django.test import Client
from django.utils import translation

from akkoord.accounts.tests.factories import make_staff
from akkoord.people.models import OwnFieldValue, Person
from akkoord.people.own_values import answers_of
from akkoord.people.tests.factories import make_person
from akkoord.register.models import ActivityField, PersonalDataField
from akkoord.register.own_fields import OwnFieldFacts, make_own_field, release_field
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


def own(name: str, kind: str, *choices: tuple[str, str]) -> None:
    make_own_field(
        facts=OwnFieldFacts(name, name, kind, "Om te helpen.", "To help.", choices),
        activity_key="topic-nieuwsbrief",
        at=NOW,
        actor=Actor.system(),
    )


@pytest.fixture
def client() -> Client:
    make_organisation()
    make_topic()
    own("Soort fiets", "choice", ("Racefiets", "Racing bicycle"), ("Bakfiets", "Cargo bicycle"))
    own("Maat", "number")
    own("Wens", "text")
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def anna() -> Person:
    return make_person()


NAMES = {"given_name": "Anna", "family_name": "de Wit", "language": "nl"}


def correct(client: Client, who: Person, **answers: str) -> str:
    posted = NAMES | {f"own_{key.replace('_', '-')}": value for key, value in answers.items()}
    return client.post(f"/mensen/{who.id}/corrigeren/", posted, follow=True).content.decode()


def values(who: Person) -> dict[str, str]:
    return dict(OwnFieldValue.objects.filter(person=who).values_list("field__key", "value"))


def test_an_answer_is_chosen_shown_and_emptied(client: Client, anna: Person) -> None:
    page = client.get(f"/mensen/{anna.id}/corrigeren/").content.decode()
    assert '<option value="Bakfiets">' in page
    shown = correct(client, anna, soort_fiets="Bakfiets", maat="56,5")
    assert values(anna) == {"soort-fiets": "Bakfiets", "maat": "56.5"}
    assert "Bakfiets" in shown
    with translation.override("en"):
        assert [each.shown for each in answers_of(anna.id)] == ["56.5", "Cargo bicycle"]
    correct(client, anna, soort_fiets="", maat="56.5")
    assert values(anna) == {"maat": "56.5"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"soort_fiets": "Brommer"}, "Kies een van de woorden uit deze lijst."),
        ({"maat": "groot"}, "Vul hier een getal in."),
        ({"wens": "Ik ben diabeet en heb diabetes"}, "Dit zijn gevoelige gegevens."),
    ],
)
def test_inv32_a_value_that_does_not_fit_is_refused_and_nothing_is_half_done(
    client: Client, anna: Person, answers: dict[str, str], sentence: str
) -> None:
    page = correct(client, anna, **answers)
    assert sentence in page
    assert values(anna) == {}
    anna.refresh_from_db()
    assert anna.given_name == "Anna"


def test_inv31_an_unused_field_may_only_be_emptied(client: Client, anna: Person) -> None:
    correct(client, anna, soort_fiets="Bakfiets")
    release_field(
        activity_key="topic-nieuwsbrief", field_key="soort-fiets", at=NOW, actor=Actor.system()
    )
    assert "niet meer gebruikt" in client.get(f"/mensen/{anna.id}/").content.decode()
    assert "alleen worden leeggemaakt" in correct(client, anna, soort_fiets="Racefiets")
    assert values(anna) == {"soort-fiets": "Bakfiets"}
    correct(client, anna, soort_fiets="")
    assert values(anna) == {}


def test_a_field_that_is_asked_no_more_goes_with_its_answers(client: Client, anna: Person) -> None:
    correct(client, anna, wens="Een bel", maat="56")
    page = client.post("/bewaren/veld/wens/weg/", follow=True).content.decode()
    assert "het antwoord van 1 mens" in page
    assert values(anna) == {"maat": "56"}
    assert not PersonalDataField.objects.filter(key="wens", ended_at=None).exists()
    assert not ActivityField.objects.filter(field__key="wens", ended_at=None).exists()
    again = client.post("/bewaren/veld/wens/weg/", follow=True).content.decode()
    assert "de antwoorden van 0 mensen" in again
    own("Wens", "number")  # one of this name may be made anew: it is another field
    assert PersonalDataField.objects.get(key="wens_2").value_kind == "number"
    assert PersonalDataField.objects.get(key="wens").ended_at


def test_the_organisation_s_own_fields_only_can_be_ended(client: Client) -> None:
    client.post("/bewaren/veld/first_name/weg/")
    assert not PersonalDataField.objects.filter(key="first_name", ended_at__isnull=False).exists()
