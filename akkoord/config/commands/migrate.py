"""`akkoord migrate`: bring the database up to date."""

import click

from akkoord.cli.main import Needs
from akkoord.cli.output import answer, json_option
from akkoord.config import readiness
from akkoord.config.command import make_ready, prepare


@click.command()
@json_option
def command() -> None:
    """Bring the database up to date with this version; every start does this by itself."""
    prepare(Needs.DJANGO)
    make_ready()
    answer({"migrations": len(readiness.applied_migrations())}, "The database is up to date.")
