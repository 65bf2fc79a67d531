"""Enters with the register whether anything of anybody stands in a field."""

from django.db import models

from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.fields import catalogue
from akkoord.people.models import OwnFieldValue
from akkoord.register.kept import kept_source


@kept_source
def holds_anything(field_key: str) -> bool:
    """One quick statement: of an own field its answers, of a built-in one its column."""
    built_in = catalogue().get(field_key)
    if built_in is None:
        return OwnFieldValue.objects.filter(field__key=field_key).exists()
    store = declaration_of(built_in.table)
    if store is None or store.model is None:
        return False
    column = store.model._meta.get_field(built_in.column)
    rows = store.model._default_manager.filter(**{f"{built_in.column}__isnull": False})
    if isinstance(column, models.CharField | models.TextField):
        rows = rows.exclude(**{built_in.column: ""})
    return rows.exists()
