"""The register to a file and back: six formats, other templates, a mess (art. 30, INV-30)."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pypdfium2
import pytest
import xlsxwriter
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document
from python_calamine import CalamineWorkbook
from rdflib import Graph, URIRef

from akkoord.accounts.tests.factories import make_staff
from akkoord.cli.register import command
from akkoord.datamap.dpv import CATEGORIES, PURPOSE_CLASSES, iri
from akkoord.law.register_rules import Ground
from akkoord.law.retention_rules import Effect, Trigger
from akkoord.people.tests.factories import make_person
from akkoord.register import companies, hand, measures
from akkoord.register.actions import change_organisation
from akkoord.register.bringing import bring_in
from akkoord.register.columns_known import basis_of, proposed
from akkoord.register.example_trades import EXAMPLES
from akkoord.register.exporting import FORMATS, export_register
from akkoord.register.filler import filler_line
from akkoord.register.judging import judge
from akkoord.register.linked import BASES, CONTEXT, SUBJECT_TERMS, TRANSFERS
from akkoord.register.models import (
    ProcessingActivity,
    Recipient,
    RegisterVersion,
    RetentionRule,
)
from akkoord.register.reading import MOST_BYTES, Sheet, read_register
from akkoord.register.records import register_now
from akkoord.register.refused import RegisterRefused
from akkoord.register.tests.factories import NOW, answered_example, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(UUID("01936f00-0000-7000-8000-000000000001"))
VOCABULARY = Path(__file__).with_name("dpv_terms.txt")
CLIENTS = ["Bakkerij Kruim, info@kruim.example"]


@pytest.fixture
def twenty() -> None:
    """A register of twenty activities by hand, beside those of Akkoord."""
    make_organisation()
    make_topic()
    for key in list(EXAMPLES)[:20]:
        made = answered_example(example_key=key, clients=CLIENTS, at=NOW, actor=STAFF)
        hand.publish_activity(key=made.key, at=NOW, actor=STAFF)


def exported(name: str, language: str = "nl") -> bytes:
    """The register of now as a file."""
    return export_register(register_now(), name, language)


@pytest.mark.usefixtures("twenty")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_format_holds_every_activity(language: str) -> None:
    """By its own reader: a spreadsheet, Word, a PDF with contents, CSV and JSON."""
    names = [each.name for each in register_now().entries]
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported("xlsx", language)))
    assert len(book.sheet_names) == 3
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == len(names) + 1
    document = Document(io.BytesIO(exported("docx", language)))
    titles = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 2"]
    assert len(titles) == len(names)
    pdf = pypdfium2.PdfDocument(exported("pdf", language))
    words = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert len(list(pdf.get_toc())) >= len(names)
    table = list(
        csv.reader(io.StringIO(exported("csv", language).decode("utf-8-sig")), delimiter=";")
    )
    assert len(table) == len(names) + 1
    whole = json.loads(exported("json", language))
    assert whole["organisation"]["name"] == "Fietsen van Amstel"
    assert len(whole["activities"]) == len(names)
    assert "Fietsen van Amstel" in words


def vocabulary() -> set[str]:
    """The terms that DPV 2.2 has, of those that we may write; lines that begin with # say where."""
    lines = VOCABULARY.read_text().splitlines()
    return {line for line in lines if not line.startswith("#")}


