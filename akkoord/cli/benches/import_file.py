"""`akkoord bench import`: a file with evidence, against a raw copy and against row by row."""

import csv
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from akkoord.cli.benches.filling import lay_ground
from akkoord.cli.benches.import_memory import FEW, memory_of_the_job, peak, set_back
from akkoord.cli.benches.results import Result, faster, seconds, within
from akkoord.imports.actions import ImportOrder, import_file
from akkoord.people.models import ContactPoint, Person

_HEADER = (
    *("Email Address", "First Name", "Last Name", "Address", "Woonplaats"),
    *("OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP", "LEID"),
)
ONE_BY_ONE = 1_000


def bench(people: int, *, at: datetime) -> list[Result]:
    """As many rows as people, all new, each with its evidence and a declared wording."""
    ground = lay_ground(at=at)
    with tempfile.TemporaryDirectory(prefix="akkoord-bench-") as folder:
        path = Path(folder) / "members.csv"
        # Few first: what the memory needs then, it must not need many times for all of them.
        few = Path(folder) / "few.csv"
        few_rows = min(FEW, max(people // 5, 1))
        _write(few, few_rows, at=at, name="eerder")
        order = ImportOrder(
            "members.csv",
            layout="mailchimp",
            topic_slug=ground.topic.slug,
            wording="Ja, stuur mij de nieuwsbrief.",
        )
        set_back()
        import_file(few, order=order, at=at, actor=ground.actor)
        peak_few = peak()
        _write(path, people, at=at)
        copied = seconds(lambda: _copy(path))
        set_back()
        began = ContactPoint.objects.count()
        imported = seconds(lambda: import_file(path, order=order, at=at, actor=ground.actor))
        if ContactPoint.objects.count() - began < people:
            raise AssertionError("not every row came in")
        peak_all = peak()
        path.unlink()
        by_job = memory_of_the_job(people, ground, Path(folder), _write, at=at)
    slow = min(ONE_BY_ONE, people)
    one_by_one = seconds(lambda: _row_by_row(slow, at=at))
    return [
        faster(
            f"import: {people:,} rows with evidence, against a raw copy of the file",
            people / imported,
            people / copied,
            good=0.1,
            aim=0.25,
            unit="rows per second",
        ),
        faster(
            f"import: {people:,} rows with evidence, against update_or_create ({slow:,} rows)",
            people / imported,
            slow / one_by_one,
            good=50,
            aim=100,
            unit="rows per second",
        ),
        within(
            f"import: peak memory at {people:,} rows by the command, against {few_rows:,} rows",
            peak_all,
            peak_few,
            good=1.3,
            aim=1.1,
            unit="MiB",
        ),
        by_job,
    ]


def _write(path: Path, rows: int, *, at: datetime, name: str = "lid") -> None:
    """A file as a mail service exports it."""
    asked = at - timedelta(days=300)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADER)
        for n in range(rows):
            moment = f"{asked - timedelta(minutes=n % 400_000):%F %T}"
            place = n * 7_919 % rows  # not in order
            writer.writerow(
                (
                    *(f"{name}{place}@example.org", f"Naam{n % 997}", f"Achter{n % 9973}"),
                    *(f"Straat {n % 300}", "Utrecht", moment, "192.0.2.7", moment),
                    *("192.0.2.7", n),
                )
            )


@transaction.atomic
def _copy(path: Path) -> None:
    """The file as it is into a table of texts without an index."""
    columns = ", ".join(f"c{n} text" for n in range(len(_HEADER)))
    with connection.cursor() as cursor, path.open("rb") as stream:
        cursor.execute(f"CREATE TABLE bench_raw ({columns})")
        with cursor.copy("COPY bench_raw FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)


def _row_by_row(rows: int, *, at: datetime) -> None:
    """What a first attempt does: the ORM, a row at a time; people and addresses only."""
    with transaction.atomic():
        for n in range(rows):
            person = Person.objects.create(
                given_name="Naam", source="import", created_at=at, updated_at=at
            )
            ContactPoint.objects.update_or_create(
                normalised=f"een{n}@example.org",
                channel="email",
                ended_at=None,
                defaults={
                    "person": person,
                    "value": f"een{n}@example.org",
                    "keyed_hash": n.to_bytes(32),
                    "source": "import",
                    "created_at": at,
                },
            )
