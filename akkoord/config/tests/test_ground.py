"""The tests' own ground works: a real PostgreSQL of 15 or newer."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_real_postgresql_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000