def test_each_term_that_the_register_may_write_is_one_of_dpv() -> None:
    """Every category, purpose, group of people, basis and transfer's ground, used or not."""
    prefixes = {key: CONTEXT[key] for key in ("dpv", "pd", "eu-gdpr")}
    short = {*SUBJECT_TERMS, *BASES.values(), *TRANSFERS.values()}
    written = {prefixes[p] + name for p, name in (each.split(":") for each in short)}
    written |= {iri(key) for key in (*CATEGORIES, *PURPOSE_CLASSES)}
    assert written - vocabulary() == set()
    assert {"consent", "contract", "legal-obligation"} < set(BASES)
    assert {each.value for each in Ground} - set(TRANSFERS) == {"exception"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own parser's
@pytest.mark.usefixtures("twenty")
def test_linked_data_uses_terms_of_the_vocabulary_alone_and_answers_questions() -> None:
    """Every term exists in DPV; SPARQL finds why, whose, how long and where (JSON-LD)."""
    graph = Graph().parse(data=exported("jsonld").decode(), format="json-ld")
    known = vocabulary()
    used = {
        str(term)
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and "w3id.org/dpv" in str(term)
    }
    assert used - known == set()
    ask = """
      PREFIX dpv: <https://w3id.org/dpv#>
      PREFIX dct: <http://purl.org/dc/terms/>
      PREFIX gdpr: <https://w3id.org/dpv/legal/eu/gdpr#>
      SELECT ?key ?subject WHERE {
        ?a a dpv:Process ; dct:identifier ?key ; dpv:hasLegalBasis ?basis ;
           dpv:hasDataSubject ?s ; dpv:hasStorageCondition ?term ; dpv:hasPersonalData ?d .
        ?s a ?subject . FILTER(?basis = gdpr:A6-1-c) }
    """
    found = {str(key) for key, _subject in graph.query(ask)}  # type: ignore[misc]
    assert {"own-lonen-en-personeel", "backups"} <= found
    assert "topic-nieuwsbrief" not in found


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own parser's
def test_linked_data_says_proof_source_transfers_measures_and_who_decides_together() -> None:
    """What the other formats say of art. 5(2), 14(2)(f), 26, 30(1)(e) and 32 it says too."""
    make_organisation()
    change_organisation(
        values={"joint_controllers": "Stichting Fiets, info@fiets.example"}, at=NOW, actor=STAFF
    )
    measures.declare_measure(
        name_nl="Deur op slot",
        name_en="Door locked",
        review_on=NOW.date().replace(year=2027),
        at=NOW,
        actor=STAFF,
    )
    made = answered_example(example_key="client-payroll", clients=CLIENTS, at=NOW, actor=STAFF)
    words = {
        "proof": "De overeenkomst.", "source": "De klant.", "receivers": ["Een bureau"],
        "transfers": "VS, modelcontract.",
    }  # fmt: skip
    values = {f"{name}_{tail}": text for name, text in words.items() for tail in ("nl", "en")}
    hand.change_activity(key=made.key, values=values, reason="", at=NOW, actor=STAFF)
    graph = Graph().parse(data=exported("jsonld").decode(), format="json-ld")
    used = {str(e) for triple in graph for e in triple if isinstance(e, URIRef)}
    assert {each for each in used if "w3id.org/dpv" in each} - vocabulary() == set()
    ask = """
      PREFIX dpv: <https://w3id.org/dpv#>
      PREFIX dct: <http://purl.org/dc/terms/>
      SELECT ?proof ?source ?transfer ?client ?measure ?together WHERE {
        ?a a dpv:Process ; dct:identifier "%s" ;
           dpv:hasJustification/dct:description ?proof ;
           dpv:hasDataSource/dct:description ?source ;
           dpv:hasProcessing ?way ; dpv:hasDataController/dpv:hasName ?client ;
           dpv:hasTechnicalOrganisationalMeasure/dct:title ?measure .
        ?way a dpv:CrossBorderTransfer ; dct:description ?transfer .
        ?house dpv:hasJointDataControllers/dpv:hasName ?together .
        FILTER(lang(?proof) = "nl" && lang(?source) = "nl" && lang(?transfer) = "nl"
               && lang(?measure) = "nl") }
    """
    found = {tuple(map(str, row)) for row in graph.query(ask % made.key)}  # type: ignore[arg-type]
    assert found == {
        (
            "De overeenkomst.",
            "De klant.",
            "VS, modelcontract.",
            CLIENTS[0],
            "Deur op slot",
            "Stichting Fiets, info@fiets.example",
        )
    }


@pytest.mark.usefixtures("twenty")
@pytest.mark.parametrize("name", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_went_out_comes_back_the_same(name: str, language: str) -> None:
    """Into the same register: nothing changes, and no version is made."""
    connection.check_constraints()
    before = RegisterVersion.objects.count()
    with translation.override(language):
        outcome = bring_in(judge(read_register(exported(name, language))), at=NOW, actor=STAFF)
    connection.check_constraints()
    assert (outcome.count("unchanged"), outcome.count("refused")) == (20, 0)
    assert outcome.count("kept") == len(register_now().entries) - 20
    assert RegisterVersion.objects.count() == before


@pytest.mark.parametrize("written", ["nl", "en"])
def test_a_rule_of_an_own_activity_comes_back_the_same(written: str) -> None:
    """Its line in the column about terms is no term in words beside it; a new row says why."""
    make_organisation()
    made = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF)
    RetentionRule.objects.create(
        activity_key=made.key,
        trigger=Trigger.RECORDED,
        days=28,
        criterion_nl="Vier weken na de opname.",
        criterion_en="Four weeks after the recording.",
        action=Effect.ERASE,
        valid_from=NOW,
    )
    ProcessingActivity.objects.filter(key=made.key).update(term_nl="", term_en="")
    with translation.override(written):
        outcome = judge(read_register(exported("csv", written)))
    assert (outcome.count("unchanged"), outcome.count("refused")) == (1, 0)


@pytest.mark.usefixtures("twenty")
def test_what_comes_in_from_a_file_says_why() -> None:
    """Each version of a new row, also that of its publishing (INV-30)."""
    file = exported("xlsx")
    for each in ProcessingActivity.objects.filter(key__startswith="own-", valid_to=None):
        hand.end_activity(key=each.key, reason="Verhuisd.", at=NOW, actor=STAFF)
    connection.check_constraints()
    before = set(RegisterVersion.objects.values_list("id", flat=True))
    with translation.override("nl"):
        assert bring_in(judge(read_register(file)), at=NOW, actor=STAFF).count("new") == 20
    connection.check_constraints()
    made = RegisterVersion.objects.exclude(id__in=before).filter(key__startswith="own-")
    assert made.count() >= 20
    assert set(made.values_list("reason", flat=True)) == {"Ingelezen uit een bestand."}


@pytest.mark.usefixtures("twenty")
def test_a_register_moves_to_another_organisation_whole() -> None:
    """Ended here and brought in anew, it says the same in every format but the codes."""
    first = register_now()
    file = exported("xlsx")
    for each in ProcessingActivity.objects.filter(key__startswith="own-", valid_to=None):
        hand.end_activity(key=each.key, reason="Verhuisd.", at=NOW, actor=STAFF)
    outcome = bring_in(judge(read_register(file)), at=NOW, actor=STAFF)
    assert (outcome.count("new"), outcome.count("refused")) == (20, 0)
    now = {each.name: each for each in register_now().entries if not each.is_ended}
    for old in first.entries:
        new = now[old.name]
        parts = ("purpose_nl", "data_nl", "receivers_nl", "transfers_nl", "term_nl", "blanks")
        for part in (*parts, "subjects"):
            assert new.content.get(part) == old.content.get(part)
        assert (new.state, new.content["legal_basis"]) == (
            "published",
            old.content["legal_basis"],
        )


@pytest.mark.parametrize(
    "heads",
    [
        ["Verwerkingsactiviteit", "Doel van de verwerking", "Grondslag", "Categorieën betrokkenen",
         "Categorieën persoonsgegevens", "Ontvangers", "Bewaartermijn", "Beveiligingsmaatregelen"],
        ["Business function", "Purpose of processing", "Article 6 lawful basis",
         "Categories of individuals", "Categories of personal data", "Categories of recipients",
         "Retention schedule (if possible)",
         "General description of technical and organisational security measures (if possible)"],
        ["Nom du traitement", "Finalité", "Base légale", "Catégories de personnes concernées",
         "Catégories de données", "Destinataires", "Durée de conservation", "Mesures de sécurité"],
    ],
)  # fmt: skip
def test_the_columns_of_other_registers_are_proposed(heads: list[str]) -> None:
    """AP, ICO and CNIL: each column gets its meaning."""
    wanted = ["name", "purpose", "legal_basis", "subjects", "data", "receivers", "term", "security"]
    assert proposed(heads) == wanted


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("AVG art. 6 lid 1 sub c", "legal-obligation"),
        ("Art 6(1)(f)", "legitimate-interest"),
        ("Toestemming van de klant", "consent"),
        ("Legitimate interests", "legitimate-interest"),
        ("Lawful basis: consent", "consent"),
        ("Consent (lawful)", "consent"),
        ("The law says so", "legal-obligation"),
        ("Koopovereenkomst", "contract"),
        ("Intérêt légitime", "legitimate-interest"),
        ("toestemming of overeenkomst", ""),
        ("weet ik niet", ""),
    ],
)
def test_a_ground_is_known_by_its_words_or_its_article(text: str, basis: str) -> None:
    """What is unclear is no ground."""
    assert basis_of(text) == basis


