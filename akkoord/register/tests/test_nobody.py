"""No text of the register points to anybody, wherever it is written (INV-30)."""

from collections.abc import Callable
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akkoord.accounts.tests.factories import make_staff
from akkoord.cli.topic import command as topic_command
from akkoord.consent.forms_publishing import FormFacts, FormRefused, create_form
from akkoord.law.retention_rules import Term
from akkoord.people import names_known
from akkoord.people.tests.factories import make_person
from akkoord.register import actions, customers, hand, own_fields, terms
from akkoord.register.actions import TopicWords, change_organisation
from akkoord.register.balancing import Weighing, write_balancing_test
from akkoord.register.models import Organisation
from akkoord.register.nobody import sentence_about, sentences_about
from akkoord.register.own_fields import OwnFieldFacts
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
WHO = "Wilma van den Berg"
LONG = "Wij willen klanten schrijven over wat zij kochten, en niet meer dan dat."


def new_topic(**texts: str) -> None:
    """A topic with other words."""
    words = {
        "name_nl": "Nieuws",
        "name_en": "News",
        "description_nl": "Nieuws over fietsen.",
        "description_en": "News on bicycles.",
    }
    actions.create_topic(slug="ander", words=TopicWords(**words | texts), at=NOW, actor=STAFF)


def revised(text: str) -> None:
    """The standing topic with other words."""
    words = TopicWords("Nieuwsbrief", "Newsletter", text, "News on bicycles.")
    purpose = actions.Purpose.objects.get(slug="nieuwsbrief")
    actions.revise_topic(purpose_id=purpose.id, words=words, is_material=False, at=NOW, actor=STAFF)


def admitted(nl: str, en: str) -> None:
    """A field of the catalogue with a reason."""
    own_fields.admit_field(
        activity_key="topic-nieuwsbrief",
        field_key="city",
        why_nl=nl,
        why_en=en,
        at=NOW,
        actor=STAFF,
    )


def own(name: str = "Maat", why: str = "Om te passen.") -> None:
    """A field of one's own."""
    own_fields.make_own_field(
        facts=OwnFieldFacts(name, "Size", "text", why, "To fit."),
        activity_key="topic-nieuwsbrief",
        at=NOW,
        actor=STAFF,
    )


def term(reason: str) -> None:
    """A longer term, with a reason."""
    facts = terms.RuleFacts(
        "customers", trigger="last-purchase", term=Term(months=60), reason=reason
    )
    terms.change_rule(facts=facts, at=NOW, actor=STAFF)


def weighed(balance: str) -> None:
    """The three steps of a weighing."""
    write_balancing_test(
        activity_key="topic-nieuwsbrief", words=Weighing(LONG, LONG, balance), at=NOW, actor=STAFF
    )


PLACES: dict[str, tuple[str, Callable[[str], None]]] = {
    "a topic's Dutch name": ("name_nl", lambda text: new_topic(name_nl=text)),
    "a topic's English name": ("name_en", lambda text: new_topic(name_en=text)),
    "a topic's Dutch sentence": ("description_nl", lambda text: new_topic(description_nl=text)),
    "a topic's English sentence": ("description_en", lambda text: new_topic(description_en=text)),
    "how often in Dutch": ("frequency_nl", lambda text: new_topic(frequency_nl=text)),
    "how often in English": ("frequency_en", lambda text: new_topic(frequency_en=text)),
    "a topic's new sentence": ("description_nl", revised),
    "why a field, in Dutch": ("why_nl", lambda text: admitted(text, "To see it.")),
    "why a field, in English": ("why_en", lambda text: admitted("Om het te zien.", text)),
    "an own field's name": ("name_nl", lambda text: own(name=text)),
    "why an own field": ("why_nl", lambda text: own(why=text)),
    "why a term is longer": ("reason", term),
    "a step of a weighing": ("balance", lambda text: weighed(f"{LONG} {text}")),
    "a kind of product": (
        "name",
        lambda text: customers.enter_product_group(name=text, at=NOW, actor=STAFF) and None,
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Voor {WHO} en anderen", WHO),
        ("Vraag het wim@example.nl", "wim@example.nl"),
        ("Bel 06-12345678", "06-12345678"),
        ("Kom naar Dorpsstraat 12", "Dorpsstraat 12"),
        ("Nummer BSN 111222333", ""),
        ("Op NL91 ABNA 0417 1643 00", ""),
    ],
)
def test_inv30_each_text_that_flows_into_the_register_is_looked_through(
    place: str, text: str, found: str
) -> None:
    """At the moment that it is entered, at its field, with the words and the place."""
    make_organisation()
    make_topic()
    make_person(given_name="Wilma", family_name="van den Berg")
    field, enter = PLACES[place]
    with pytest.raises(RegisterRefused) as refused:
        enter(text)
    if found:  # numbers of people another rule may refuse before, in its own words
        assert refused.value.field == field
        assert found in refused.value.sentence
        assert "bij teken" in refused.value.sentence


