"""What is in a backup, opened with its keys, and what is not; an older and a newer Akkoord."""

import base64
import json
from pathlib import Path

from akkoord.config.tests.house import ON_A_SERVER, House, said_and_done

pytestmark = ON_A_SERVER
FROM = "from pathlib import Path\nfrom akkoord.config import backup as b\n"
WRITE = "from django.utils import timezone\nb.write_backup(Path({path!r}), at=timezone.now())\n"
# Opens a backup as `restore` does: its names, the bytes of all, and the dump as plain SQL.
OPENED = """
import json, subprocess
names = []
with open({out!r}, "wb") as out, open({out!r} + ".dump", "wb") as dump:
    with b._members(Path({path!r})) as members:
        for member, content in members:
            names.append(member.name)
            data = content.read()
            out.write(data)
            if member.name.startswith("database/"):
                dump.write(data)
with b._said() as said:
    with b._running("pg_restore", ["-f", {out!r} + ".sql", {out!r} + ".dump"], said=said) as done:
        assert done.wait() == 0, b._last_words(said)
print(json.dumps(names))
"""


def upload(house: House, text: str) -> Path:
    path = house.data / "uploads" / "list.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_inv36_neither_a_key_nor_the_journal_is_in_a_backup(house: House) -> None:
    """Opened with the keys: only what it should hold, and no key in any form (INV-40)."""
    said_and_done(house)
    upload(house, "naam;plaats")
    path, out = house.data.parent / "one.akkoord", house.data.parent / "opened"
    house.run("backup", str(path))
    names = json.loads(house.python(FROM + OPENED.format(out=str(out), path=str(path))))
    allowed = ("database/", "attachments/", "uploads/")
    strange = [each for each in names if not each.startswith(allowed)]
    assert strange == ["manifest.json"]
    assert "uploads/list.csv" in names
    told = b"".join(Path(f"{out}{end}").read_bytes() for end in ("", ".dump", ".sql"))
    assert b"evi@example.org" in told
    assert b"naam;plaats" in told
    for each in (house.data / "keys").iterdir():
        written = each.read_text().split()[-1]
        forms = [written.encode()]
        if each.name != "session":  # that one is a text, not bytes
            key = base64.b64decode(written)
            assert len(key) == 32
            forms += [key, key.hex().encode(), key.hex().upper().encode()]
        assert not any(form in told for form in forms), each.name
    lines = (house.data / "journal" / "nos.jsonl").read_bytes().splitlines()
    assert lines
    assert not any(line in told for line in lines)


def test_inv36_a_backup_of_an_older_akkoord_is_migrated_and_forgets(house: House) -> None:
    """Its tables are those of then; who was forgotten since is forgotten again."""
    path = str(house.data.parent / "old.akkoord")
    house.python(
        "from django.core.management import call_command\n"
        "call_command('migrate', 'rights', '0013_lines_in_part', verbosity=0)\n"
        + FROM
        + WRITE.format(path=path)
    )
    said_and_done(house)
    answer = house.run("restore", path, "--replace")
    assert (answer["forgotten"], answer["hits"]) == (1, 0)
    assert not house.knows("anna")
    assert house.may_mail("evi")
    assert not house.may_mail("bram")
    missing = "print(r.migrations_on_disk() - r.applied_migrations())"
    assert house.python(missing) == "set()"


def test_a_backup_of_a_newer_akkoord_is_refused_and_changes_nothing(house: House) -> None:
    """It says which version to install."""
    path = str(house.data.parent / "new.akkoord")
    house.python(
        FROM + "from dataclasses import replace\nown = b._manifest\n"
        "def newer(at, backup):\n"
        "    found = own(at, backup)\n"
        "    later = [*found.migrations, ['rights', '9999_from_later']]\n"
        "    return replace(found, version='99.0', migrations=later)\n"
        "b._manifest = newer\n" + WRITE.format(path=path)
    )
    assert house.run("restore", path, "--replace", fails=True)["reason"] == "backup"
    assert "99.0" in house.said[-1]
    assert house.may_mail("evi")
