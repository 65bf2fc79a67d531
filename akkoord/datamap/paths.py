"""Subject paths made SQL: from a row to the person, from the declaration alone.

Every engine (export, erase, needles, holdings) selects its rows with the same condition.
"""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from akkoord.datamap.declaration import Declaration


class PathError(Exception):
    """A subject path does not lead from the table to a person's id."""


def quoted(name: str) -> str:
    """A table's or column's name as SQL; `schema.table` for one outside the default schema."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def subject_condition(declaration: Declaration) -> str:
    """The SQL condition that selects these people's rows; their ids are `%(people)s`.

    Nested sub-selects and no joins, so that SELECT, UPDATE and DELETE can share it. Raises
    PathError when the path leads nowhere.
    """
    if not declaration.subject:
        raise PathError(f"{declaration.table} has no subject path")
    if declaration.model is None:
        if "__" in declaration.subject:
            raise PathError(f"{declaration.table} is no model: its subject must be a column")
        return _is_person(declaration.subject, "uuid")
    return _condition(declaration.model, declaration.subject.split("__"))


def _condition(model: type[models.Model], steps: list[str]) -> str:
    """The condition on rows of `model`, step by step towards the person."""
    field = _field(model, steps[0])
    if len(steps) == 1:
        if not field.concrete:
            raise PathError(f"{model.__name__}.{steps[0]} is no column")
        return _is_person(field.column, _id_type(field))
    related = field.related_model
    if not (isinstance(related, type) and issubclass(related, models.Model)):
        raise PathError(f"{model.__name__}.{steps[0]} leads nowhere")
    if field.many_to_many:
        raise PathError(f"{model.__name__}.{steps[0]}: name the table in between")
    if field.concrete:
        here, there = field.column, field.target_field.column
    else:
        here, there = field.field.target_field.column, field.field.column
    inner = _condition(related, steps[1:])
    table = quoted(related._meta.db_table)
    # Every name in it is quoted and comes from a declaration in code.
    return f"{quoted(here)} IN (SELECT {quoted(there)} FROM {table} WHERE {inner})"  # noqa: S608


def _field(model: type[models.Model], name: str) -> Any:
    """The field of this name, column name or reverse relation."""
    if name == "pk":
        return model._meta.pk
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        raise PathError(f"{model.__name__} has no {name}") from None


def _id_type(field: Any) -> str:
    """How the person's id is kept in this column: as uuid, or as text."""
    while field.is_relation:
        field = field.target_field
    return "uuid" if isinstance(field, models.UUIDField) else "text"


def _is_person(column: str, kept_as: str) -> str:
    """Whether a column holds the id of one of the people."""
    return f"{quoted(column)} = ANY(%(people)s::uuid[]::{kept_as}[])"