AP = ["Verwerkingsactiviteit", "Doel van de verwerking", "Grondslag", "Categorieën betrokkenen",
      "Categorieën persoonsgegevens", "Ontvangers", "Doorgifte buiten de EER", "Bewaartermijn",
      "Beveiligingsmaatregelen"]  # fmt: skip
CNIL = ["Nom du traitement", "Finalité", "Base légale", "Catégories de personnes concernées",
        "Catégories de données", "Destinataires", "Transferts hors UE", "Durée de conservation",
        "Mesures de sécurité"]  # fmt: skip
ICO = ["Business function", "Purpose of processing",
       "Article 6 lawful basis for processing personal data", "Categories of individuals",
       "Categories of personal data", "Categories of recipients",
       ("Names of third countries or international organisations that personal data are "
        "transferred to (if applicable)"),
       "Retention schedule (if possible)",
       "General description of technical and organisational security measures (if possible)",
       ("Safeguards for exceptional transfers of personal data to third countries or "
        "international organisations (if applicable)")]  # fmt: skip


@pytest.mark.parametrize(
    ("heads", "basis"),
    [(AP, "Overeenkomst"), (CNIL, "Contrat"), (ICO, "Article 6(1)(b) - contract")],
    ids=["AP", "CNIL", "ICO"],
)
def test_a_register_of_another_kind_comes_in_whole(heads: list[str], basis: str) -> None:
    """Every cell of every row, the transfers too; a row with somebody in it stays out whole."""
    make_organisation()
    make_person(given_name="Wilma", family_name="van den Berg")
    rows = [
        [f"Werk {n}", f"Doel {n}", basis, "Klanten", "Naam; Adres", "Analysebureau in de VS",
         "VS", "Twee jaar", "Achter slot", *["Modelcontract"][: len(heads) - 9]]
        for n in range(20)
    ]  # fmt: skip
    rows[3][8] = "Sleutel bij Wilma van den Berg"
    rows[7][6] = "VS, bel 06-12345678"
    outcome = bring_in(judge(table(heads, *rows)), at=NOW, actor=STAFF)
    assert (outcome.count("new"), outcome.count("refused")) == (18, 2)
    assert [[head for head, _why in each.faults] for each in outcome.judged if each.faults] == [
        [heads[8]],
        [heads[6]],
    ]
    made = ProcessingActivity.objects.get(name_nl="Werk 5")
    assert (made.purpose_nl, made.legal_basis, made.data_nl) == (
        "Doel 5",
        "contract",
        ["Naam", "Adres"],
    )
    assert made.receivers_nl == ["Analysebureau in de VS"]
    assert made.transfers_nl == ("VS\nModelcontract" if heads is ICO else "VS")
    assert (made.term_nl, made.security_nl) == ("Twee jaar", "Achter slot")
    assert not ProcessingActivity.objects.filter(name_nl__in=("Werk 3", "Werk 7")).exists()


