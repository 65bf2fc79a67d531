"""A shop with a data folder and a database of its own, run by the command as anybody would."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
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
NAMES = ("anna", "bram", "cato", "daan", "evi")
# What is the same on every database is tried on the quicker one.
ON_A_SERVER = pytest.mark.parametrize("house", ["server"], indirect=True)


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


def fresh_database(template: str = "template0") -> str:
    """A new database on the tests' server: empty, or a copy of another that nobody uses now."""
    url = os.environ["AKKOORD_TEST_DATABASE_URL"]
    name, like = Identifier(f"backup_{os.urandom(4).hex()}"), Identifier(template)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(name, like))
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name.as_string()[1:-1]}"))


def drop(url: str) -> None:
    with psycopg.connect(os.environ["AKKOORD_TEST_DATABASE_URL"], autocommit=True) as server:
        name = Identifier(urlsplit(url).path[1:])
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    """A shop with five people who said yes, built once per kind of database and copied for each
    test: to set up takes all migrations."""
    made: dict[str, House] = {}

    def build(kind: str) -> House:
        if kind not in made:
            made[kind] = _build(kind, tmp_path_factory.mktemp(f"house-{kind}"))
        return made[kind]

    yield build
    for each in made.values():
        if each.url:
            drop(each.url)
        embedded.stop_when_unused(each.data)


def _build(kind: str, folder: Path) -> House:
    copy = folder / "second-place"
    copy.mkdir()
    found = House(folder / "data", fresh_database() if kind == "server" else "", copy)
    (folder / "password").write_text(PASSWORD)
    (folder / "wording.txt").write_text(WORDING)
    rows = "".join(
        f"{name}@example.org,{name.title()},Proef{place},{MOMENT},192.0.2.7,{MOMENT},192.0.2.7\n"
        for place, name in enumerate(NAMES)
    )
    (folder / "people.csv").write_text(HEAD + rows)
    found.run(
        *("setup", "--organisation", "Fietsen van Dam", "--address", "Kade 1, 1234 AB Utrecht"),
        *("--contact-email", "info@example.nl", "--owner-email", "anouk@example.nl"),
        *("--owner-password-file", str(folder / "password")),
    )
    found.run("topic", "create", *topic("nieuws"))
    found.run("import", *files(found))
    return found


@pytest.fixture(params=["server", pytest.param("embedded", marks=pytest.mark.slow)])
def house(
    request: pytest.FixtureRequest, built: Callable[[str], House], tmp_path: Path
) -> Iterator[House]:
    """A shop with five people who said yes, of this test alone."""
    like = built(request.param)
    embedded.stop_when_unused(like.data)
    # cp keeps whose each file is: the server's are not the owner's where root starts it.
    subprocess.run(["cp", "-a", f"{like.data.parent}/.", str(tmp_path)], check=True)
    url = fresh_database(urlsplit(like.url).path[1:]) if like.url else ""
    found = House(tmp_path / "data", url, tmp_path / "second-place")
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


def topic(slug: str = "one") -> list[str]:
    return [
        *("--slug", slug, "--name-nl", f"Acties {slug}", "--name-en", f"Offers {slug}"),
        *("--description-nl", "Onze acties.", "--description-en", "Our offers."),
    ]
