"""Every table and every file kind has a term, found by introspection (art. 5(1)(e))."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.utils.module_loading import import_string

import akkoord
from akkoord.datamap.census import live_columns
from akkoord.datamap.declaration import declaration_of, declarations
from akkoord.law.parameters import PARAMETERS
from akkoord.retention.shown import store_lines
from akkoord.retention.store_terms import FILES, TERMS, Ends, stores_without_term, term_of

SOURCES = [
    path
    for path in Path(akkoord.__file__).parent.rglob("*.py")
    if not {"tests", "migrations"} & set(path.parts)
]
RULES = {"books", "customers"}


def test_every_declared_table_has_a_term() -> None:
    """A new table that is nobody's needs a line in `store_terms`: what ends it?"""
    assert stores_without_term() == []


@pytest.mark.django_db
def test_every_table_of_the_live_database_has_a_term() -> None:
    """Also those of libraries and what a hand made: by PostgreSQL's own catalogue."""
    stores = {each.store for each in live_columns(connection) if not each.is_partition}
    bare = {
        each
        for each in stores
        if (declared := declaration_of(each)) is None or term_of(declared) is None
    }
    assert bare == set()


def test_no_term_stands_for_a_table_that_is_gone() -> None:
    assert set(TERMS) <= {each.table for each in declarations()}


def test_every_folder_of_the_data_folder_has_a_term() -> None:
    """By the source itself: whatever is joined to the data folder."""
    joined = r"(?:DATA_DIR\)|data_dir|self\.data_dir)\s*/\s*\"([a-z-]+)\""
    named = {each for path in SOURCES for each in re.findall(joined, path.read_text())}
    named |= {import_module("akkoord.datamap.attachments").FOLDER}
    assert {"imports", "keys", "journal", "uploads", "incoming", "attachments"} <= named
    assert named - set(FILES) == set()


@pytest.mark.parametrize("store", sorted(TERMS))
def test_a_term_has_a_number_and_somebody_who_keeps_it(store: str) -> None:
    term = TERMS[store]
    assert not isinstance(term.term, str) or term.term in {each.key for each in PARAMETERS} | RULES
    assert term.ends is Ends.TERM
    if term.sweep:
        assert callable(import_string(term.sweep))
        name = term.sweep.rsplit(".", 1)[1]
        called = [path for path in SOURCES if re.search(rf"\b{name}\b", path.read_text())]
        assert len(called) > 1 or "retention/sweeps.py" in str(called[0]), "nobody calls it"
    else:
        assert store == "consent_suppression"  # an objection has no end; it is looked at anew


def test_the_page_says_it_of_every_store() -> None:
    lines = {each.key: each for each in store_lines()}
    assert {each.table for each in declarations()} <= set(lines)
    assert not [each.key for each in lines.values() if each.is_missing]
    assert lines["trail_change"].term.startswith("2 ")