def test_inv29_a_file_empties_nothing_that_was_published() -> None:
    """Receivers of whom nobody says where they are: a fault of the cell, and nothing is half in."""
    make_organisation()
    made = hand.make_from_example(example_key="cameras", at=NOW, actor=STAFF)
    hand.change_activity(
        key=made.key,
        values={
            **{f"{name}_{tail}": [] for name in ("receivers",) for tail in ("nl", "en")},
            **{f"transfers_{tail}": "" for tail in ("nl", "en")},
            "blanks": {"recipients": "Niemand krijgt deze beelden."},
        },
        reason="",
        at=NOW,
        actor=STAFF,
    )
    hand.publish_activity(key=made.key, at=NOW, actor=STAFF)
    with translation.override("nl"):
        sheet = table(
            ["Code", "Activiteit", "Ontvangers"], [made.key, made.name_nl, "Een bureau in de VS"]
        )
        outcome = bring_in(judge(sheet), at=NOW, actor=STAFF)
    [row] = outcome.judged
    assert (row.outcome, row.faults[0][0]) == ("refused", "Ontvangers")
    assert ProcessingActivity.objects.get(key=made.key, valid_to=None).receivers_nl == []


def table(*rows: list[str]) -> Sheet:
    """A file in CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return read_register(out.getvalue().encode())


def standing(**more: object) -> tuple[ProcessingActivity, Recipient]:
    """An activity for clients that gives data to a company."""
    make_organisation()
    company = companies.enter_known(key="books-jortt", at=NOW, actor=STAFF)
    values = {"name_nl": "Boeken", "name_en": "Boeken", "role": "processor", "clients": CLIENTS}
    made = hand.make_activity(values=values | more, at=NOW, actor=STAFF)
    hand.choose_recipients(key=made.key, wanted={company.key}, at=NOW, actor=STAFF)
    return made, company


@pytest.mark.parametrize("more", [{}, {"Ontvangers": "", "Rol": "", "Voor welke klanten": ""}])
def test_what_a_file_does_not_mention_stays_as_it_is(more: dict[str, str]) -> None:
    """No column or an empty cell: role, clients and companies stay; the purpose alone changes."""
    made, company = standing(receivers_nl=["Belastingdienst"], receivers_en=["Tax office"])
    row = {"Code": made.key, "Activiteit": "Boeken", "Waarvoor": "Boeken bijhouden."} | more
    with translation.override("nl"):
        outcome = bring_in(judge(table(list(row), list(row.values()))), at=NOW, actor=STAFF)
        again = judge(table(list(row), list(row.values())))
    assert (outcome.count("changed"), again.count("unchanged")) == (1, 1)
    now = ProcessingActivity.objects.get(key=made.key, valid_to=None)
    assert (now.purpose_nl, now.role, now.clients) == ("Boeken bijhouden.", "processor", CLIENTS)
    assert now.receivers_nl == ["Belastingdienst"]
    company.refresh_from_db()
    assert company.activity_keys == [made.key]


def test_a_role_and_companies_that_a_file_does_mention_change() -> None:
    """Its receivers are those of the cell; a new row without a role is the house's own."""
    made, company = standing()
    heads = ["Code", "Activiteit", "Rol", "Ontvangers"]
    rows = [[made.key, "Boeken", "Verantwoordelijke", "De bank"], ["", "Sleutels", "", ""]]
    with translation.override("nl"):
        bring_in(judge(table(heads, *rows)), at=NOW, actor=STAFF)
    now = ProcessingActivity.objects.get(key=made.key, valid_to=None)
    assert (now.role, now.receivers_nl) == ("controller", ["De bank"])
    assert ProcessingActivity.objects.get(name_nl="Sleutels").role == "controller"
    company.refresh_from_db()
    assert company.activity_keys == []


