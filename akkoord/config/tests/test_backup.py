"""A backup and what it becomes: it forgets and stops again, or says why it does not (INV-36)."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from akkoord.config import embedded

ROOT = Path(__file__).resolve().parents[3]
WORDING = "Ja, stuur mij de nieuwsbrief per e-mail."
PASSWORD = "zeven groene fietsen staan"
HEAD = "Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP\n"
MOMENT = "2026-01-02 10:00:00"
READY = "from akkoord.config import readiness as r\nr.load_django(); r.start_database()\n"
RECORDS = (
    "from akkoord.trail.models import Backup\n"
    "b = Backup.objects.get(); print(b.file_name, b.state, b.made_at is not None, b.bytes > 0)"
)
TRIED = (
    "from akkoord.trail.models import RestoreTry\n"
    "t = RestoreTry.objects.get(); print(t.how, t.went_well, t.forgotten, t.people)"
)
NAMES = ("anna", "bram", "cato", "daan", "evi")


@dataclass
class House:
    """An installation: a data folder, and a database on a server or in it."""

    data: Path
    url: str = ""
    copy: Path | None = None
    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str, fails: bool = False) -> dict[str, Any]:
        """A command with its JSON answer."""
        done = subprocess.run(
            [sys.executable, "-m", "akkoord", *arguments, "--json"],
            env=self.environment(),
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        self.said.append(done.stderr)
        found: dict[str, Any] = json.loads(done.stdout or "{}")
        return found

    def python(self, text: str) -> str:
        """Some lines of Python beside it."""
        done = subprocess.run(
            [sys.executable, "-c", READY + text],
            env=self.environment() | {"DJANGO_SETTINGS_MODULE": "akkoord.config.settings"},
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def environment(self) -> dict[str, str]:
        own = {name: each for name, each in os.environ.items() if not name.startswith("AKKOORD_")}
        own |= {"AKKOORD_DATA": str(self.data), "PYTHONPATH": str(ROOT)}
        own |= {"AKKOORD_DATABASE_URL": self.url} if self.url else {}
        return own | ({"AKKOORD_JOURNAL_COPY": str(self.copy)} if self.copy else {})

    def may_mail(self, name: str) -> bool:
        """Whether the newsletter may go to somebody."""
        found: Any = self.run("person", "permissions", f"{name}@example.org")
        return any(each["allowed"] for each in found if each["channel"] == "email")

    def knows(self, name: str) -> bool:
        count = self.python(
            "from akkoord.people.models import ContactPoint as C\n"
            f"print(C.objects.filter(normalised='{name}@example.org').count())"
        )
        return count != "0"


def fresh_database() -> str:
    """A new, empty database on the tests' server."""
    url = os.environ["AKKOORD_TEST_DATABASE_URL"]
    name = f"backup_{os.urandom(4).hex()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def drop(url: str) -> None:
    with psycopg.connect(os.environ["AKKOORD_TEST_DATABASE_URL"], autocommit=True) as server:
        name = Identifier(urlsplit(url).path[1:])
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@pytest.fixture(params=["server", pytest.param("embedded", marks=pytest.mark.slow)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A shop with five people who said yes."""
    copy = tmp_path / "second-place"
    copy.mkdir()
    url = fresh_database() if request.param == "server" else ""
    found = House(tmp_path / "data", url, copy)
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "wording.txt").write_text(WORDING)
    rows = "".join(
        f"{name}@example.org,{name.title()},Proef{place},{MOMENT},192.0.2.7,{MOMENT},192.0.2.7\n"
        for place, name in enumerate(NAMES)
    )
    (tmp_path / "people.csv").write_text(HEAD + rows)
    found.run(
        *("setup", "--organisation", "Fietsen van Dam", "--address", "Kade 1, 1234 AB Utrecht"),
        *("--contact-email", "info@example.nl", "--owner-email", "anouk@example.nl"),
        *("--owner-password-file", str(tmp_path / "password")),
    )
    found.run("topic", "create", *topic("nieuws"))
    found.run("import", *files(found))
    yield found
    for each in {url, found.url} - {""}:
        drop(each)
    for folder in tmp_path.iterdir():
        if (folder / "postgresql").is_dir():
            embedded.stop_when_unused(folder)


def files(house: House) -> list[str]:
    """The file with people, and the words that they agreed to."""
    folder = house.data.parent
    options = ["--layout", "mailchimp", "--wording", str(folder / "wording.txt")]
    return [str(folder / "people.csv"), *options]


def said_and_done(house: House) -> None:
    """After the backup: anna is forgotten, bram stops, cato objects, daan is frozen."""
    house.run("person", "forget", "anna@example.org")
    house.python(
        "from django.utils import timezone\n"
        "from akkoord.people.models import ContactPoint as C\n"
        "from akkoord.consent.actions import object_to_marketing, restrict_person, withdraw\n"
        "from akkoord.law.states import Method\n"
        "from akkoord.trail.actions import Actor\n"
        "now = timezone.now(); who = {c.value.split('@')[0]: c for c in C.objects.all()}\n"
        "withdraw(point_id=who['bram'].id, method=Method.REPLY, actor=Actor.person(), at=now)\n"
        "object_to_marketing(person_id=who['cato'].person_id, method=Method.REPLY,"
        " actor=Actor.person(), at=now)\n"
        "restrict_person(person_id=who['daan'].person_id, actor=Actor.system(), at=now)\n"
    )


def another_machine(house: House, *, with_journal: bool = True) -> House:
    """A new data folder with the keys and, from the second place, the journal."""
    keys = house.data.parent / "keys.json"
    house.run("keys", "export", str(keys))
    new = House(
        house.data.parent / "new",
        fresh_database() if house.url else "",
        house.copy if with_journal else None,
    )
    new.run("keys", "import", str(keys))
    return new


def test_inv36_a_restored_backup_forgets_and_stops_again(house: House) -> None:
    backup = house.data.parent / "one.akkoord"
    made = house.run("backup", str(backup))
    assert made["people"] == 5
    content = backup.read_bytes()
    assert oct(backup.stat().st_mode & 0o777) == "0o600"
    assert not any(text in content for text in (b"example.org", b"PGDMP", b"Proef"))
    said_and_done(house)

    assert house.python(RECORDS) == "one.akkoord made True True"

    new = another_machine(house)
    answer = new.run("restore", str(backup), "--replace")
    assert new.python(RECORDS) == "one.akkoord made True False", "it knows which one it came from"
    assert new.python(TRIED) == "here True 1 5"
    assert (answer["forgotten"], answer["hits"], answer["restricted"]) == (1, 0, 1)
    assert answer["stopped"] >= 2
    assert not new.knows("anna")
    assert not any(new.may_mail(name) for name in ("bram", "cato", "daan"))
    assert new.may_mail("evi")
    assert new.run("ledger", "verify")["ok"]
    # And a file that holds her address does not bring her back (INV-40).
    again = new.run("import", *files(house))
    assert again["stayed_out"] >= 1
    assert not new.knows("anna")
    # Nothing of her is in a backup of what was put back.
    second = house.data.parent / "two.akkoord"
    new.run("backup", str(second))
    assert new.run("restore")["forgotten"] == 0, "what was done once is not done again"
    if new.url:
        drop(new.url)


def test_inv36_without_the_journal_nothing_is_sent_or_changed(house: House) -> None:
    if not house.url:
        pytest.skip("the same on every database; the server is quicker")
    said_and_done(house)  # the backup knows that there is a journal
    backup = house.data.parent / "one.akkoord"
    house.run("backup", str(backup))
    new = another_machine(house, with_journal=False)
    try:
        assert new.run("restore", str(backup), "--replace", fails=True)["reason"] == "journal-lost"
        assert "AKKOORD_JOURNAL_COPY" in new.said[-1]
        refused = new.run("topic", "create", *topic(), fails=True)
        assert refused["reason"] == "journal-lost"
        # The journal comes back: the house opens by itself.
        (new.data / "journal").mkdir()
        assert house.copy is not None
        shutil.copy(house.copy / "nos.jsonl", new.data / "journal" / "nos.jsonl")
        new.run("topic", "create", *topic())
        # A line that was changed locks it again, and somebody may decide to go on.
        journal = new.data / "journal" / "nos.jsonl"
        text = journal.read_text()
        journal.write_text(text.replace('"state": "objected"', '"state": "given"'))
        refused = new.run("topic", "create", *topic("two"), fails=True)
        assert refused["reason"].startswith("journal-")
        new.run("restore", "--without-journal")
        new.run("topic", "create", *topic("two"))
    finally:
        drop(new.url)


TRIM = (
    "from datetime import timedelta\nfrom django.utils import timezone\n"
    "from akkoord.trail.trim import trim_journal\n"
    "print(trim_journal(at=timezone.now() + timedelta(days=40)))"
)


def test_inv36_a_backup_older_than_the_journal_reaches_back_is_not_put_back(house: House) -> None:
    if not house.url:
        pytest.skip("the same on every database; the server is quicker")
    old, new = house.data.parent / "old.akkoord", house.data.parent / "new.akkoord"
    house.run("backup", str(old))
    said_and_done(house)
    assert int(house.python(TRIM)) > 3
    house.run("backup", str(new))
    assert house.run("restore", str(old), "--replace", fails=True)["reason"] == "journal-too-old"
    assert "older than the journal reaches back" in house.said[-1]
    assert not house.knows("anna"), "nothing was changed"
    house.run("restore", str(new), "--replace")
    assert not house.knows("anna")
    # The same by a snapshot of a disk: the database is old, and nobody asked a command.
    house.python(
        "from akkoord.trail.models import JournalMark\nJournalMark.objects.update(line=1, place=10)"
    )
    assert house.run("topic", "create", *topic("x"), fails=True)["reason"] == "journal-too-old"
    house.run("restore", "--without-journal")
    house.run("topic", "create", *topic("x"))


def test_one_asked_for_on_the_page_is_made_by_the_worker_or_says_why_not(house: House) -> None:
    if not house.url:
        pytest.skip("the same on every database; the server is quicker")
    said = house.python(
        "from django.utils import timezone\n"
        "from akkoord.config.making import make_for_page\n"
        "from akkoord.config.backup import read_manifest\n"
        "from akkoord.trail import backups as b\n"
        "from akkoord.trail.actions import Actor\n"
        "now = timezone.now(); asked = b.ask_backup(at=now, actor=Actor.system())\n"
        "make_for_page(asked.id, at=now); asked.refresh_from_db()\n"
        "print(asked.state, asked.people, read_manifest(b.file_of(asked)).people)\n"
        "print(asked.bytes == b.file_of(asked).stat().st_size)\n"
        "make_for_page(asked.id, at=now)\n"  # once is enough
        "import shutil; shutil.rmtree(b.backup_folder()); b.backup_folder().write_text('full')\n"
        "again = b.ask_backup(at=now, actor=Actor.system())\n"
        "make_for_page(again.id, at=now); again.refresh_from_db(); print(again.state, again.why)\n"
    )
    assert said.split("\n") == ["made 5 5", "True", "failed disk"]


def topic(slug: str = "one") -> list[str]:
    return [
        *("--slug", slug, "--name-nl", f"Acties {slug}", "--name-en", f"Offers {slug}"),
        *("--description-nl", "Onze acties.", "--description-en", "Our offers."),
    ]


def test_a_backup_that_is_not_whole_changes_nothing(house: House) -> None:
    if not house.url:
        pytest.skip("the same on every database; the server is quicker")
    backup = house.data.parent / "one.akkoord"
    house.run("backup", str(backup))
    assert house.run("backup", str(backup), fails=True)["reason"] == "backup"  # never over a file
    refused = house.python(
        "from pathlib import Path\n"
        "from akkoord.config.backup import BackupProblem, put_back, read_manifest\n"
        f"path = Path({str(backup)!r}); whole = path.read_bytes(); middle = len(whole) // 2\n"
        "changed = bytearray(whole); changed[middle] ^= 1\n"
        "for text in (whole[:-1], whole[:middle], bytes(changed), b'', b'x' * 500):\n"
        "    path.write_bytes(text)\n"
        "    try: read_manifest(path)\n"
        "    except BackupProblem as problem: print('refused')\n"
        "path.write_bytes(whole[:middle])\n"
        "try: put_back(path, replace=True)\n"  # as if the disk failed between the two readings
        "except BackupProblem: print('refused')\n"
        "path.write_bytes(whole)\n"
    )
    assert refused.split() == ["refused"] * 6
    assert house.knows("anna")
    assert house.may_mail("evi")
    assert not (house.data / "put-back").exists()
    assert house.run("restore", str(backup), fails=True)["reason"] == "backup"
    assert "--replace" in house.said[-1]
    house.python(  # killed half-way: nothing of what was there is lost, and nobody serves a half
        "from django.db import connection as c\n"
        "with c.cursor() as q: q.execute('ALTER SCHEMA public RENAME TO akkoord_before;"
        " CREATE SCHEMA public; CREATE TABLE half (id int)')"
    )
    assert house.run("topic", "create", *topic("three"), fails=True)["reason"] == "not-ready"
    house.run("restore", str(backup), "--replace")
    assert house.may_mail("evi")
    other = House(house.data.parent / "other", fresh_database())
    try:
        assert other.run("restore", str(backup), fails=True)["reason"] == "backup"
        assert "other keys" in other.said[-1]
    finally:
        drop(other.url)
