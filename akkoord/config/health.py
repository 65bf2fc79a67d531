"""The checks of `akkoord doctor`, one function each; they change nothing and send nothing."""

import shutil
import stat
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from akkoord.config import mail_health as mail
from akkoord.config.environment import LOOPBACK, environment
from akkoord.config.finding import Finding, State

ENOUGH_DISK = 2 * 2**30
CLOCK_SECONDS = 2.0
# What keeps a server's log free of values (`design.md`), and the values that do.
SILENT = {
    "log_min_error_statement": ("panic", "fatal", "log"),
    "log_error_verbosity": ("terse",),
    "log_parameter_max_length_on_error": ("0",),
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_messages": ("log", "fatal", "panic"),
}


def check_all() -> list[Finding]:
    """All checks, in the order in which one builds on the other."""
    found = [check_secrets(), check_disk()]
    ready = check_database()
    found.append(ready)
    if ready.state is not State.WRONG:
        found += [_safely("keys", check_keys), _safely("server log", check_server_log)]
        found += [_safely("migrations", check_migrations), _safely("clock", check_clock)]
        found += [_safely("journal", check_journal), _safely("terms", check_terms)]
        found += [_safely("worker", check_worker), _safely("providers", mail.check_providers)]
        found.append(_safely("contracts", mail.check_contracts))
        found.append(_safely("DNS", mail.check_dns))
    return [*found, check_address(), check_push(), mail.check_mail()]


def _safely(name: str, check: Callable[[], Finding]) -> Finding:
    """A check that breaks is a finding, not the end of the others."""
    try:
        return check()
    except Exception as problem:
        return Finding(name, State.WRONG, f"The check failed ({type(problem).__name__}).")


def check_secrets() -> Finding:
    """Nobody else on this machine can read the keys or the password of the database."""
    env = environment()
    secret = [*env.keys_dir.glob("*"), *env.data_dir.glob("postgresql/password")]
    open_ones = [str(path) for path in (env.keys_dir, *secret) if _is_open(path)]
    if env.dkim_key and _is_open(env.dkim_key):
        open_ones.append(str(env.dkim_key))
    if open_ones:
        return Finding(
            "secrets",
            State.WRONG,
            f"Others on this machine can read {', '.join(open_ones)}.",
            "Take the others' rights away: chmod go-rwx on these.",
        )
    return Finding("secrets", State.GOOD, "Only you can read the keys.")


def _is_open(path: Path) -> bool:
    """Whether others may do anything with a file or folder."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def check_disk() -> Finding:
    """There is room to grow; a full disk stops every write, withdrawals too."""
    free = shutil.disk_usage(environment().data_dir).free
    says = f"{free / 2**30:.1f} GB free for the data folder."
    if free < ENOUGH_DISK:
        return Finding("disk", State.WARNING, says, "Make room: keep at least 2 GB free.")
    return Finding("disk", State.GOOD, says)


_JOURNAL = {
    "lost": "lost",
    "changed": "changed",
    "too-old": "younger than this database: lines between the two went as too old",
}


def check_journal() -> Finding:
    """What no backup may bring back is noted, and in a second place (INV-36)."""
    from akkoord.rights.journal import locked_why
    from akkoord.trail.second_place import copy_is_whole

    why = locked_why()
    if why:
        return Finding(
            "journal",
            State.WRONG,
            f"The journal of nos is {_JOURNAL[why]}.",
            "Run `akkoord restore`.",
        )
    whole = copy_is_whole()
    if whole is None:
        return Finding(
            "journal",
            State.WARNING,
            "Who was forgotten or said no is noted on this disk only. When it is lost with the "
            "database, a backup brings them back.",
            "Set AKKOORD_JOURNAL_COPY to a folder on another disk.",
        )
    if not whole:
        return Finding(
            "journal",
            State.WARNING,
            "The second place of the journal of nos lags behind.",
            "Check that AKKOORD_JOURNAL_COPY can be written to.",
        )
    return Finding("journal", State.GOOD, "The journal of nos stands in two places.")


def check_database() -> Finding:
    """The database answers and is new enough."""
    from django.db import DatabaseError, connection

    from akkoord.config.embedded import DatabaseProblem
    from akkoord.config.readiness import OLDEST_SERVER, server_major, start_database

    try:
        start_database()
        connection.ensure_connection()
        major = server_major()
    except DatabaseProblem as problem:
        return Finding("database", State.WRONG, str(problem))
    except DatabaseError:
        return Finding(
            "database",
            State.WRONG,
            "The database does not answer.",
            "Check AKKOORD_DATABASE_URL and whether the server runs.",
        )
    kind = "embedded" if environment().embedded else "your own server"
    says = f"PostgreSQL {major} ({kind}) answers."
    if major < OLDEST_SERVER:
        return Finding("database", State.WRONG, says, f"Use PostgreSQL {OLDEST_SERVER} or newer.")
    return Finding("database", State.GOOD, says)


def check_keys() -> Finding:
    """The keys in the data folder are the ones that the database knows; nothing is made."""
    from akkoord.config.readiness import applied_migrations
    from akkoord.datamap import keys
    from akkoord.datamap.models import KeyFingerprint

    if ("datamap", "0001_initial") not in applied_migrations():
        return Finding("keys", State.NOT_CHECKED, "No set-up yet; the first start makes the keys.")
    known = dict(KeyFingerprint.objects.values_list("name", "fingerprint"))
    try:
        # One that this version brought along is made at the next start.
        same = all(keys.fingerprint_of(name) == known[name] for name in known)
    except keys.KeyProblem as problem:
        return Finding("keys", State.WRONG, str(problem), "Run `akkoord keys import FILE`.")
    if not same:
        return Finding(
            "keys",
            State.WRONG,
            "These are not the keys that the database was made with.",
            "Run `akkoord keys import FILE`.",
        )
    return Finding("keys", State.GOOD, "The keys belong to this database.")


def check_server_log() -> Finding:
    """The database server's log holds no values: an error must not repeat somebody's address."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SILENT)])
        wrong = [
            f"{name} = {SILENT[name][0]}"
            for name, setting in cursor.fetchall()
            if setting not in SILENT[name]
        ]
    if wrong:
        return Finding(
            "server log",
            State.WARNING,
            "The database server's log can hold personal data.",
            f"Let its administrator set: {'; '.join(sorted(wrong))}.",
        )
    return Finding("server log", State.GOOD, "The database server's log holds no values.")


