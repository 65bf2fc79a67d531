"""`akkoord bounce`: what mails that came back say."""

import json
from pathlib import Path

import click

from akkoord.cli.output import refuse
from akkoord.delivery.bounces import read_bounce
from akkoord.delivery.incoming import LARGEST


@click.group(name="bounce")
def command() -> None:
    """Bounces, complaints and automatic answers."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
def classify(files: tuple[Path, ...]) -> None:
    """Say of each mail what it is: a line of JSON per file. Changes nothing."""
    for file in files:
        try:
            with file.open("rb") as opened:
                raw = opened.read(LARGEST)
        except OSError as problem:
            refuse(f"{file} cannot be read: {problem.strerror}.", reason="unreadable")
        found = read_bounce(raw)
        click.echo(
            json.dumps(
                {
                    "file": str(file),
                    "kind": found.kind,
                    "recipient": found.recipient or None,
                    "status": found.status or None,
                },
                ensure_ascii=False,
            )
        )
