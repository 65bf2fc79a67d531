"""Making a table evented: every type in the content counts, what has no fixed form is refused."""

import pytest
from django.db import DatabaseError, connection, transaction

from akkoord.trail.evented import evented_table_sql

pytestmark = pytest.mark.django_db
COLUMNS = {
    "at": ("timestamptz", "now()", "now() + interval '1 us'"),
    "day": ("date", "'2026-03-02'", "'2026-03-03'"),
    "by": ("varchar(10)", "'a'", "NULL"),
    "words": ("text[]", "'{a,b}'", "'{ab}'"),
    "number": ("smallint", "1", "2"),
    "amount": ("numeric", "1.0", "1.00"),
    "facts": ("jsonb", "'{\"a\": 1}'", '\'{"a": "1"}\''),
    "is_so": ("boolean", "true", "false"),
    "bytes": ("bytea", "'\\x00'", "''"),
}


def run(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def make_table(**extra: str) -> None:
    columns = {name: kind for name, (kind, _, _) in COLUMNS.items()} | extra
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    run(f"CREATE TABLE evented (id uuid PRIMARY KEY, {listed}, salt bytea, commitment bytea)")
    run(evented_table_sql("evented", tuple(columns), ("facts",))[0])


def test_inv06_every_column_is_committed_to() -> None:
    make_table()
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    values = ", ".join(first for _, first, _ in COLUMNS.values())
    run(f"INSERT INTO evented (id, {names}) VALUES (gen_random_uuid(), {values})")
    whole = "SELECT commitment = sha256(salt || evented_content(e)) FROM evented e"
    assert run(whole) == [(True,)]
    for name, (_, first, other) in COLUMNS.items():
        run("SET LOCAL session_replication_role = replica")
        run(f'UPDATE evented SET "{name}" = {other}')
        assert run(whole) == [(False,)], name
        run(f'UPDATE evented SET "{name}" = {first}')
        assert run(whole) == [(True,)], name
        run("SET LOCAL session_replication_role = origin")
    run(evented_table_sql("evented", tuple(COLUMNS), ("facts",))[1])
    run("DELETE FROM evented")


def test_column_without_a_fixed_form_is_refused() -> None:
    with pytest.raises(DatabaseError, match="ratio"), transaction.atomic():
        make_table(ratio="double precision")


@pytest.mark.parametrize(
    ("content", "blankable"),
    [(("a b",), ()), (("id",), ()), (("salt",), ()), (("a",), ("b",)), (("x; --",), ())],
)
def test_names_are_checked(content: tuple[str, ...], blankable: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"identifier|covered|outside"):
        evented_table_sql("evented", content, blankable)
