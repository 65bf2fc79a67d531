"""What a file is called, without what may tell who somebody is."""

from pathlib import Path

import pytest

from akkoord.datamap.naming import plain_title
from akkoord.imports.models import Import
from akkoord.imports.tests.factories import WORDING, bring_bytes, make_owner
from akkoord.imports.tests.samples import zipped
from akkoord.register.tests.factories import make_organisation, make_topic


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("leden.csv", "leden.csv"),
        ("leden 20261125.csv", "leden 20261125.csv"),
        ("leden 2026-11-25 v2.xlsx", "leden 2026-11-25 v2.xlsx"),
        ("anna@example.nl.csv", "….csv"),
        ("lijst van anna@example.nl en bo@example.nl", "lijst van … en …"),
        ("bel 06-12345678.csv", "bel ….csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\lijst.csv", "lijst.csv"),
        ("lijst\x1b[2J\u202evsc.csv", "lijst[2Jvsc.csv"),
    ],
)
def test_a_title_tells_what_it_is_and_not_of_whom(name: str, plain: str) -> None:
    assert plain_title(name) == plain


@pytest.mark.django_db
def test_no_address_stays_in_what_is_kept_of_a_file(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    content = zipped(
        {
            "leden van anna@example.nl.csv": b"email;mail van bo@example.nl\ncas@example.nl;x\n",
            "brief aan dirk@example.nl.pdf": b"%PDF",
        }
    )
    bring_bytes(content, "eva@example.nl.zip", tmp_path, make_owner(), wording=WORDING)
    record = Import.objects.get()
    kept = f"{record.file_name} {record.parts} {record.ignored} {record.dropped_columns}"
    assert "example.nl" not in kept
    assert record.file_name == "….zip"
    assert record.parts[0]["name"] == "leden van ….csv"
