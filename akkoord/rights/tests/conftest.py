"""Clean ground for every test of the room."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def own_data_folder(settings: Any, tmp_path: Path) -> None:
    """A data folder of this test's own, with the tests' keys: other workers plant and sweep too."""
    shutil.copytree(Path(settings.DATA_DIR) / "keys", tmp_path / "keys")
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """No job of another test: the flush leaves the queue's tables alone."""
    yield
    marker: Any = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
