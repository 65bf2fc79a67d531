"""A backup and what it becomes: it forgets and stops again, or says why it does not (INV-36)."""

import shutil

from akkoord.config.tests.house import (
    ON_A_SERVER,
    House,
    another_machine,
    drop,
    files,
    fresh_database,
    said_and_done,
    topic,
)

RECORDS = (
    "from akkoord.trail.models import Backup\n"
    "b = Backup.objects.get(); print(b.file_name, b.state, b.made_at is not None, b.bytes > 0)"
)
TRIED = (
    "from akkoord.trail.models import RestoreTry\n"
    "t = RestoreTry.objects.get(); print(t.how, t.went_well, t.forgotten, t.people)"
)


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


@ON_A_SERVER
def test_inv36_without_the_journal_nothing_is_sent_or_changed(house: House) -> None:
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


@ON_A_SERVER
def test_inv36_a_backup_older_than_the_journal_reaches_back_is_not_put_back(house: House) -> None:
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


@ON_A_SERVER
def test_one_asked_for_on_the_page_is_made_by_the_worker_or_says_why_not(house: House) -> None:
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


@ON_A_SERVER
def test_a_backup_that_is_not_whole_changes_nothing(house: House) -> None:
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
