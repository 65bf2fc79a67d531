"""`akkoord bench NAME`: Akkoord against what it is held against, side by side, in one run.

Each benchmark has a throw-away database and data folder of its own, never the user's: on the
server that AKKOORD_DATABASE_URL names, else an embedded server in a temporary folder. The work is
done by a second process, so that nothing of the user's settings or keys is touched.
"""

import contextlib
import importlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import click
import psycopg
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from akkoord.cli import main as table
from akkoord.cli.output import answer, json_option, refuse, say

# Name -> module and how many people when nobody says: together a few minutes on a small machine.
BENCHES = {
    "send": ("send", 30_000),
    "audience": ("audience", 100_000),
    "import": ("import_file", 50_000),
    "ledger": ("ledger", 100_000),
    "forget": ("forget", 50_000),
    "retention": ("retention", 10_000),
    "life": ("life", 100_000),
    "restore": ("restore", 50_000),
    "page": ("page", 100_000),
    "form": ("form", 50_000),
    "sensitive": ("sensitive", 50_000),
    "leak": ("leak", 50_000),
}
INSIDE = "AKKOORD_BENCH_INSIDE"
SECOND = "AKKOORD_BENCH_SECOND"
_WORDS = {"aim": "reached the aim", "good": "good", "no": "NOT reached"}


@click.command()
@click.argument("name", type=click.Choice([*BENCHES, "all"]))
@click.option("--people", type=click.IntRange(1_000, 10_000_000), help="How many; else few.")
@click.option(
    "--erased", type=click.IntRange(1, 1_000_000), help="restore: how many are forgotten again."
)
@json_option
def command(name: str, people: int | None, erased: int | None) -> None:
    """Run a benchmark on a throw-away database."""
    if erased and name != "restore":
        raise click.UsageError("--erased goes with `akkoord bench restore` only.")
    more = {"erased": erased} if erased else {}
    if address := os.environ.get(SECOND):
        table.prepare(table.Needs.DATABASE)
        importlib.import_module("akkoord.cli.benches.second").serve(address)
        return
    if os.environ.get(INSIDE):
        click.echo(json.dumps(_inside(name, people, more)))
        return
    answers = []
    for each in BENCHES if name == "all" else [name]:
        say(f"bench {each} ...")
        answers.append(_outside(each, people, more))
    results = [result for each in answers for result in each["results"]]
    data = {"machine": answers[0]["machine"], "results": results}
    answer(data, "\n".join(_line(result) for result in results))


def _inside(name: str, people: int | None, more: dict[str, int]) -> dict[str, object]:
    """The benchmark itself, in the process that has the throw-away database."""
    from akkoord.cli.benches.results import machine

    table.prepare(table.Needs.DATABASE)
    module, usual = BENCHES[name]
    bench = importlib.import_module(f"akkoord.cli.benches.{module}").bench
    before = machine()
    results = bench(people or usual, at=timezone.now(), **more)
    return {"machine": before, "results": [each.as_json() for each in results]}


def _outside(
    name: str, people: int | None, more: dict[str, int]
) -> dict[str, list[dict[str, object]]]:
    """A database and a folder made, the benchmark run, both removed."""
    folder = tempfile.mkdtemp(prefix="akkoord-bench-")
    try:
        with _database() as url:
            environment = {
                key: value for key, value in os.environ.items() if not key.startswith("AKKOORD_")
            }
            environment |= {INSIDE: "1", "AKKOORD_DATA": folder}
            if url:
                environment["AKKOORD_DATABASE_URL"] = url
            command = [sys.executable, "-m", "akkoord", "bench", name]
            if people:
                command += ["--people", str(people)]
            for option, value in more.items():
                command += [f"--{option}", str(value)]
            done = subprocess.run(
                command, check=False, env=environment, stdout=subprocess.PIPE, text=True
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if done.returncode != 0:
        refuse(f"The benchmark {name} failed.")
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextlib.contextmanager
def _database() -> Iterator[str]:
    """A new database on the configured server; its address, or nothing for an embedded one."""
    url = os.environ.get("AKKOORD_DATABASE_URL", "")
    if not url:
        yield ""
        return
    name = f"akkoord_bench_{secrets.token_hex(4)}"
    parts = urlsplit(url)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _line(result: dict[str, object]) -> str:
    """One result for people."""
    return (
        f"{result['name']}\n    {result['measured']} against {result['against']} "
        f"{result['unit']}: ratio {result['ratio']} "
        f"(good {result['good']}, aim {result['aim']}): {_WORDS[str(result['reached'])]}"
    )
