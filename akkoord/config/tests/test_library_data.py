"""The libraries' tables are declared column by column, and the declarations name what exists."""

import pytest
from django.db import connection

from akkoord.config import library_data
from akkoord.datamap.declaration import declaration_of, declarations

ours = ("auth_", "account_email", "django_", "mfa_", "axes_", "procrastinate_")


@pytest.mark.django_db
def test_every_column_of_a_librarys_table_is_declared() -> None:
    assert library_data
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = current_schema() GROUP BY 1"
        )
        live = {table: set(columns) for table, columns in cursor.fetchall()}
    for table, columns in live.items():
        if table.startswith(ours):
            declaration = declaration_of(table)
            assert declaration is not None, table
            assert {*declaration.columns, *declaration.plain} == columns, table
    for declaration in declarations():
        if declaration.table.startswith(ours):
            assert declaration.table in live
