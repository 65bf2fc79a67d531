"""However many rows of a file are refused, the memory stays as it is; all are in the result."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from akkoord.datamap.keys import check_keys
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.imports.bring_in import Batch, Bringing, bring_in
from akkoord.imports.judge import Refusal
from akkoord.imports.models import Import
from akkoord.imports.refused import IN_MEMORY, Refusals
from akkoord.imports.report import Report, record_report
from akkoord.imports.result_file import report_lines
from akkoord.imports.tests.factories import AT
from akkoord.law.reasons import Reason
from akkoord.register.models import Purpose
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.actions import Actor

MANY = 50_000


@pytest.fixture
def topic() -> Purpose:
    check_keys()
    make_organisation()
    return make_topic()


def bad(count: int, part: str = "") -> Iterator[Refusal]:
    return (Refusal(line, Reason.BAD_ADDRESS, "email", part) for line in range(2, count + 2))


def peak_of(count: int) -> int:
    """The most memory that collecting and reading so many refusals takes."""
    tracemalloc.start()
    try:
        refusals = Refusals()
        refusals.extend(bad(count))
        assert sum(1 for _each in refusals) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_as_many_take_no_more_memory() -> None:
    few, many = peak_of(2 * IN_MEMORY), peak_of(20 * IN_MEMORY)
    assert many < few * 1.5, (few, many)


def test_they_come_in_the_order_of_the_file_whenever_they_were_found() -> None:
    refusals = Refusals()
    refusals.extend(bad(IN_MEMORY + 10, "b.csv"))
    refusals.extend(bad(5, "a.csv"))
    refusals.append(Refusal(1, Reason.DUPLICATE_ROW, "", "b.csv"))
    found = list(refusals)
    assert len(refusals) == len(found) == IN_MEMORY + 16
    assert found[0] == Refusal(1, Reason.DUPLICATE_ROW, "", "b.csv")
    assert found[1] == Refusal(2, Reason.BAD_ADDRESS, "email", "b.csv")
    assert [each.line for each in found[1:-5]] == list(range(2, IN_MEMORY + 12))
    assert found[-5:] == list(bad(5, "a.csv"))
    assert list(refusals) == found  # can be read again
    assert not Refusals()


@pytest.mark.django_db
def test_a_file_of_bad_rows_is_brought_in_and_kept_without_holding_them() -> None:
    record = Import.objects.create(
        file_name="x.csv", layout="generic", source="own-signup", started_at=AT, is_dry_run=True
    )
    bringing = Bringing(record, None, None, None, None)
    tracemalloc.start()
    try:
        report = bring_in([Batch(bad(MANY))], bringing, at=AT)
        record_report(record, report, at=AT, actor=Actor.system())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (report.rows, len(report.refused), record.refused) == (MANY, MANY, MANY)
    assert record.refusals.count() == MANY
    assert peak < 6_000_000, peak  # {MANY} refusals as objects are more


@pytest.mark.usefixtures("topic")
@pytest.mark.django_db
def test_doubles_and_bad_rows_stand_in_the_result_by_line() -> None:
    rows = ["email", "a@example.nl", "geen adres", "a@example.nl", "ook niet", "a@example.nl"]
    order = ImportOrder(file_name="x.csv")
    record, report = import_file(
        io.BytesIO("\n".join(rows).encode()), order=order, at=AT, actor=Actor.system()
    )
    assert [(each.line, each.reason) for each in report.refused] == [
        (3, Reason.BAD_ADDRESS),
        (4, Reason.DUPLICATE_ROW),
        (5, Reason.BAD_ADDRESS),
        (6, Reason.DUPLICATE_ROW),
    ]
    assert [line[1] for line in report_lines(record)][:4] == ["3", "4", "5", "6"]
    assert report.as_json()["refused_rows"] == 4
    assert isinstance(report, Report)