def check_migrations() -> Finding:
    """The tables are those of this version."""
    from akkoord.config.readiness import applied_migrations, migrations_on_disk

    missing = len(migrations_on_disk() - applied_migrations())
    if missing:
        return Finding(
            "migrations", State.WARNING, f"{missing} are to be run.", "Run `akkoord migrate`."
        )
    return Finding("migrations", State.GOOD, "The database is up to date.")


def check_terms() -> Finding:
    """Everything that is kept has something that ends it (art. 5(1)(e) GDPR)."""
    from akkoord.register.term_queries import without_term
    from akkoord.retention.store_terms import stores_without_term

    says = "Nothing says how long this is kept: "
    if bare := without_term():
        to_do = "Make a rule under Care, How long."
        return Finding("terms", State.WRONG, f"{says}{', '.join(bare)}.", to_do)
    if tables := stores_without_term():
        return Finding("terms", State.WRONG, f"{says}{', '.join(tables)}.")
    return Finding("terms", State.GOOD, "Everything that is kept has a term.")


def check_clock() -> Finding:
    """This machine and the database agree on the time; terms of days depend on it."""
    from django.db import connection

    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    apart = abs(there.timestamp() - (before + time.time()) / 2)
    now = datetime.now(UTC)
    if apart > CLOCK_SECONDS:
        return Finding(
            "clock",
            State.WRONG,
            f"The database's clock is {apart:.0f} seconds away from this machine's.",
            "Set both by NTP.",
        )
    return Finding(
        "clock", State.GOOD, f"{now:%Y-%m-%d %H:%M} UTC; not compared with the world outside."
    )


def check_worker() -> Finding:
    """A worker is about: without one nothing is sent or sealed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - interval '1 minute'"
        )
        alive = cursor.fetchone()[0]
    if not alive:
        return Finding(
            "worker", State.WARNING, "No worker runs.", "Start `akkoord serve` or `akkoord worker`."
        )
    return Finding("worker", State.GOOD, f"{alive} at work.")


def check_address() -> Finding:
    """Links in mails must be public and safe before mail leaves this machine."""
    env = environment()
    if env.is_public_https:
        return Finding("address", State.GOOD, f"Links begin with {env.base_url}.")
    return Finding(
        "address",
        State.WARNING,
        f"Links begin with {env.base_url}; nobody else can open those.",
        "Set AKKOORD_BASE_URL to a public https address (see deploy/) before you send.",
    )


def check_push() -> Finding:
    """Browsers allow push messages to a safe page only: https, or this machine itself."""
    env = environment()
    host = urlsplit(env.base_url).hostname or ""
    if env.push_loopback:
        return Finding(
            "push",
            State.WARNING,
            "AKKOORD_PUSH_LOOPBACK is on: a browser may name this machine as its push service.",
            "Take it away; it is for tests.",
        )
    if env.is_public_https:
        return Finding(
            "push", State.GOOD, "Browsers can allow push messages. No push service was asked."
        )
    if host in LOOPBACK:
        return Finding(
            "push",
            State.WARNING,
            "Push messages work in browsers on this machine only.",
            "Set AKKOORD_BASE_URL to a public https address for everybody else.",
        )
    return Finding(
        "push",
        State.WARNING,
        f"Browsers refuse push messages of {env.base_url}: it is not https.",
        "Set AKKOORD_BASE_URL to a public https address (see deploy/).",
    )
