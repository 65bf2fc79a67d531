"""One lock between letting a field go and whoever begins to use one.

Letting go looks first at what uses a field. What begins a use (a form, a group, a plan) takes the
lock together with others of its kind, before it looks whether its fields may be used; so either
letting go sees that use, or that use sees that the field is gone. Until the transaction ends.
"""

from django.db import connection

_LOCK = 0x6669656C  # "fiel"


def fields_stay() -> None:
    """No field is let go while this transaction lasts. Call it before fields are looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def fields_go() -> None:
    """Nothing begins to use a field while this transaction lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
