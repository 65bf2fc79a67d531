"""The named statements of `sql/*.sql`."""

from functools import cache
from importlib.resources import files


@cache
def statements(name: str = "bring_in") -> dict[str, str]:
    """All statements of a file, by their names."""
    text = (files("akkoord.imports") / "sql" / f"{name}.sql").read_text()
    parts = text.split("-- name: ")[1:]
    return {each.strip(): sql for each, _, sql in (part.partition("\n") for part in parts)}


def statement(name: str) -> str:
    """One statement of bringing in."""
    return statements()[name]
