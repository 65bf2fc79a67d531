"""What a row brings: evidence, names, and IP addresses cut short."""

import io
import json
from datetime import UTC, datetime

import pytest

from akkoord.imports.actions import screen_for
from akkoord.imports.judge import Judging, Refusal, StagedRow, judge_rows
from akkoord.imports.known_layouts import MAILCHIMP, PLAIN, layout_of
from akkoord.imports.layouts import columns_of
from akkoord.imports.reader import open_table
from akkoord.law.reasons import Reason

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIELDS = frozenset({"email", "first_name", "last_name", "language"})
HEADER = "Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,NOTES"


def judge(*rows: str, header: str = HEADER, declared: bool = True) -> list[StagedRow | Refusal]:
    table = open_table(io.BytesIO("\n".join([header, *rows]).encode()))
    columns = columns_of(layout_of(table.header), table.header, FIELDS)
    assert columns is not None
    judging = Judging(columns, AT, is_wording_declared=declared)
    return list(judge_rows(table.rows, judging, screen_for(table.header, columns)))


def staged(row: str, **more: object) -> StagedRow:
    (found,) = judge(row, **more)  # type: ignore[arg-type]
    assert isinstance(found, StagedRow)
    return found


FULL = "a@example.nl,Ann,de Wit,2024-01-02 10:00:00,84.1.2.3,2024-01-02 11:00:00,84.1.2.9,1,secret"


def test_inv07_a_click_of_the_person_proves_consent_at_its_time() -> None:
    row = staged(FULL)
    assert (row.state, row.reason) == ("confirmed", "")
    assert row.happened_at == datetime(2024, 1, 2, 11, 0, tzinfo=UTC)


def test_inv07_without_declared_wording_it_waits_with_its_evidence() -> None:
    row = staged(FULL, declared=False)
    assert row.reason == Reason.WORDING_NOT_DECLARED
    assert row.state == "confirmed"  # ready for when the wording is declared


def test_ip_addresses_are_cut_short_and_notes_do_not_come_along() -> None:
    row = staged(FULL)
    kept = json.loads(row.evidence)
    assert kept["optin_ip"] == "84.1.2.0"
    assert "84.1.2.3" not in str(row)
    assert "secret" not in str(row)


def test_a_time_set_by_an_administrator_proves_nothing() -> None:
    row = staged("a@example.nl,,,,,2024-01-02 11:00:00,,1,")
    assert (row.state, row.reason) == ("", Reason.ADDED_BY_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("address", "reason"), [("", Reason.NO_ADDRESS), ("geen-adres", Reason.BAD_ADDRESS)]
)
def test_a_row_without_a_usable_address_is_refused_with_its_line(
    address: str, reason: Reason
) -> None:
    assert judge(FULL, f"{address},,,,,,,1,")[1] == Refusal(3, reason, "email")


@pytest.mark.parametrize("name", ['"=HYPERLINK(""x"")"', "+31", "@cmd", "-1+1"])
def test_a_formula_is_no_name(name: str) -> None:
    assert staged(f"a@example.nl,{name},,,,,,1,").given_name == ""


def test_addresses_are_compared_normalised_and_kept_as_typed() -> None:
    row = staged("Ann.de-Wit@EXAMPLE.nl,,,,,,,1,")
    assert (row.value, row.normalised) == ("Ann.de-Wit@EXAMPLE.nl", "ann.de-wit@example.nl")


def test_the_layout_is_given_away_by_its_header() -> None:
    assert layout_of(HEADER.split(",")) is MAILCHIMP
    assert layout_of(["E-mail", "Naam"]) is PLAIN


def test_inv31_columns_that_no_purpose_needs_are_dropped_and_named() -> None:
    header = [*HEADER.split(","), "Woonplaats"]
    columns = columns_of(MAILCHIMP, header, frozenset({"email"}))
    assert columns is not None
    assert columns.first_name is None
    assert {"First Name", "Last Name", "NOTES", "Woonplaats", "LEID"} == set(columns.dropped)


def test_an_unsubscribed_row_is_a_no_and_a_complaint_an_objection() -> None:
    header = HEADER.replace("LEID", "UNSUB_TIME,UNSUB_REASON,LEID")
    plain = staged("a@example.nl,,,,,,,2024-05-01 10:00:00,T - no longer,1,", header=header)
    spam = staged("a@example.nl,,,,,,,2024-05-01 10:00:00,S - SPAM complaint,1,", header=header)
    assert (plain.stop_state, spam.stop_state) == ("withdrawn", "objected")


def test_a_no_with_an_unreadable_time_counts_from_now() -> None:
    header = HEADER.replace("LEID", "UNSUB_TIME,LEID")
    assert staged("a@example.nl,,,,,,,0000-00-00,1,", header=header).stopped_at == AT
