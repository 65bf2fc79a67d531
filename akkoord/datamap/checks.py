"""The guard at start-up: a model that declares nothing, or wrongly, stops the system.

Django runs it at every `check`, `migrate` and start of the server. What only the database knows
(a library's raw tables) is the census's part (`akkoord.datamap.census`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import models
from django.utils.module_loading import import_string

from akkoord.datamap.declaration import Declaration, OnErasure, Whose, declaration_of, declarations
from akkoord.datamap.dpv import CATEGORIES, PURPOSE_CLASSES, is_special
from akkoord.datamap.paths import PathError, subject_condition
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.parameters import PARAMETERS

_GROUNDS = {str(each) for each in KeepGround}
_TERMS = {each.key for each in PARAMETERS}


@register()
def check_declarations(
    app_configs: Sequence[AppConfig] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Every model of every installed app, ours and libraries', declares its personal data."""
    return [
        fault
        for model in _models(app_configs)
        for fault in model_faults(model, declaration_of(model._meta.db_table))
    ] + [fault for declaration in declarations() for fault in declaration_faults(declaration)]


def model_faults(
    model: type[models.Model], declaration: Declaration | None
) -> Iterator[CheckMessage]:
    """What is missing between a model and its declaration."""
    if declaration is None:
        yield Error(
            f"{model._meta.label} does not say which personal data it holds.",
            hint="Decorate it with personal_data or no_personal_data; the table of a library is "
            "declared in akkoord/config/library_data.py.",
            obj=model,
            id="akkoord.E001",
        )
        return
    present = {str(field.column) for field in model._meta.local_concrete_fields}
    for column in sorted(present - declaration.named):
        yield Error(
            f"{model._meta.label}.{column} stands neither in columns nor in plain.",
            obj=model,
            id="akkoord.E002",
        )
    for column in sorted(declaration.named - present):
        yield Error(
            f"{model._meta.label} has no column {column}, which its declaration names.",
            obj=model,
            id="akkoord.E003",
        )
    if declaration.erase is OnErasure.BLANK and not declaration.custom_erase:
        for field in model._meta.local_concrete_fields:
            declared = declaration.columns.get(str(field.column))
            if declared and declared.blank is None and not field.null:
                yield Error(
                    f"{model._meta.label}.{field.column} cannot be blanked: it refuses NULL.",
                    hint="Give the column a value for `blank`, or let it be null.",
                    obj=model,
                    id="akkoord.E004",
                )


def declaration_faults(declaration: Declaration) -> Iterator[CheckMessage]:
    """What contradicts itself, or the vocabulary, in one declaration."""
    faults = (_subject_faults, _keeping_faults, _column_faults, _name_faults)
    for number, text in (fault for part in faults for fault in part(declaration)):
        yield Error(f"{declaration.table}: {text}", id=f"akkoord.E{number:03}")
    keeps = declaration.ground or declaration.until
    if keeps and not (declaration.ground in _GROUNDS and declaration.until in _TERMS):
        yield Warning(
            f"{declaration.table}: the law's tables do not know the ground "
            f"{declaration.ground} or the term {declaration.until}.",
            id="akkoord.W001",
        )


def _subject_faults(declaration: Declaration) -> Iterator[tuple[int, str]]:
    """A subject path that is missing or leads nowhere."""
    if not declaration.subject:
        if declaration.whose is Whose.PERSON:
            yield 5, "it holds data of persons, but names no subject path."
        return
    try:
        subject_condition(declaration)
    except PathError as fault:
        yield 5, f"the subject path leads nowhere: {fault}."


def _keeping_faults(declaration: Declaration) -> Iterator[tuple[int, str]]:
    """Something that stays without a ground and an end, or goes by what does not exist."""
    stays = declaration.erase is OnErasure.KEEP and declaration.whose is not Whose.NOBODY
    if (stays or declaration.hashes) and not (declaration.ground and declaration.until):
        yield 6, "what stays after an erasure needs a ground and an end."
    if declaration.custom_erase and not _can_import(declaration.custom_erase):
        yield 10, f"there is no {declaration.custom_erase} to erase with."
    if declaration.opened_by and not _can_import(declaration.opened_by):
        yield 10, f"there is no {declaration.opened_by} to open its files with."
    if declaration.files and declaration.whose is Whose.PERSON and not declaration.opened_by:
        yield 11, "it has files of people, and nothing to open them with for an export."


def _column_faults(declaration: Declaration) -> Iterator[tuple[int, str]]:
    """Categories and purposes that DPV does not know, special ones without an exception."""
    for name, column in (*declaration.columns.items(), *declaration.may_name.items()):
        if column.category not in CATEGORIES:
            yield 7, f"{name} has the unknown category {column.category}."
        elif (column.special or is_special(column.category)) and not column.exception:
            yield 8, f"{name} is of a special category, without an exception (art. 9, 10)."
        if column.opened_by and not _can_import(column.opened_by):
            yield 10, f"there is no {column.opened_by} to open {name} with."
        for purpose in column.purposes:
            if purpose not in PURPOSE_CLASSES:
                yield 7, f"{name} has the unknown purpose class {purpose}."


def _name_faults(declaration: Declaration) -> Iterator[tuple[int, str]]:
    """Columns that are named twice, or nowhere."""
    personal = {*declaration.columns, *declaration.may_name}
    for name in sorted(personal & set(declaration.plain)):
        yield 9, f"{name} is declared as personal and as plain."
    for name in (*declaration.hashes, *declaration.files):
        if name not in declaration.named:
            yield 9, f"{name} is not among its columns."


def _models(app_configs: Iterable[AppConfig] | None) -> Iterator[type[models.Model]]:
    """Every model with a table, also those that a many-to-many relation makes."""
    for config in app_configs if app_configs is not None else apps.get_app_configs():
        for model in config.get_models(include_auto_created=True):
            if not (model._meta.proxy or model._meta.swapped):
                yield model


def _can_import(path: str) -> bool:
    """Whether a dotted path names something callable."""
    try:
        return callable(import_string(path))
    except ImportError:
        return False
