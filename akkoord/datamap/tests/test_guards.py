"""Both guards can fail: the check on models, the census on the database."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models

from akkoord.datamap.census import Gap, census
from akkoord.datamap.checks import check_declarations, declaration_faults, model_faults
from akkoord.datamap.declaration import (
    Column,
    Declaration,
    DeclarationError,
    OnErasure,
    declaration_of,
    declare_table,
)
from akkoord.datamap.tests.shop import Customer, Door, Sending, declare_shop, own_declarations, shop

__all__ = ["own_declarations", "shop"]


def test_inv31_every_model_is_declared() -> None:
    """Nobody can forget a model or a column: ours and libraries'."""
    assert [fault for fault in check_declarations() if fault.is_serious()] == []


def test_inv31_every_column_of_the_database_is_declared(db: None) -> None:
    """The live catalogue has nothing that a declaration does not name."""
    assert census(connection) == []


def test_a_model_without_a_declaration_is_an_error() -> None:
    """The guard's own proof."""
    assert [fault.id for fault in model_faults(Customer, None)] == ["akkoord.E001"]


@pytest.fixture
def declared(own_declarations: None) -> Callable[[type[models.Model]], Declaration]:
    """The shop's declarations, to be spoiled one by one."""
    declare_shop()

    def of(model: type[models.Model]) -> Declaration:
        found = declaration_of(model._meta.db_table)
        assert found is not None
        return found

    return of


@pytest.mark.parametrize(
    ("model", "change", "fault"),
    [
        (Door, {"plain": ()}, "akkoord.E002"),
        (Door, {"plain": ("id", "gone")}, "akkoord.E003"),
        (
            Sending,
            {"columns": {"words": Column("pd:Opinion"), "customer_id": Column("pd:Name")}},
            "akkoord.E004",
        ),
        (Door, {"subject": ""}, "akkoord.E005"),
        (Door, {"subject": "buyer__id"}, "akkoord.E005"),
        (Door, {"subject": "postcode__id"}, "akkoord.E005"),
        (Door, {"subject": "customer__doors"}, "akkoord.E005"),
        (Door, {"erase": OnErasure.KEEP}, "akkoord.E006"),
        (Door, {"erase": OnErasure.KEEP, "ground": "habit", "until": "never"}, "akkoord.W001"),
        (Door, {"columns": {"postcode": Column("pd:Nonsense")}}, "akkoord.E007"),
        (Door, {"columns": {"postcode": Column("pd:City", ("dpv:Fun",))}}, "akkoord.E007"),
        (Door, {"columns": {"postcode": Column("pd:MedicalHealth")}}, "akkoord.E008"),
        (Door, {"columns": {"id": Column("pd:Identifier")}}, "akkoord.E009"),
        (Door, {"files": ("nowhere",)}, "akkoord.E009"),
        (Door, {"custom_erase": "akkoord.datamap.nowhere.erase"}, "akkoord.E010"),
    ],
)
def test_each_fault_is_found(
    declared: Callable[[type[models.Model]], Declaration],
    model: type[models.Model],
    change: dict[str, Any],
    fault: str,
) -> None:
    """Every rule of the check, by mutation of a declaration that holds."""
    right = declared(model)
    assert not [*model_faults(model, right), *declaration_faults(right)]
    wrong = dataclasses.replace(right, **change)
    found = {each.id for each in (*model_faults(model, wrong), *declaration_faults(wrong))}
    assert fault in found


def test_inv32_a_special_category_passes_with_its_exception(
    declared: Callable[[type[models.Model]], Declaration],
) -> None:
    """Art. 9(2): only where an exception is named."""
    column = Column("pd:MedicalHealth", exception="art. 9(2)(a): explicit consent")
    right = dataclasses.replace(declared(Door), columns={"postcode": column})
    assert not list(declaration_faults(right))


@pytest.mark.parametrize(
    ("sql", "gap"),
    [
        ("CREATE TABLE stray (id int)", Gap("stray", "", "undeclared")),
        ("CREATE MATERIALIZED VIEW stray AS SELECT 1 AS id", Gap("stray", "", "undeclared")),
        ("CREATE SCHEMA more CREATE TABLE stray (id int)", Gap("more.stray", "", "undeclared")),
        ("ALTER TABLE shop_door ADD note text", Gap("shop_door", "note", "undeclared")),
        ("ALTER TABLE shop_door DROP house", Gap("shop_door", "house", "absent")),
        ("DROP TABLE shop_invoice", Gap("shop_invoice", "", "absent")),
    ],
)
def test_the_census_sees_what_nobody_declared(shop: None, sql: str, gap: Gap) -> None:
    """A table, a view, another schema, a column too many and one too few."""
    before = census(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert set(census(connection)) - set(before) == {gap}


def test_one_table_has_one_declaration(
    declared: Callable[[type[models.Model]], Declaration],
) -> None:
    """Two opinions on one table are a fault of the code."""
    with pytest.raises(DeclarationError):
        declare_table(dataclasses.replace(declared(Door), order=1))
