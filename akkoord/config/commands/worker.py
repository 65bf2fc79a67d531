"""`akkoord worker`: one more worker; any number, on any machine."""

import os

import click

from akkoord.cli.main import Needs
from akkoord.cli.output import refuse
from akkoord.config import locked, processes, readiness
from akkoord.config.command import prepare


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many jobs at once.",
)
@click.option(
    "--beside", is_flag=True, help="Only help with large letters, beside a worker on this machine."
)
def command(concurrency: int, beside: bool) -> None:
    """Do background work until it is stopped."""
    processes.end_with_parent()
    prepare(Needs.DATABASE)
    if os.environ.get(readiness.LOCKED):
        refuse(locked.SENTENCE, reason=f"journal-{os.environ[readiness.LOCKED]}")
    processes.run_worker(concurrency, is_beside=beside)
