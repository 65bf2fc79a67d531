"""Clean ground for every test of the room."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture(autouse=True)
def clean_ground(request: pytest.FixtureRequest) -> Iterator[None]:
    """No file and no job of another test: the flush leaves the queue's tables alone."""
    yield
    for path in (Path(settings.DATA_DIR) / "uploads").glob("*"):
        path.unlink()
    marker: Any = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
