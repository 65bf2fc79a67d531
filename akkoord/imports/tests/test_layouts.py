"""What the exports that we know bring, row by row (INV-7): the person's own act, or nothing."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from akkoord.accounts.models import Staff
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.imports.evidence import Period
from akkoord.imports.known_layouts import LAYOUTS, layout_of
from akkoord.imports.models import PendingEvidence
from akkoord.imports.tests import samples
from akkoord.imports.tests.factories import (
    AT,
    WORDING,
    bring,
    bring_bytes,
    make_owner,
    shared,
)
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_organisation, make_topic

pytestmark = pytest.mark.django_db

EXPECTED = {
    # file: address -> (standing, may be mailed, why not by the row)
    "brevo.csv": {
        "dubbel": ("confirmed", ""),
        "enkel": ("", "added-by-administrator"),
        "niets": ("", "no-evidence"),
        "spreektegen": ("", "contradictory"),
        "gestopt": ("withdrawn", ""),
        "straks": ("", "future-time"),
    },
    "laposta.xlsx": {
        "bewijs": ("given", ""),
        "zonderip": ("", "no-evidence"),
        "weg": ("withdrawn", ""),
        "stuk": ("given", ""),
        "raar": ("", "unknown-status"),
        "wacht": ("", "awaiting-confirmation"),
    },
    "woocommerce.csv": {
        "ja": ("given", ""),
        "nee": ("given", ""),  # no at the first order, yes at the second
        "leeg": ("", "no-evidence"),
    },
    "hubspot.csv": {
        "form": ("given", ""),
        "staff": ("", "added-by-administrator"),
        "basis": ("", "no-evidence"),
        "weg": ("withdrawn", ""),
        "stuk": ("", "no-evidence"),
    },
    "mailerlite.csv": {
        "dubbel": ("confirmed", ""),
        "enkel": ("given", ""),
        "ingevoerd": ("", "no-evidence"),
        "weg": ("withdrawn", ""),
        "klacht": ("objected", ""),
        "stuk": ("given", ""),
    },
    "activecampaign.csv": {
        "form": ("given", ""),
        "ingevoerd": ("", "no-evidence"),
        "wacht": ("", "awaiting-confirmation"),
        "weg": ("withdrawn", ""),
    },
}
CONTENT = {
    "brevo.csv": samples.BREVO,
    "laposta.xlsx": samples.LAPOSTA,
    "woocommerce.csv": samples.WOOCOMMERCE,
    "hubspot.csv": samples.HUBSPOT,
    "mailerlite.csv": samples.MAILERLITE,
    "activecampaign.csv": samples.ACTIVECAMPAIGN,
}


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


@pytest.fixture
def owner() -> Staff:
    return make_owner()


def of(name: str) -> ContactPoint:
    return ContactPoint.objects.get(normalised=f"{name}@example.nl")


@pytest.mark.parametrize("file", list(EXPECTED))
def test_inv07_every_row_brings_its_own_act_or_nothing(
    file: str, tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    report = bring_bytes(CONTENT[file], file, tmp_path, owner, wording=WORDING)
    assert [part["layout"] for part in report.parts] == [file.partition(".")[0]]
    found = {}
    for name in EXPECTED[file]:
        point = of(name)
        standing = Standing.objects.filter(contact_point=point).first()
        pending = PendingEvidence.objects.filter(contact_point=point).first()
        found[name] = (standing.state if standing else "", pending.reason if pending else "")
    assert found == EXPECTED[file]
    may = {
        name
        for name in EXPECTED[file]
        if ask([of(name).id], topic, "email", at=AT)[of(name).id].allowed
    }
    working = {name for name, (state, _) in found.items() if state in ("given", "confirmed")}
    assert may == working - {"stuk"}
    assert report.may_be_mailed == len(may)
    assert sum(report.not_mailable.values()) == len(found) - len(may)


def test_windows_1252_and_semicolons_come_in_as_they_are(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    report = bring_bytes(samples.BREVO, "contacten.csv", tmp_path, owner, wording=WORDING)
    (part,) = report.parts
    assert (part["encoding"], part["delimiter"]) == ("cp1252", ";")
    person = Person.objects.get(points__normalised="dubbel@example.nl")
    assert (person.given_name, person.family_name) == ("Chloë", "Françoise")
    assert "SMS" in report.dropped_columns


def test_times_of_a_sheet_are_times_and_a_page_keeps_no_question(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    bring_bytes(samples.LAPOSTA, "relaties.xlsx", tmp_path, owner, wording=WORDING)
    event = PermissionEvent.objects.get(contact_point_ref=of("bewijs").id)
    assert event.happened_at is not None
    assert event.happened_at.isoformat() == "2025-10-07T23:58:07+00:00"  # Dutch summer time
    assert event.evidence is not None
    assert event.evidence["source_url"] == "https://www.example.nl/nieuwsbrief"
    assert event.evidence["optin_ip"] == "192.0.2.0"


def test_a_layout_can_be_named_and_its_header_gives_it_away() -> None:
    header = samples.BREVO_HEADER.split(";")
    assert layout_of(header).name == "brevo"
    assert layout_of(header, "plain").name == "plain"
    assert layout_of(samples.LAPOSTA_HEADER).name == "laposta"
    assert set(LAYOUTS) >= {"mailchimp", "brevo", "laposta", "hubspot", "mailerlite"}


@pytest.mark.parametrize(
    "header",
    [
        "Email Address,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP",
        "email,voornaam,confirm_time,confirm_ip",
        "email,unsub_time",
    ],
)
def test_inv07_a_shortened_export_keeps_its_evidence(header: str) -> None:
    assert layout_of(header.split(",")).name == "mailchimp"


def test_what_staff_say_of_the_columns_counts(tmp_path: Path, topic: Purpose, owner: Staff) -> None:
    content = samples.table(
        ["Contact", "Wie", "Wanneer"], ["a@example.nl", "Ann", "2024-03-01 10:00"]
    )
    report = bring_bytes(
        content,
        "eigen.csv",
        tmp_path,
        owner,
        wording=WORDING,
        roles={"Contact": "email", "Wie": "first_name", "Wanneer": "time"},
    )
    assert report.may_be_mailed == 1
    assert Person.objects.get().given_name == "Ann"


def test_a_file_without_a_header_is_read_by_its_columns_numbers(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    content = samples.table(["a@example.nl", "Ann"], ["b@example.nl", "Bo"])
    report = bring_bytes(
        content,
        "zonder.csv",
        tmp_path,
        owner,
        roles={"column 1": "email", "column 2": "first_name"},
    )
    assert (report.rows, report.created) == (2, 2)
    assert report.parts[0]["has_header"] is False


def test_inv07_a_wording_counts_for_the_days_it_is_declared_for(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    period = Period(date(2024, 1, 1), date(2025, 12, 31))
    report = bring_bytes(
        samples.WOOCOMMERCE, "w.csv", tmp_path, owner, wording=WORDING, period=period
    )
    assert report.may_be_mailed == 0
    assert report.not_mailable == {"wording-not-declared": 2, "no-evidence": 1}


@pytest.mark.skipif(
    shared("brevo") is None, reason="the example exports are not beside this checkout"
)
@pytest.mark.parametrize(
    ("parts", "rows", "may", "bad", "withdrawn", "not_mailable"),
    [
        (
            ("brevo", "contacten.csv"),
            *(400, 71, 3, 93),
            {
                "no-evidence": 110,
                "added-by-administrator": 101,
                "withdrawn": 93,
                "contradictory": 22,
            },
        ),
        (
            ("laposta", "relaties.xlsx"),
            *(300, 190, 1, 46),
            {"no-evidence": 60, "withdrawn": 46, "undeliverable": 3},
        ),
        (("woocommerce", "orders.csv"), *(600, 211, 4, 0), {"no-evidence": 385}),
    ],
)
def test_the_other_example_exports_come_in_as_they_are(
    parts: tuple[str, ...],
    rows: int,
    may: int,
    bad: int,
    withdrawn: int,
    not_mailable: dict[str, int],
    topic: Purpose,
    owner: Staff,
) -> None:
    path = shared(*parts)
    assert path is not None
    report = bring(path, owner, wording=WORDING)
    assert (report.rows, report.may_be_mailed, report.withdrawn) == (rows, may, withdrawn)
    assert Counter(str(each.reason) for each in report.refused) == {"bad-address": bad}
    assert report.not_mailable == not_mailable
    assert report.created == rows - bad
    assert report.sensitive == []


def test_names_that_are_formulas_stay_out_and_are_counted(
    tmp_path: Path, topic: Purpose, owner: Staff
) -> None:
    content = samples.table(
        ["Email", "Voornaam"],
        ["a@example.nl", "=HYPERLINK(1)"],
        ["b@example.nl", "@SUM(1)"],
        ["c@example.nl", "Cor"],
    )
    report = bring_bytes(content, "namen.csv", tmp_path, owner)
    assert (report.created, report.parts[0]["formulas"]) == (3, 2)
    assert set(Person.objects.values_list("given_name", flat=True)) == {"", "Cor"}