def test_inv42_a_company_without_a_contract_is_a_fault_of_its_cell() -> None:
    """The other rows come in; who has the company already keeps it."""
    made, company = standing()
    Recipient.objects.filter(id=company.id).update(contract_on=None)  # went since
    cell = f"{company.name} ({company.country})"
    rows = [["", "Met", cell], ["", "Zonder", "De bank"], [made.key, "Boeken 2", cell]]
    with translation.override("nl"):
        outcome = judge(table(["Code", "Activiteit", "Ontvangers"], *rows))
        bring_in(outcome, at=NOW, actor=STAFF)
    assert [each.outcome for each in outcome.judged] == ["refused", "new", "changed"]
    [(head, sentence)] = outcome.judged[0].faults
    assert head == "Ontvangers"
    assert company.name in sentence
    assert ProcessingActivity.objects.filter(name_nl="Zonder").exists()
    company.refresh_from_db()
    assert company.activity_keys == [made.key]


def test_what_stands_is_read_once_for_a_whole_file() -> None:
    """Judging thirty rows asks the register no more than judging one."""
    made, company = standing()
    keys = [made.key]
    for n in range(30):
        values = {"name_nl": f"werk {n}", "name_en": f"werk {n}"}
        keys.append(hand.make_activity(values=values, at=NOW, actor=STAFF).key)
    cell = f"{company.name} ({company.country})"
    rows = [[key, f"werk {n}" if n >= 0 else "Boeken", cell] for n, key in enumerate(keys, -1)]
    sheet = table(["Code", "Activiteit", "Ontvangers"], *rows)
    with CaptureQueriesContext(connection) as asked:
        assert judge(sheet).count("changed") == len(rows) - 1
    assert sum("register_" in each["sql"] for each in asked.captured_queries) <= 4


