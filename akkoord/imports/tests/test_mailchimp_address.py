"""Whole exports of Mailchimp with their column Address: street, postcode and town, or told."""

# ruff: noqa: F811 - fixtures of other files

import csv
import io
from contextlib import suppress
from datetime import timedelta

import pytest

from akkoord.accounts.models import Staff
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.imports.models import Import
from akkoord.imports.receiving import receive_upload
from akkoord.imports.tests.factories import WORDING, shared
from akkoord.imports.tests.test_invoices import AT, staff, topic  # noqa: F401 - fixtures
from akkoord.imports.upload import bring_in_upload, choose_columns, run_upload
from akkoord.people.models import PostalAddress, Relation
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
SAMPLE = (
    "Email Address,First Name,Last Name,Address,Woonplaats,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,"
    "CONFIRM_IP,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    "anna@example.nl,Anna,Bakker,Kyanopad 121  7200CT  Walsoorden  NL,Ede,,,"
    "2025-04-20 22:56:54,,2026-08-08 06:48:24,1,a,,\n"
    "bo@example.nl,Bo,Jansen,Ergens in Ede,,,,2025-04-20 22:56:54,,2026-08-08 06:48:24,2,b,,\n"
    "cor@example.nl,Cor,Smit,Linaweg 7  7744 UO  Thorn  NL,,,,2025-04-20 22:56:54,,"
    "2026-08-08 06:48:24,3,c,,\n"
    "dirk@example.nl,Dirk,Vos,,,,,2025-04-20 22:56:54,,2026-08-08 06:48:24,4,d,,\n"
)
EXPORTS = [
    path
    for kind in ("subscribed", "unsubscribed", "cleaned")
    if (path := shared("mailchimp", f"{kind}_members_export.csv"))
]
FILES = {"sample.csv": SAMPLE} | {each.name: each.read_text("utf-8-sig") for each in EXPORTS}


def customers(text: str) -> dict[str, str]:
    """Everybody with an address in the file is a customer but for Cor; theirs by their mail."""
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        with suppress(BadIdentifier):
            if row["Address"] and not row["Email Address"].startswith("cor@"):
                found[normalise_email(row["Email Address"])] = row["Address"]
    for mail in found:
        person = make_person()
        make_point(person, mail)
        Relation.objects.create(person=person, kind="customer", since=AT.date())
    return found


def kept() -> dict[str, str]:
    """The addresses that were kept, as Mailchimp writes them and without blanks."""
    rows = PostalAddress.objects.select_related("person").prefetch_related("person__points")
    return {
        each.person.points.get(channel="email").normalised: "".join(
            f"{each.street}{each.house_number}{each.postcode}{each.city}{each.country}".split()
        )
        for each in rows
    }


def by_command(name: str, text: str, owner: Staff) -> Import:
    order = ImportOrder(file_name=name, wording=WORDING, source="own-signup")
    return import_file(io.BytesIO(text.encode()), order=order, at=AT, actor=Actor.staff(owner.pk))[
        0
    ]


def by_screen(name: str, text: str, owner: Staff) -> Import:
    actor = Actor.staff(owner.pk)
    order = ImportOrder(file_name=name, wording=WORDING, source="own-signup", is_dry_run=True)
    record = receive_upload(io.BytesIO(text.encode()), order=order, at=AT, actor=actor)
    roles = [part["roles"] for part in record.parts]
    choose_columns(import_id=record.id, choices=roles, at=AT, actor=actor)
    run_upload(import_id=record.id, at=AT)
    bring_in_upload(import_id=record.id)
    run_upload(import_id=record.id, at=AT + timedelta(minutes=1))
    record.refresh_from_db()
    return record


@pytest.mark.parametrize("way", [by_command, by_screen])
@pytest.mark.parametrize("name", FILES)
def test_every_address_is_taken_apart_or_told(name: str, way: object, topic: Purpose) -> None:
    text = FILES[name]
    written = customers(text)
    record = way(name, text, Staff.objects.get())  # type: ignore[operator]
    assert record.state == Import.State.DONE, record.error
    told = record.besides.get("posts_out", {})
    found = kept()
    for mail, address in found.items():
        assert address.lower() == "".join(written[mail].split()).lower()
    whole = [row for row in csv.DictReader(io.StringIO(text)) if row["Address"]]
    rows = len(whole) + sum(  # a town alone is an address that is not whole
        1 for row in csv.DictReader(io.StringIO(text)) if row["Woonplaats"] and not row["Address"]
    )
    assert len(found) >= len(whole) / 3
    out = record.refused + record.stayed_out
    assert len(found) == record.besides["posts"] > 0
    assert rows - out <= len(found) + sum(told.values()) <= rows, (rows, out, told)
    if name == "sample.csv":
        assert found == {"anna@example.nl": "Kyanopad1217200CTWalsoordenNL"}
        assert told == {"incomplete": 1, "no-customer": 1}
