"""Activities outside Akkoord: examples, guided form, publishing, ending (art. 30, INV-29, 30)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.law.register_rules import Element
from akkoord.people.models import Person
from akkoord.people.tests.factories import make_person
from akkoord.register import companies, hand
from akkoord.register.entry_words import lines_of
from akkoord.register.example_tables import AUTHORITIES, IN_EUROPE
from akkoord.register.example_trades import EXAMPLES, examples_for
from akkoord.register.models import (
    ProcessingActivity,
    RegisterVersion,
    RetentionRule,
    Trade,
)
from akkoord.register.nobody import persons_in, sentence_about
from akkoord.register.records import entry_now, register_now, register_on
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, answered_example, make_organisation, make_topic
from akkoord.trail.actions import Actor
from akkoord.trail.models import Leaf

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
DAY = timedelta(days=1)


def draft(name: str = "Camera’s") -> ProcessingActivity:
    """An activity with nothing but a name."""
    return hand.make_activity(values={"name_nl": name, "name_en": name}, at=NOW, actor=STAFF)


def change(key: str, at: object = NOW, reason: str = "", **values: object) -> None:
    """Change an activity."""
    hand.change_activity(key=key, values=values, reason=reason, at=at, actor=STAFF)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", EXAMPLES)
def test_each_example_asks_only_what_nobody_but_its_owner_knows(key: str) -> None:
    """Where its receivers are, unless they are Dutch authorities; answered it can be published, and
    it names nobody (INV-29, INV-30)."""
    make_organisation()
    clients = ["Bakkerij Kruim, info@kruim.example"]
    made = hand.make_from_example(example_key=key, clients=clients, at=NOW, actor=STAFF)
    entry = entry_now(made.key)
    assert entry is not None
    others = set(EXAMPLES[key].receivers) - AUTHORITIES
    assert (entry.lacks, entry.state) == ((Element.TRANSFERS,) if others else (), "draft")
    assert bool(made.transfers_nl) is bool(made.receivers_nl and not others)
    change(made.key, transfers_nl=IN_EUROPE[0], transfers_en=IN_EUROPE[1])
    assert hand.publish_activity(key=made.key, at=NOW, actor=STAFF).published_at == NOW


def test_the_register_names_the_new_question(client: Client) -> None:
    """What was published from an example before it lacks an answer: the page says which."""
    made = answered_example(example_key="invoices", at=NOW, actor=STAFF)
    hand.publish_activity(key=made.key, at=NOW, actor=STAFF)
    asked = "werken ontvangers die alleen in woorden genoemd zijn in Europa"
    assert asked not in client.get("/register/").content.decode()
    ProcessingActivity.objects.filter(key=made.key).update(transfers_nl="", transfers_en="")
    assert asked in client.get("/register/").content.decode()


def test_every_trade_has_examples_of_its_own() -> None:
    """At least four for each kind of business."""
    for trade in Trade.values:
        mine, others = examples_for(trade)
        assert len(mine) >= 4
        assert len(mine) + len(others) == len(EXAMPLES)


def test_inv29_all_that_akkoord_enters_by_itself_is_complete() -> None:
    """After set-up and a topic nothing in the register is red."""
    make_organisation()
    make_topic()
    register = register_now()
    assert [(each.key, each.lacks) for each in register.to_mend] == []
    assert {each.state for each in register.entries} == {"published"}


def test_inv29_an_incomplete_draft_cannot_be_published() -> None:
    """It says where; with the elements, or a reason for an empty one, it can."""
    make_organisation()
    key = draft().key
    with pytest.raises(RegisterRefused) as refused:
        hand.publish_activity(key=key, at=NOW, actor=STAFF)
    assert refused.value.field == "purpose"
    change(
        key,
        purpose_nl="Diefstal voorkomen.",
        legal_basis="legal-obligation",
        proof_nl="De wet.",
        subjects=["dpv:Visitor"],
        data_nl=["Beelden"],
        term_nl="Vier weken.",
        security_nl="Achter slot.",
    )
    with pytest.raises(RegisterRefused) as refused:
        hand.publish_activity(key=key, at=NOW, actor=STAFF)
    assert refused.value.field == "recipients"
    change(key, blanks={"recipients": "Niemand krijgt deze beelden."})
    hand.publish_activity(key=key, at=NOW, actor=STAFF)
    version = RegisterVersion.objects.filter(key=key).order_by("-number").first()
    assert version is not None
    assert version.content["is_published"] is True
    assert Leaf.objects.filter(event=version.id).exists()  # sealed at once


def test_a_term_in_words_never_stands_beside_a_rule_that_clears() -> None:
    """Two terms that say different things would both be in the register (art. 5(1)(e))."""
    make_organisation()
    key = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF).key
    RetentionRule.objects.create(
        activity_key=key,
        trigger="last-purchase",
        days=14,
        criterion_nl="Veertien dagen.",
        criterion_en="Fourteen days.",
        valid_from=NOW,
    )
    with pytest.raises(RegisterRefused) as refused:
        change(key, term_nl="Een jaar.")
    assert refused.value.field == "term"
    assert "ourteen days" in refused.value.sentence or "eertien dagen" in refused.value.sentence
    RetentionRule.objects.update(valid_to=NOW + DAY)
    change(key, term_nl="Een jaar.")


def test_a_change_after_publishing_is_a_version_with_its_reason() -> None:
    """The old row ends, the new one says why; without a reason it is refused."""
    make_organisation()
    key = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF).key
    hand.publish_activity(key=key, at=NOW, actor=STAFF)
    with pytest.raises(RegisterRefused) as refused:
        change(key, term_nl="Twee weken.")
    assert refused.value.field == "reason"
    change(key, at=NOW + DAY, reason="De nieuwe recorder wist eerder.", term_nl="Twee weken.")
    connection.check_constraints()
    rows = list(ProcessingActivity.objects.filter(key=key).order_by("version"))
    assert [each.valid_to is None for each in rows] == [False, True]
    last = RegisterVersion.objects.filter(key=key).order_by("-number").first()
    assert last is not None
    assert last.reason == "De nieuwe recorder wist eerder."
    assert (last.act, last.changed_by) == ("activity.change", STAFF.id)
    other = hand.make_activity(values={"name_nl": "Iets"}, at=NOW, actor=STAFF)
    connection.check_constraints()
    assert RegisterVersion.objects.get(key=other.key).reason == ""  # a reason goes with its act


@pytest.mark.parametrize(
    ("field", "emptied"),
    [
        ("term", {"term_nl": "", "term_en": ""}),
        ("purpose", {"purpose_nl": ""}),
        ("legal_basis", {"legal_basis": ""}),
        ("proof", {"proof_nl": "", "proof_en": ""}),
        ("subjects", {"subjects": []}),
        ("data", {"data_nl": [], "data_en": []}),
        ("receivers", {"receivers_nl": [], "receivers_en": []}),
        ("transfers", {"transfers_nl": "", "transfers_en": ""}),
        ("security", {"security_nl": "", "security_en": ""}),
    ],
)
def test_inv29_what_was_published_is_not_emptied(field: str, emptied: dict[str, object]) -> None:
    """At its field; with a reason for the emptiness it goes, and nothing else is held up."""
    make_organisation()
    key = answered_example(example_key="invoices", at=NOW, actor=STAFF).key
    hand.publish_activity(key=key, at=NOW, actor=STAFF)
    with pytest.raises(RegisterRefused) as refused:
        change(key, reason="Zomaar een reden.", **emptied)
    assert refused.value.field == ("purpose" if field == "purpose" else field)
    entry = entry_now(key)
    assert entry is not None
    assert entry.lacks == ()
    if field == "term":
        reason = {"terms": "De wet zegt hoe lang, per stuk."}
        change(key, reason="Anders geregeld.", **emptied, blanks=reason)


def test_inv29_a_company_that_goes_leaves_no_published_entry_without_receivers() -> None:
    """Chosen companies are held to the same; what lacked something before may change on."""
    make_organisation()
    company = companies.enter_known(key="books-jortt", at=NOW, actor=STAFF)
    key = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF).key
    change(
        key,
        blanks={},
        **{f"receivers_{tail}": [] for tail in ("nl", "en")},
        **{f"transfers_{tail}": "" for tail in ("nl", "en")},
    )
    give = {"key": key, "at": NOW, "actor": STAFF}
    hand.choose_recipients(wanted={company.key}, **give)  # type: ignore[arg-type]
    hand.publish_activity(key=key, at=NOW, actor=STAFF)
    with pytest.raises(RegisterRefused) as refused:
        hand.choose_recipients(wanted=set(), reason="Weg ermee.", **give)  # type: ignore[arg-type]
    assert refused.value.field == "receivers"
    blanks = {"recipients": "Niemand krijgt deze beelden nog."}
    with pytest.raises(RegisterRefused) as refused:  # and it says why
        hand.change_activity(  # type: ignore[arg-type]
            values={"blanks": blanks}, companies=set(), reason="", **give
        )
    assert refused.value.field == "reason"
    hand.change_activity(  # type: ignore[arg-type]
        values={"blanks": blanks}, companies=set(), reason="Wij doen het zelf.", **give
    )
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key=key).order_by("-number").first()
    assert last is not None
    assert (last.reason, last.content["recipients"]) == ("Wij doen het zelf.", [])


def test_why_it_changed_is_said_when_only_its_companies_did(client: Client) -> None:
    """By step four of the guided form: without a reason it comes back, with one it is a version."""
    company = companies.enter_known(key="books-jortt", at=NOW, actor=STAFF)
    key = answered_example(example_key="invoices", at=NOW, actor=STAFF).key
    hand.publish_activity(key=key, at=NOW, actor=STAFF)
    page = client.get(f"/register/{key}/stap/4/")
    sent = {
        "receivers": "\n".join(page.context["form"].initial["receivers"]),
        "transfers": page.context["form"].initial["transfers"],
        "companies": [company.key],
    }
    assert client.post(f"/register/{key}/stap/4/", sent).status_code == 200
    sent["reason"] = "De boekhouder werkt nu in een pakket."
    assert client.post(f"/register/{key}/stap/4/", sent).status_code == 302
    connection.check_constraints()
    last = RegisterVersion.objects.filter(key=key).order_by("-number").first()
    assert last is not None
    assert last.reason == sent["reason"]
    assert [each["key"] for each in last.content["recipients"]] == [company.key]


def test_transfers_are_said_by_who_wrote_the_receivers(client: Client) -> None:
    """“None” stands there only where the countries are known (art. 30(1)(e))."""
    key = draft().key
    change(key, receivers_nl=["Analysebureau in de VS"], receivers_en=["An agency in the US"])

    def said() -> tuple[list[str], bool]:
        entry = entry_now(key)
        assert entry is not None
        line = next(each for each in lines_of(entry, "nl") if each.element == "transfers")
        return line.parts, line.is_lacking

    assert said() == ([], True)
    change(key, transfers_nl="VS, op grond van het modelcontract.")
    assert said() == (["VS, op grond van het modelcontract."], False)
    other = draft("Anders").key
    entry = entry_now(other)
    assert entry is not None
    line = next(each for each in lines_of(entry, "nl") if each.element == "transfers")
    assert line.parts == ["Niets: alles blijft in de Europese Economische Ruimte."]


@pytest.mark.parametrize("clients", [["Bakkerij Kruim"], ["Bakker, 06-12345678", "Slagerij"]])
def test_inv29_work_for_clients_names_how_each_is_reached(clients: list[str]) -> None:
    """Art. 30(2)(a): name and contact details."""
    make_organisation()
    key = hand.make_from_example(
        example_key="client-payroll", clients=clients, at=NOW, actor=STAFF
    ).key
    with pytest.raises(RegisterRefused) as refused:
        hand.publish_activity(key=key, at=NOW, actor=STAFF)
    assert refused.value.field == "clients"


def test_the_register_as_it_stood_on_three_days() -> None:
    """Before there was one, before a change, after it, after the end."""
    make_organisation()
    key = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF).key
    hand.publish_activity(key=key, at=NOW, actor=STAFF)
    connection.check_constraints()
    change(key, at=NOW + 2 * DAY, reason="Kortere termijn.", term_nl="Twee weken.")
    connection.check_constraints()
    hand.end_activity(key=key, reason="Camera’s weg.", at=NOW + 4 * DAY, actor=STAFF)
    connection.check_constraints()

    def then(days: int) -> dict[str, tuple[str, str]]:
        found = register_on((NOW + days * DAY).date())
        return {each.key: (each.state, each.content["term_nl"][:10]) for each in found.entries}

    assert then(-1) == {}
    assert then(1)[key] == ("published", "Ten hoogst")
    assert then(3)[key] == ("published", "Twee weken")
    assert then(5)[key] == ("ended", "Twee weken")


def test_what_is_in_use_or_done_by_akkoord_cannot_be_ended_and_nothing_is_deleted() -> None:
    """A purpose in use ends by its topic; the row stays."""
    make_organisation()
    make_topic()
    for key in ("topic-nieuwsbrief", "backups", "customers"):
        with pytest.raises(RegisterRefused):
            hand.end_activity(key=key, reason="Zomaar een reden.", at=NOW, actor=STAFF)
    key = draft().key
    hand.end_activity(key=key, reason="Niet meer nodig.", at=NOW, actor=STAFF)
    entry = entry_now(key)
    assert entry is not None
    assert entry.is_ended


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("purpose_nl", "Vragen aan jan@example.nl"),
        ("term_nl", "Bel 06-12345678"),
        ("proof_nl", "Zie Dorpsstraat 12"),
        ("proof_nl", "Zie dorpsstraat 12"),
        ("proof_nl", "Markt 5"),
        ("proof_nl", "Laan van Meerdervoort 12"),
        ("proof_nl", "Lange Voorhout 8"),
        ("proof_nl", "In de kast, 1234 ab"),
        ("security_nl", "BSN 111222333 in de kluis"),
        ("data_nl", ["Naam", "NL91ABNA0417164300"]),
        ("blanks", {"recipients": "Vraag het jan@example.nl"}),
        ("purpose_nl", "Lonen, door Wilma van den Berg gedaan"),
    ],
)
def test_inv30_no_personal_data_in_the_register(field: str, text: object) -> None:
    """Refused at the field, with the place; nothing is written."""
    make_organisation()
    make_person(given_name="Wilma", family_name="van den Berg")
    key = draft().key
    with pytest.raises(RegisterRefused) as refused:
        change(key, **{field: text})
    assert refused.value.field == field.removesuffix("_nl")
    entry = entry_now(key)
    assert entry is not None
    assert not entry.content.get(field)


def test_inv30_names_count_only_as_the_full_name_of_somebody_known() -> None:
    """Words that are also names do not; the place is that of the name."""
    assert not Person.objects.exists()
    assert sentence_about("Roos Bakker bakt") == ""
    make_person(given_name="Roos", family_name="Bakker")
    assert [(name, place) for _, name, place in persons_in("Aan Roos Bakker.")] == [
        ("Roos Bakker", 4)
    ]
    assert sentence_about("De bakker verkoopt een roos aan Bakker.") == ""


def test_inv30_a_text_of_ten_megabytes_is_refused_at_once() -> None:
    """Nobody waits for it, and it is no error."""
    make_organisation()
    with pytest.raises(RegisterRefused):
        draft("a" * 10_000_000)


@pytest.fixture
def client() -> Client:
    """The owner's browser."""
    make_organisation()
    client = Client()
    client.force_login(
        make_staff(role="owner"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def test_the_guided_form_from_example_to_the_register(client: Client) -> None:
    """Example, one step, publish; then history and the register of today."""
    assert b"cameras" in client.get("/register/nieuw/").content
    made = client.post("/register/nieuw/", {"example": "cameras"}, follow=True)
    key = made.redirect_chain[-1][0].strip("/").split("/")[-1]
    for number in range(1, 6):
        assert client.get(f"/register/{key}/stap/{number}/").status_code == 200
    saved = client.post(
        f"/register/{key}/stap/5/", {"term": "Twee weken.", "security": "Achter slot."}
    )
    assert saved.status_code == 302
    assert client.post(f"/register/{key}/publiceren/").status_code == 302
    connection.check_constraints()
    page = client.get(f"/register/{key}/").content.decode()
    assert "Twee weken." in page
    assert client.get(f"/register/{key}/geschiedenis/").status_code == 200
    assert client.get("/register/?op=2026-01-01").status_code == 200
    assert "nog niet geweest" in client.get("/register/?op=2999-01-01").content.decode()
    assert client.post(f"/register/{key}/beeindigen/", {"reason": "Weg ermee."}).status_code == 302
    entry = entry_now(key)
    assert entry is not None
    assert entry.is_ended


def test_a_person_in_a_step_is_refused_at_the_field(client: Client) -> None:
    """The page says where, with what was typed still there."""
    key = draft().key
    answer = client.post(
        f"/register/{key}/stap/1/",
        {"name": "Camera’s", "purpose": "Vraag jan@example.nl", "role": "controller"},
    )
    assert answer.status_code == 200
    assert "jan@example.nl" in answer.content.decode()
    assert "id_purpose" in answer.content.decode()


def test_the_page_of_the_register_asks_few_questions(
    client: Client, django_assert_max_num_queries: object
) -> None:
    """However many entries there are."""
    for key in list(EXAMPLES)[:8]:
        hand.make_from_example(example_key=key, clients=["Bakkerij"], at=NOW, actor=STAFF)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert client.get("/register/").status_code == 200
