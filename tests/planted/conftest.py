"""Clean ground: a data folder of each test's own, and tables of libraries as they were."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from akkoord.rights.tests.conftest import empty_queue, own_data_folder
from tests.planted.catalogue import read_catalogue

__all__ = ["empty_queue", "own_data_folder"]


@pytest.fixture(autouse=True)
def tables_without_a_model(transactional_db: None) -> Iterator[None]:
    """Back as they were: the flush after a test leaves them alone."""
    ours = {
        each._meta.db_table
        for each in apps.get_models(include_auto_created=True)
        if each._meta.managed
    }
    names = sorted(set(read_catalogue().tables) - ours)
    with connection.cursor() as cursor:
        for name in names:
            statement = sql.SQL("CREATE TEMPORARY TABLE {} AS TABLE {}")
            cursor.execute(statement.format(sql.Identifier(f"as_{name}"), sql.Identifier(name)))
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        everything = sql.SQL(", ").join(map(sql.Identifier, names))
        cursor.execute(sql.SQL("TRUNCATE {}").format(everything))
        for name in names:
            table, kept = sql.Identifier(name), sql.Identifier(f"as_{name}")
            cursor.execute(
                sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE TABLE {}").format(table, kept)
            )
            cursor.execute(sql.SQL("DROP TABLE {}").format(kept))