def test_inv30_words_that_are_names_too_and_people_we_do_not_know_do_not_count() -> None:
    """A first name alone, a family name alone, a full name of nobody here."""
    make_organisation()
    make_topic()
    make_person(given_name="Roos", family_name="Bakker")
    revised("Nieuws van de bakker: elke week een roos. Zie ook Jan Jansen.")
    with pytest.raises(RegisterRefused):
        revised("Nieuws van Roos Bakker.")


def test_inv30_the_organisations_own_name_is_nobodys() -> None:
    """A sole trader is called after its owner, who is somebody in the database; fields of its own
    and of the officer are not looked through at all."""
    make_organisation()
    make_person(given_name="Roos", family_name="Bakker")
    assert "Roos Bakker" in sentence_about("Nieuws van Roos Bakker.")
    change_organisation(
        values={"name": "Fietsen Roos Bakker", "officer_name": "Wim Kok"}, at=NOW, actor=STAFF
    )
    make_person(given_name="Wim", family_name="Kok")
    assert sentence_about("Nieuws van Roos Bakker.") == ""
    assert "Wim Kok" in sentence_about("Vraag het Wim Kok.")
    assert Organisation.objects.get().officer_name == "Wim Kok"


def test_inv30_who_became_known_since_is_found_when_the_draft_is_published() -> None:
    """With the part in which it stands; mended it can be published."""
    make_organisation()
    made = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF)
    hand.change_activity(
        key=made.key,
        values={"data_nl": ["Beelden", f"Rooster van {WHO}"]},
        reason="",
        at=NOW,
        actor=STAFF,
    )
    make_person(given_name="Wilma", family_name="van den Berg")
    with CaptureQueriesContext(connection) as asked, pytest.raises(RegisterRefused) as refused:
        hand.publish_activity(key=made.key, at=NOW, actor=STAFF)
    assert (refused.value.field, "Welke gegevens: " in refused.value.sentence) == ("data", True)
    assert WHO in refused.value.sentence
    assert sum("people_person" in each["sql"] for each in asked) == 1
    values = {"data_nl": ["Beelden"]}
    hand.change_activity(key=made.key, values=values, reason="", at=NOW, actor=STAFF)
    assert hand.publish_activity(key=made.key, at=NOW, actor=STAFF).published_at == NOW


def test_inv30_both_languages_of_a_text_are_looked_through() -> None:
    """Another language without anybody in it hides nothing."""
    make_organisation()
    made = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF)
    values = {"term_nl": "Vraag het wim@example.nl", "term_en": "Four weeks."}
    for each in (values, dict(reversed(values.items()))):
        with pytest.raises(RegisterRefused) as refused:
            hand.change_activity(key=made.key, values=each, reason="", at=NOW, actor=STAFF)
        assert refused.value.field == "term"


def test_inv30_many_texts_are_one_question_however_many_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More pairs than one question takes go in a further one: none is left unasked."""
    make_organisation()
    make_person(given_name="Wilma", family_name="van den Berg")
    texts = [f"Naam Nummer{n} Van Iemand" for n in range(200)] + [f"Voor {WHO}"]
    with CaptureQueriesContext(connection) as asked:
        about = sentences_about(texts)
    assert sum("people_person" in each["sql"] for each in asked) == 1
    assert [text for text in texts if about[text]] == [f"Voor {WHO}"]
    monkeypatch.setattr(names_known, "MOST", 100)
    assert names_known.full_names_among([*(f"A{n} B{n}" for n in range(250)), WHO]) == {WHO}


def test_the_form_the_command_and_the_page_say_it_at_the_field(client: Client) -> None:
    """No road into the register goes round it."""
    make_organisation()
    topic = make_topic()
    make_person(given_name="Wilma", family_name="van den Berg")
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    typed = {
        "name_nl": "Nieuws",
        "name_en": "News",
        "description_nl": f"Nieuws van {WHO}.",
        "description_en": "News.",
        "channels": "email",
    }
    page = client.post("/onderwerpen/nieuw/", typed)
    assert WHO in page.context["form"].errors["description_nl"][0]
    facts = FormFacts(name=f"Lezing {WHO}", topic_ids=(topic.id,))
    with pytest.raises(FormRefused) as refused:
        create_form(facts=facts, at=NOW, actor=STAFF)
    assert refused.value.field == "name"
    done = CliRunner().invoke(
        topic_command,
        [
            *("create", "ander", "--name-nl", "Nieuws", "--name-en", "News"),
            *("--description-nl", f"Nieuws van {WHO}.", "--description-en", "News."),
        ],
    )
    assert done.exit_code != 0


def test_the_first_run_says_it_at_the_topic_and_makes_nothing(client: Client) -> None:
    """Nobody is known yet; an address is one all the same."""
    typed = {
        "name": "Fietsen van Dam",
        "address": "Dorpsstraat 1, 1234 AB Ergens",
        "contact_email": "info@example.nl",
        "owner_name": "Anouk van Dam",
        "owner_email": "anouk@example.nl",
        "owner_password": "zeven groene fietsen staan",
        "trade": "shop",
        "topic_name": "Mail wim@example.nl",
    }
    page = client.post("/begin/", typed)
    assert page.status_code == 200
    assert "topic_name" in page.context["form"].errors
    assert not Organisation.objects.exists()