def test_the_names_in_a_file_are_one_question() -> None:
    """Judging three hundred rows of mess asks as much as judging three, and finds who is in it."""
    make_organisation()
    make_person(given_name="Wilma", family_name="van den Berg")
    heads = ["Activiteit", "Waarvoor", "Welke gegevens"]
    rows = [[f"Werk Nummer{n}", f"Doel Van Rij{n}", "Naam"] for n in range(300)]
    rows[7][2] = "Naam; Afspraken met Wilma van den Berg"
    asked = []
    for some in (rows[:3], rows):
        with CaptureQueriesContext(connection) as queries:
            outcome = judge(table(heads, *some))
        asked.append(len(queries))
        assert sum("people_person" in each["sql"] for each in queries.captured_queries) == 1
    assert asked[1] <= asked[0] + 1 <= 8  # one more: whether the name found is the shop's own
    [refused] = [each for each in outcome.judged if each.outcome == "refused"]
    assert refused.row == 9
    assert "Wilma van den Berg" in refused.faults[0][1]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_example_for_clients_is_not_published_with_its_filler(language: str) -> None:
    """First their names (art. 30(2)(a)); a file with the filler brings in a draft."""
    make_organisation()
    with translation.override(language):
        made = answered_example(
            example_key="client-payroll", clients=[filler_line()], at=NOW, actor=STAFF
        )
    with pytest.raises(RegisterRefused) as refused:
        hand.publish_activity(key=made.key, at=NOW, actor=STAFF)
    assert refused.value.field == "clients"
    with translation.override("nl"):
        sheet = table(
            ["Code", "Activiteit", "Waarvoor", "Stand"], [made.key, made.name_nl, "Nu.", "Volledig"]
        )
        assert bring_in(judge(sheet), at=NOW, actor=STAFF).count("changed") == 1
    hand.change_activity(key=made.key, values={"clients": CLIENTS}, reason="", at=NOW, actor=STAFF)
    assert hand.publish_activity(key=made.key, at=NOW, actor=STAFF).published_at == NOW


