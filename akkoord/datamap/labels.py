"""What stores and columns are called on a screen and in an export."""

from django.db import models
from django.utils.functional import Promise

from akkoord.datamap.column_words import COLUMN_WORDS
from akkoord.datamap.declaration import Declaration, StrOrPromise
from akkoord.datamap.dpv import CATEGORIES


def store_label(declaration: Declaration) -> str:
    """The declared label, else the model's own name, else the table's."""
    if declaration.label:
        return str(declaration.label)
    if declaration.model is not None:
        return str(declaration.model._meta.verbose_name_plural)
    return declaration.table.replace("_", " ")


def column_label(declaration: Declaration, name: str) -> str:
    """What a column is called; at worst what its category is called."""
    column = declaration.columns.get(name)
    written = written_label(declaration, name)
    if not written and column and column.category in CATEGORIES:
        written = CATEGORIES[column.category].label
    return str(written) or name.removesuffix("_id").replace("_", " ")


def written_label(declaration: Declaration, name: str) -> StrOrPromise:
    """The declared label, else the field's own name, else the word for such columns, or nothing.

    Django makes a name of every field by itself; only one that somebody wrote is worth showing.
    """
    column = declaration.columns.get(name)
    return (
        (column.label if column else "")
        or _field_label(declaration.model, name)
        or COLUMN_WORDS.get(name, "")
    )


def _field_label(model: type[models.Model] | None, name: str) -> StrOrPromise:
    """The translated name of the field behind a column, or nothing."""
    for field in model._meta.local_concrete_fields if model else ():
        if field.column == name and isinstance(field.verbose_name, Promise):
            return field.verbose_name
    return ""
