"""Taking the demo out: everything of a demo installation goes, and the first run begins again."""

from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.delivery.servers import has_relay
from akkoord.imports.models import Import
from akkoord.messages.models import Dispatch
from akkoord.people.models import Person
from akkoord.register.models import Organisation
from akkoord.trail.journal import head_file
from akkoord.trail.models import Change
from akkoord.trail.nos import forget_journal

LOADED = "demo.load"
_KEPT = {"datamap_keyfingerprint"}  # the keys stay: they are the installation's, not the demo's
_LIBRARIES = ("sessions", "axes", "mfa", "account")
_RUNNING = "doing"


class DemoRefused(Exception):
    """The demo cannot be loaded or taken out; `code` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def in_use_sentence() -> str:
    """Why a demo that is used for real stays, and the ways out."""
    return _(
        "This demo holds real people by now: a file was brought in, or a letter was sent through "
        "your mail server. Their proof may not be thrown away. Undo the import, or begin with "
        "another data folder (AKKOORD_DATA)."
    )


def added_since() -> int:
    """How many people came in after the demo was loaded: they are not the demo's."""
    loaded = Change.objects.filter(action=LOADED).order_by("-id").first()
    if loaded is None:
        return Person.objects.count()
    return Person.objects.filter(created_at__gt=loaded.at).count()


def _in_use_since() -> bool:
    """Whether real people are in it by now: a file came in, or a letter left the machine."""
    loaded = Change.objects.filter(action=LOADED).order_by("-id").first()
    if loaded is None:
        return False
    if Import.objects.filter(started_at__gt=loaded.at, state=Import.State.DONE).exists():
        return True
    return has_relay() and Dispatch.objects.filter(created_at__gt=loaded.at).exists()


def remove_demo(*, including_added: bool = False) -> dict[str, int]:
    """Take the demo out, in one transaction: rows per table that went.

    Refused when this is no demo; when it is in real use by now (a file came in, or a letter went to
    a mail server), for then there is proof of real people in it; and when people were added after
    it was loaded, unless `including_added` says that they go too.

    The ledger refuses DELETE and TRUNCATE, always and to anybody: that is its promise about real
    people's proof. A demo has no real people and no proof worth keeping, so for this one case the
    triggers of our own tables are switched off, the tables emptied together and the triggers
    switched on again, in one transaction that holds the tables for itself: nobody else can write
    meanwhile, and if anything fails nothing has happened. The marker `is_demo` can only be set
    when an organisation is made, by `load_demo`; an organisation set up by its owner never has
    it. The noted head of the ledger goes with the commit.
    """
    with transaction.atomic():
        house = Organisation.objects.select_for_update().filter(id=1).first()
        if house is None or not house.is_demo:
            raise DemoRefused("no-demo", "There is no demo to take out.")
        if _in_use_since():
            raise DemoRefused("in-use", in_use_sentence())
        added = added_since()
        if added and not including_added:
            raise DemoRefused(
                "people-added", f"People were added after the demo was loaded: {added}."
            )
        counts = _empty_tables()
        transaction.on_commit(_forget_head)
    return counts


def _tables() -> list[str]:
    """Tables of our rooms and of the log-in libraries, that hold something of the demo."""
    found = {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("akkoord.") or config.label in _LIBRARIES
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return sorted(found - _KEPT)


def _empty_tables() -> dict[str, int]:
    """Count, switch off, empty, switch on."""
    quote = connection.ops.quote_name
    tables = _tables()
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"LOCK TABLE {', '.join(map(quote, tables))} IN ACCESS EXCLUSIVE MODE")
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608 - our own names
            if found := int(cursor.fetchone()[0]):
                counts[table] = found
        for table in tables:
            cursor.execute(f"ALTER TABLE {quote(table)} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(map(quote, tables))}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {quote(table)} ENABLE TRIGGER USER")
        # Work that waits is about what is gone; what runs now ends by itself.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status <> %s", [_RUNNING])
        # Whoever goes on in this transaction writes in any order again.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return counts


def _forget_head() -> None:
    """The ledger begins anew, so its noted end is no longer one, nor are the nos of the demo."""
    path = head_file()
    if path is not None:
        Path(path).unlink(missing_ok=True)
        forget_journal()
