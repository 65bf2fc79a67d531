"""`akkoord worker`: one more worker; any number, on any machine."""

import click

from akkoord.cli.main import Needs
from akkoord.config import processes
from akkoord.config.command import prepare


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many jobs at once.",
)
def command(concurrency: int) -> None:
    """Do background work until it is stopped."""
    processes.end_with_parent()
    prepare(Needs.DATABASE)
    processes.run_worker(concurrency)
