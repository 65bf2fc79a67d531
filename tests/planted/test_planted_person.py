"""Somebody planted in everything that exists is gone after an erasure, or is said to be there.

The places are found by looking (`catalogue`, `planter`), so a new model is covered by itself; what
is left is looked for by a program that shares no code with the product (`finder`). INV-35.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from akkoord.config.embedded import binaries
from akkoord.datamap import declaration, waiting
from akkoord.datamap.declaration import (
    OnErasure,
    Whose,
    declaration_of,
    declarations,
    personal_stores,
)
from akkoord.datamap.identifiers import normalise_email, normalise_phone
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.datamap.needles import needles_of
from akkoord.datamap.scan import scan
from akkoord.people.models import ContactPoint, Person, PersonAlias, PostalAddress
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasurePending, ErasureRun, ErasureSearch
from akkoord.rights.physical import make_physical
from akkoord.rights.prove import prove
from akkoord.trail.actions import Actor
from tests.planted.identity import (
    ADDRESS,
    DOOR,
    NAME,
    NUMBER,
    PHONE,
    SHORT_ADDRESS,
    TRACES,
    Identity,
    file_kinds,
)
from tests.planted.planter import NOW, Planter

pytestmark = pytest.mark.django_db(transaction=True)
OWN = {"people_person", "people_contactpoint", "people_postaladdress"}  # who she is: they stay
FINDER = Path(__file__).with_name("finder.py")


@pytest.fixture
def aside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the data folder, for dumps."""
    return tmp_path_factory.mktemp("aside")


def somebody() -> tuple[Person, dict[str, Any]]:
    """The person with the rows that an identifier must stand in rightly; and their keys."""
    person = Person.objects.create(
        given_name=NAME[0],
        family_name=NAME[1],
        customer_number=NUMBER,
        created_at=NOW,
        updated_at=NOW,
    )
    for channel, value in (("email", ADDRESS), ("email", SHORT_ADDRESS), ("phone", PHONE)):
        normal = normalise_phone(value) if channel == "phone" else normalise_email(value)
        point = ContactPoint.objects.create(
            person=person,
            channel=channel,
            value=value,
            normalised=normal,
            keyed_hash=keyed_hash(normal),
            source="staff",
            created_at=NOW,
        )
    home = PostalAddress.objects.create(
        person=person,
        street="Kade",
        house_number=DOOR[1],
        postcode=DOOR[0],
        city="Ergens",
        created_at=NOW,
    )
    PersonAlias.objects.create(old_id=uuid7(), person=person, merged_at=NOW)
    return person, {
        "people_person": person.id,
        "people_contactpoint": point.id,
        "people_postaladdress": home.id,
    }


def leads() -> frozenset[tuple[str, str]]:
    """The columns that hold a person's id without a foreign key."""
    return frozenset(
        (each.table, each.subject) for each in personal_stores() if "__" not in each.subject
    )


def planter_of(person: Person, known: dict[str, Any]) -> Planter:
    planter = Planter(Identity(person.id, leads()), known)
    planter.make_rows()
    # The planted row would be an erasure of hers under way; the real one makes its own.
    ErasurePending.objects.all().delete()
    ErasureSearch.objects.all().delete()
    return planter


def all_texts(planter: Planter) -> set[tuple[str, str]]:
    return {
        (each.table, each.name)
        for places in planter.catalogue.tables.values()
        for each in places
        if each.holds_text
    }


def that_must_go(planter: Planter) -> set[tuple[str, str]]:
    """What the declarations promise to remove or to empty."""
    wanted = set()
    for each in declarations():
        names = set(each.may_name)
        if each in personal_stores():
            is_row = each.erase is OnErasure.DELETE and not each.custom_erase
            names |= set(each.columns) | (set(each.plain) if is_row else set())
            if each.table in OWN:
                names -= {n for n, column in each.columns.items() if column.identifier} | {
                    "keyed_hash",
                    "channel",
                }
        wanted |= {(each.table, name) for name in names}
    return wanted & all_texts(planter)


