"""`akkoord keys`: the keys, apart from the database and its backup."""

import json
import os
from pathlib import Path

import click

from akkoord.cli.main import Needs
from akkoord.cli.output import answer, json_option, refuse
from akkoord.config.command import make_ready, prepare

FORMAT = "akkoord-keys-v1"


@click.group()
def command() -> None:
    """Export or import the keys: without them a restored backup cannot be used."""


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def export_file(file: Path) -> None:
    """Write all keys to a new FILE that only you can read. Keep it apart from the backup."""
    prepare(Needs.DATABASE)
    from akkoord.datamap import keys

    content = json.dumps({"format": FORMAT, "keys": keys.export_keys()}, indent=2)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        refuse(f"{file} exists already; name a new file.")
    except OSError as problem:
        refuse(f"{file} cannot be written: {problem.strerror}.")
    with os.fdopen(descriptor, "w") as opened:
        opened.write(content)
    answer(
        {"file": str(file), "fingerprints": keys.fingerprints()},
        f"The keys are in {file}. Who has this file can read what they protect.",
    )


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_file(file: Path) -> None:
    """Put the keys of FILE in the data folder, and check them against the database."""
    prepare(Needs.DJANGO)
    from akkoord.datamap import keys

    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        refuse(f"{file} is no file that `akkoord keys export` made.")
    try:
        keys.import_keys(content["keys"])
    except keys.KeyProblem as problem:
        refuse(str(problem))
    make_ready()
    answer({"fingerprints": keys.fingerprints()}, "The keys are in place.")


@command.command("show")
@json_option
def show() -> None:
    """The fingerprints of the keys in the data folder."""
    prepare(Needs.DJANGO)
    from akkoord.datamap import keys

    try:
        answer(keys.fingerprints())
    except keys.KeyProblem as problem:
        refuse(str(problem))
