"""`akkoord import` and `akkoord sensitive`: the answers that the design promises."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from akkoord.cli.import_file import command as import_command
from akkoord.cli.sensitive import command as sensitive_command
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.imports.models import Import
from akkoord.imports.tests import samples, ubl_samples
from akkoord.imports.tests.factories import WORDING, make_owner
from akkoord.people.models import Person

KEYS = (
    *("rows", "created", "updated", "unchanged", "may_be_mailed", "not_mailable", "withdrawn"),
    *("undeliverable", "stayed_out", "refused"),
)


def bring(*arguments: str) -> Result:
    return CliRunner().invoke(import_command, [*arguments, "--json"])


@pytest.mark.django_db
def test_a_file_comes_in_with_the_answer_of_the_design(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    make_owner()
    file, wording = tmp_path / "contacten.csv", tmp_path / "tekst.txt"
    file.write_bytes(samples.BREVO + b"\ngeen-adres;;;;;;;;\n")
    wording.write_text(WORDING)
    dry = bring(str(file), "--wording", str(wording), "--dry-run")
    assert dry.exit_code == 0
    assert not Person.objects.exists()
    answer = json.loads(bring(str(file), "--wording", str(wording)).stdout)
    assert answer == json.loads(dry.stdout) | {"import": answer["import"]}
    assert answer["import"] == str(Import.objects.get().id)
    assert list(answer)[: len(KEYS)] == list(KEYS)
    assert answer["refused"] == [{"row": 8, "reason": "bad-address"}]
    assert (answer["rows"], answer["created"], answer["may_be_mailed"]) == (7, 6, 1)


@pytest.mark.django_db
def test_a_folder_without_invoices_is_an_error_that_says_so(tmp_path: Path) -> None:
    make_organisation()
    (tmp_path / "leeg").mkdir()
    (tmp_path / "leeg" / "klanten.csv").write_text("email\na@example.nl\n")
    result = bring(str(tmp_path / "leeg"))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["reason"] == "not-a-table"
    assert "factuur" in result.stderr or "invoice" in result.stderr
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_how_a_file_is_read_can_be_said(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    file = tmp_path / "lijst.txt"
    file.write_bytes("a@example.nl\tZoë\n".encode("cp1252"))
    result = bring(
        *(str(file), "--delimiter", "tab", "--encoding", "cp1252", "--no-header"),
        *("--column", "column 1=email", "--column", "column 2=first_name"),
    )
    assert result.exit_code == 0, result.output
    assert Person.objects.get().given_name == "Zoë"
    assert bring(str(file), "--delimiter", ";;").exit_code == 2
    assert bring(str(file), "--column", "column 1=bsn").exit_code == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "more", "reason"),
    [
        (samples.BREVO, ["--source", "bought"], "bought"),
        (b"a,b\n1,2\n", [], "no-address"),
        (b"", [], "not-a-table"),
        (b"PK\x03\x04rubbish", [], "not-a-table"),
        (samples.workbook(samples.cell("A9000000", "x")), [], "file-too-large"),
    ],
)
def test_a_refused_file_ends_with_status_one_and_the_reason(
    content: bytes, more: list[str], reason: str, tmp_path: Path
) -> None:
    make_organisation()
    make_topic()
    file = tmp_path / "bestand"
    file.write_bytes(content)
    result = bring(str(file), *more)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"reason": reason}
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_one_sheet_of_a_book_alone_or_those_that_are_there(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    file = tmp_path / "leden.xlsx"
    people = {"Noord": "ann", "Zuid": "bo"}
    file.write_bytes(
        samples.book({n: [["email"], [f"{who}@example.nl"]] for n, who in people.items()})
    )
    assert json.loads(bring(str(file), "--sheet", "Zuid").stdout)["created"] == 1
    refused = bring(str(file), "--sheet", "Oost")
    assert refused.exit_code == 1
    assert "Noord, Zuid" in refused.stderr
    assert json.loads(bring(str(file)).stdout)["created"] == 1


def test_inv32_sensitive_answers_for_every_line(tmp_path: Path) -> None:
    file = tmp_path / "notities.txt"
    file.write_text("Graag bellen\nBSN 111222333\nheeft suikerziekte, is katholiek\n")
    result = CliRunner().invoke(sensitive_command, [str(file), "--json"])
    assert json.loads(result.stdout) == [
        {"line": 1, "classes": []},
        {"line": 2, "classes": ["bsn"]},
        {"line": 3, "classes": ["health", "religion"]},
    ]


def test_inv32_in_a_table_the_column_is_a_word_beside_the_number(tmp_path: Path) -> None:
    file = tmp_path / "klanten.csv"
    file.write_text("naam;bsn\nAnn;111222333\nBo;111222334\n")
    result = CliRunner().invoke(sensitive_command, [str(file), "--json"])
    assert [each["classes"] for each in json.loads(result.stdout)] == [[], ["bsn"], []]
    text = CliRunner().invoke(sensitive_command, [str(file)])
    assert text.stdout == "2: bsn\n"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "beeld.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert CliRunner().invoke(sensitive_command, [str(file)]).exit_code == 1


@pytest.mark.django_db
def test_invoices_of_a_folder_come_in_as_sales(tmp_path: Path) -> None:
    house = make_organisation()
    make_topic()
    (tmp_path / "a.xml").write_bytes(ubl_samples.invoice(seller=house.name))
    (tmp_path / "b.xml").write_bytes(ubl_samples.LAUGHS)
    outcome = bring(str(tmp_path))
    assert outcome.exit_code == 0, outcome.output
    told = json.loads(outcome.stdout)
    assert list(told)[: len(KEYS)] == list(KEYS)
    assert (told["rows"], told["sales"], told["may_be_mailed"]) == (2, 1, 0)
    assert told["refused"] == [{"row": 2, "reason": "unsafe-document", "file": "b.xml"}]
    assert "--place" in outcome.stderr
    single = bring(str(tmp_path / "b.xml"))
    assert single.exit_code == 1
    assert json.loads(single.stdout) == {"reason": "unsafe-document"}
