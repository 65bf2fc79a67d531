"""What must be true before anything uses the database: it runs, is migrated, knows our keys."""

import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST_SERVER = 15
LOCKED = "AKKOORD_LOCKED"  # for this process and its children: why nothing may be changed
BEFORE = "akkoord_before"  # the schema of the database that a restore takes the place of
MIGRATION_LOCK = 0x616B6B6F  # one process migrates at a time; "akko"


class NotReady(Exception):
    """The database cannot be used; the message says why and what to do."""


def load_django() -> None:
    """Set Django up; starts no database. Raises BadEnvironment for an unusable setting.

    What was loaded stays for the life of the process, so the collector of cycles need not walk
    over it again: that took a third of Python's time while a letter leaves.
    """
    from akkoord.config.environment import environment

    environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akkoord.config.settings")
    import django

    django.setup()
    gc.freeze()


def start_database() -> None:
    """Start the embedded database, or attach to it; nothing on a foreign server."""
    from akkoord.config import embedded
    from akkoord.config.environment import environment

    env = environment()
    if env.embedded:
        embedded.ensure_running(env.data_dir)


def make_ready(*, settles: bool = True) -> None:
    """Start, check and migrate the database, check the keys against it, and do again what the
    journal of nos knows and it does not (INV-36; `settles`: not when the caller does that).

    Raises NotReady, DatabaseProblem or KeyProblem with what to do; nothing is half done then:
    keys are checked before a migration is run.
    """
    from django.db import OperationalError, connection
    from django.utils import timezone

    from akkoord.config import folders_aside
    from akkoord.datamap import keys

    start_database()
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        raise NotReady(
            "The database does not answer. Check AKKOORD_DATABASE_URL and whether the server runs."
        ) from problem
    if server_major() < OLDEST_SERVER:
        raise NotReady(f"The database is older than PostgreSQL {OLDEST_SERVER}; use a newer one.")
    if restore_was_cut_off():
        raise NotReady(
            "Putting a backup back was cut off. Run `akkoord restore FILE --replace` once more; "
            "what was there before is kept until it is done."
        )
    folders_aside.drop()
    applied = applied_migrations()
    if ("datamap", "0001_initial") in applied:
        keys.check_keys()
    if not migrations_on_disk() <= applied:
        migrate()
        keys.check_keys()
    if settles:
        from akkoord.rights.journal import settle

        os.environ[LOCKED] = settle(at=timezone.now()).locked


def restore_was_cut_off() -> bool:
    """Whether a restore was killed half-way: what was there before still stands aside."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [BEFORE])
        return bool(cursor.fetchone()[0])


def server_major() -> int:
    """The major version of the PostgreSQL that answers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def migrations_on_disk() -> set[tuple[str, str]]:
    """All migrations of the installed apps, by their file names; imports none of them."""
    from django.apps import apps

    found: set[tuple[str, str]] = set()
    for config in apps.get_app_configs():
        for path in (Path(config.path) / "migrations").glob("[0-9]*.py"):
            found.add((config.label, path.stem))
    return found


def applied_migrations() -> set[tuple[str, str]]:
    """The migrations that the database has had."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def migrate() -> None:
    """Run what is missing; a second process waits until the first is done."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def has_organisation() -> bool:
    """Whether the set-up was done: there is an organisation."""
    if not find_spec("akkoord.register.models"):
        return False
    from akkoord.register.models import Organisation

    return bool(Organisation.objects.exists())