def mess() -> bytes:
    """Three hundred rows as somebody kept them: a title, merged cells, gaps, people, formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Blad1")
    sheet.merge_range(0, 0, 0, 6, "VERWERKINGSREGISTER 2024 concept!!")
    for place, head in enumerate(
        ["Afdeling", "Naam verwerking", "Doel", "Grondslag", "Betrokkenen", "Gegevens", "Termijn"]
    ):
        sheet.write_string(3, place, head)
    for n in range(300):
        row = 4 + n
        if n % 10 == 9:
            continue  # an empty row
        purpose = f"Doel nummer {n}"
        if n % 10 == 1:
            purpose = f"Vragen aan klant{n}@example.nl"
        if n % 10 == 2:
            purpose = '=HYPERLINK("http://example.org","x")'
        sheet.write_string(row, 1, "" if n % 10 == 3 else f"Verwerking {n}")
        sheet.write_string(row, 2, purpose)
        sheet.write_string(row, 3, "geen idee" if n % 10 == 4 else "Overeenkomst")
        if n % 10 == 6:
            sheet.write_string(row, 5, "Naam; Afspraken met Wilma van den Berg")
    sheet.merge_range(4, 4, 303, 4, "Klanten")
    sheet.merge_range(4, 6, 303, 6, "Twee jaar")
    book.close()
    return out.getvalue()


def test_three_hundred_rows_of_mess_come_in_by_row_or_not_at_all() -> None:
    """Each refused cell has its row, its column and its reason; no refused row is half in."""
    make_organisation()
    make_person(given_name="Wilma", family_name="van den Berg")
    before = ProcessingActivity.objects.count()
    sheet = read_register(mess())
    assert sheet.targets == ["", "name", "purpose", "legal_basis", "subjects", "data", "term"]
    outcome = judge(sheet)
    assert ProcessingActivity.objects.count() == before  # looking writes nothing
    assert len(outcome.judged) == 299  # only the last row is empty: others are merged into
    refused = [each for each in outcome.judged if each.outcome == "refused"]
    by_column = {(head, each.row) for each in refused for head, _sentence in each.faults}
    assert ("Doel", 6) in by_column  # a mail address
    assert ("Doel", 7) in by_column  # a formula
    assert ("Naam verwerking", 8) in by_column
    assert ("Grondslag", 9) in by_column
    assert ("Gegevens", 11) in by_column  # somebody's name
    bring_in(outcome, at=NOW, actor=STAFF)
    assert ProcessingActivity.objects.count() == before + outcome.count("new")
    assert outcome.count("new") == 120
    made = ProcessingActivity.objects.get(name_nl="Verwerking 5")
    assert (made.subjects, made.term_nl) == (["dpv:Customer"], "Twee jaar")
    assert made.published_at is None


@pytest.mark.usefixtures("twenty")
def test_rows_and_columns_are_as_large_as_their_words() -> None:
    """LibreOffice makes no row higher by itself, and reads a table's widths in its grid."""
    with ZipFile(io.BytesIO(exported("xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    heights = [float(each) for each in re.findall(r'<row [^>]* ht="([0-9.]+)"', sheet)]
    assert len(heights) > 20
    assert max(heights) > 60
    table = Document(io.BytesIO(exported("docx"))).tables[1]
    assert [round(each.width.cm, 1) for each in table.columns] == [4.4, 12.2]


def test_a_formula_in_a_workbook_gives_its_outcome_and_never_runs() -> None:
    """A real cell with a formula, as Excel writes it: what it came to is read as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Register")
    sheet.write_row(0, 0, ["Activiteit", "Doel", "Bewaartermijn"])
    sheet.write_string(1, 0, "Camera’s")
    sheet.write_formula(1, 1, '=CONCATENATE("Die","fstal")', value="Diefstal")
    sheet.write_formula(1, 2, '=WEBSERVICE("http://example.org/")', value="#VALUE!")
    sheet.write_string(2, 0, "Sleutels")
    sheet.write_formula(2, 1, '=HYPERLINK("http://example.org","x")', value="=cmd|' /C calc'!A0")
    book.close()
    make_organisation()
    outcome = bring_in(judge(read_register(out.getvalue())), at=NOW, actor=STAFF)
    first, second = outcome.judged
    assert first.values["purpose"] == "Diefstal"
    assert (first.outcome, first.values.get("term", "")) == ("new", "")  # an error says nothing
    assert [each[0] for each in second.faults] == ["Doel"]  # came to what would be a formula
    assert not ProcessingActivity.objects.filter(name_nl="Sleutels").exists()


def test_macros_in_a_workbook_are_not_even_read() -> None:
    """An .xlsm is a workbook with a program beside it: its cells come in, the program does not."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Register")
    sheet.write_row(0, 0, ["Activiteit", "Doel"])
    sheet.write_row(1, 0, ["Camera’s", "Diefstal"])
    book.close()
    with ZipFile(out, "a") as archive:  # what Excel adds to a workbook with macros
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"Auto_Open" * 50)
    make_organisation()
    bring_in(judge(read_register(out.getvalue())), at=NOW, actor=STAFF)
    assert ProcessingActivity.objects.get(name_nl="Camera’s").purpose_nl == "Diefstal"


@pytest.mark.usefixtures("twenty")
def test_an_old_excel_file_comes_in_too(tmp_path: Path) -> None:
    """An .xls as LibreOffice writes it, of our own export: the same comes back."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine")
    (tmp_path / "register.xlsx").write_bytes(exported("xlsx"))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command_line = [office, home, "--headless", "--convert-to", "xls:MS Excel 97"]
    subprocess.run(
        [*command_line, "--outdir", str(tmp_path), str(tmp_path / "register.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    content = (tmp_path / "register.xls").read_bytes()
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    with translation.override("nl"):
        outcome = judge(read_register(content))
    assert (outcome.count("unchanged"), outcome.count("refused")) == (20, 0)


def test_cells_are_never_formulas() -> None:
    """A name that begins like one is text in XLSX and has a mark in CSV; it comes back."""
    make_organisation()
    hand.make_activity(values={"name_nl": "=1+1", "name_en": "=1+1"}, at=NOW, actor=STAFF)
    assert "'=1+1" in exported("csv").decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported("xlsx")))
    assert "=1+1" in [row[1] for row in book.get_sheet_by_index(0).to_python()]
    assert b"<f>" not in exported("xlsx")
    outcome = judge(read_register(exported("csv")))
    assert outcome.count("refused") == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 no book", b"a;b;c\n1;2;3", b"\x00" * 50, b"x" * (MOST_BYTES + 1)],
)
def test_what_is_no_register_is_refused_with_a_sentence(content: bytes) -> None:
    """Nothing comes in."""
    with pytest.raises(RegisterRefused):
        read_register(content)


@pytest.mark.usefixtures("twenty")
def test_the_command_writes_and_reads(tmp_path: Path) -> None:
    """Every format to a file; a dry run writes nothing; a file that is none is refused."""
    run = CliRunner().invoke
    for name in FORMATS:
        file = tmp_path / f"register.{name}"
        result = run(command, ["export", "--format", name, "--output", str(file), "--json"])
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["incomplete"] == 0
        assert file.stat().st_size > 1000
    result = run(command, ["import", str(tmp_path / "register.csv"), "--dry-run", "--json"])
    told = json.loads(result.stdout)
    assert (told["unchanged"], told["new"], told["refused"]) == (20, 0, [])
    (tmp_path / "x.csv").write_text("a;b\n1;2\n")
    result = run(command, ["import", str(tmp_path / "x.csv"), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["reason"] == "unreadable"


def test_the_page_shows_first_and_writes_on_a_press() -> None:
    """Upload, look, choose another column, write."""
    make_organisation()
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    upload = io.BytesIO(b"Activiteit;Doel;Iets\nCamera's;Veilig;Klanten\n")
    upload.name = "register.csv"
    page = client.post("/register/inlezen/", {"file": upload})
    assert page.status_code == 200
    assert ProcessingActivity.objects.filter(name_nl="Camera's").count() == 0
    sent = {"rows": page.context["rows"], "column_0": "name", "column_1": "purpose"}
    again = client.post("/register/inlezen/", sent | {"column_2": "subjects", "look": "1"})
    assert again.context["counts"]["new"] == 1
    twice = client.post("/register/inlezen/", sent | {"column_2": "name", "look": "1"})
    assert "dezelfde betekenis" in twice.content.decode()
    done = client.post("/register/inlezen/", sent | {"column_2": "subjects", "write": "1"})
    assert done.status_code == 302
    assert ProcessingActivity.objects.get(name_nl="Camera's").subjects == ["dpv:Customer"]
    assert client.get("/register/bestand/pdf/").content[:4] == b"%PDF"
    assert client.get("/register/bestand/xlsx/?op=2026-01-01").status_code == 200
    assert client.get("/register/bestand/exe/").status_code == 404
    bad = client.post("/register/inlezen/", {"rows": "{"})
    assert "kunnen wij niet lezen" in bad.content.decode()