def hits(what: str, *paths: Path) -> set[tuple[str, str]]:
    """What the finder says: (where, trace)."""
    done = subprocess.run(
        [sys.executable, "-I", str(FINDER), what, *map(str, paths)],
        input="\n".join(TRACES),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {(each["where"], each["trace"]) for each in found}


def dump(to: Path) -> Path:
    """The whole database, by pg_dump."""
    found = connection.settings_dict
    wheel = binaries() / "pg_dump"
    program = wheel if wheel.exists() else Path("/usr/bin/pg_dump")
    subprocess.run(
        [
            *(str(program), "--no-owner", "-f", str(to), "-h", found["HOST"], "-U", found["USER"]),
            *("-p", str(found["PORT"] or 5432), found["NAME"]),
        ],
        env={**os.environ, "PGPASSWORD": found["PASSWORD"]},
        check=True,
    )
    return to


def forget_her(person: Person) -> ErasureRun:
    return forget(
        person_id=person.id, by=ErasureRun.By.STAFF, actor=Actor.staff(uuid7()), at=NOW
    ).run


def test_inv35_somebody_planted_in_all_that_is_declared_is_nowhere(aside: Path) -> None:
    """Every text column, path of JSON and packing that a declaration speaks of."""
    person, known = somebody()
    planter = planter_of(person, known)
    planter.plant(that_must_go(planter))
    before = {where for where, _trace in hits("dump", dump(aside / "before.sql"))}
    missed = {f"{table}.{name}" for table, name in planter.done.places} - before
    assert missed == set(), "the finder does not see what was planted"
    for table, name in planter.done.refused:
        place = next(each for each in planter.catalogue.tables[table] if each.name == name)
        assert planter.catalogue.is_checked(place) or (place.longest or 99) < 10, place
    run = forget_her(person)
    assert run.findings == []
    assert run.state == ErasureRun.State.CLEAN
    assert hits("dump", dump(aside / "after.sql")) == set()
    assert hits("folder", Path(settings.DATA_DIR)) == set()


def test_inv35_what_no_declaration_speaks_of_is_named() -> None:
    """In every other text of the database: she cannot be taken out there, and that is said."""
    person, known = somebody()
    planter = planter_of(person, known)
    needles = needles_of([person.id])
    rest = all_texts(planter) - that_must_go(planter)
    planter.plant({each for each in rest if each[0] not in OWN})
    result = scan(needles)
    named = {(each.store, each.place) for each in (*result.hits, *result.kept)}
    assert planter.done.places - named == set()
    assert len(planter.done.places) > 150


@pytest.mark.parametrize(
    "table", ["delivery_outboxmail", "delivery_mailboxmessage", "imports_import"]
)
def test_inv35_mutation_a_declaration_taken_out_is_found_twice(
    table: str, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the scan, which then gives no certificate, and by the finder."""
    person, known = somebody()
    planter = planter_of(person, known)
    planter.plant({each for each in that_must_go(planter) if each[0] == table})
    whole = declaration_of(table)
    assert whole is not None
    gone = replace(whole, whose=Whose.NOBODY, subject="", columns={}, may_name={}, custom_erase="")
    monkeypatch.setitem(declaration._declarations, table, gone)
    run = forget_her(person)
    assert run.state == ErasureRun.State.BLOCKED
    assert table in {each["store"] for each in run.findings}
    found = {where.split(".")[0] for where, _trace in hits("dump", dump(aside / "after.sql"))}
    assert table in found


def folders() -> list[Path]:
    """Where files stand: known ones, every folder that files wait in, and one that nobody knows."""
    names = {"", "logs", "uploads", "exports", "attachments", "journal", "not/known"}
    names |= set(waiting._declared)
    return [Path(settings.DATA_DIR) / each for each in sorted(names)]


def test_inv35_a_file_of_any_kind_is_read_or_blocks() -> None:
    """In every folder one of each kind: all are named, and no certificate until they are gone."""
    person, _known = somebody()
    kinds = file_kinds()
    paths = []
    for folder in folders():
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in kinds.items():
            paths.append(folder / name)
            paths[-1].write_bytes(content)
    seen = {where for where, _trace in hits("folder", Path(settings.DATA_DIR))}
    assert {str(each) for each in paths if each.name != "unknown.bin"} - seen == set()
    run = forget_her(person)
    assert run.state == ErasureRun.State.BLOCKED
    named = {each["place"] for each in run.findings if each["store"] == "files"}
    left = [each.relative_to(settings.DATA_DIR) for each in paths if each.exists()]
    assert [x for x in left if str(x) not in named and "planted" not in x.name] == []
    assert sum("\u2026" in each for each in named) == len(folders())  # whose very name tells
    for path in paths:
        path.unlink(missing_ok=True)
    assert prove(run_id=run.id, at=NOW).state == ErasureRun.State.CLEAN
    assert hits("folder", Path(settings.DATA_DIR)) == set()


def own_files(to: Path) -> Path:
    """The database's own files and the write-ahead log, as the server reads them from its disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()"
            " UNION SELECT 'pg_wal' UNION SELECT 'global'"
        )
        for (folder,) in cursor.fetchall():
            cursor.execute("SELECT name FROM pg_ls_dir(%s) AS name", [folder])
            for (name,) in cursor.fetchall():
                cursor.execute("SELECT (pg_stat_file(%s)).isdir", [f"{folder}/{name}"])
                if not cursor.fetchone()[0] and name != "pg_control":
                    cursor.execute("SELECT pg_read_binary_file(%s)", [f"{folder}/{name}"])
                    path = to / folder / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(bytes(cursor.fetchone()[0]))
    return to


@pytest.mark.usefixtures("new_files")
def test_inv35_after_the_night_the_databases_own_files_know_nobody(aside: Path) -> None:
    """Pages, indexes, catalogues and the write-ahead log, byte for byte."""
    person, known = somebody()
    planter = planter_of(person, known)
    planter.plant(that_must_go(planter))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")
    assert len(hits("raw", own_files(aside / "before"))) > 20
    run = forget_her(person)
    assert run.findings == []
    assert run.state == ErasureRun.State.CLEAN
    report = make_physical(at=NOW)
    assert (report.runs, report.in_use) == (1, ())
    assert hits("raw", own_files(aside / "after")) == set()
