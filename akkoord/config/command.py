"""The entry point of `akkoord`: joins the table of commands to the wiring that makes them ready."""

from typing import NoReturn

import click

from akkoord.cli import main as table
from akkoord.cli.output import refuse


def prepare(needs: table.Needs) -> None:
    """Make ready what a command needs; ends with 2 for a bad setting, 1 when it cannot be ready."""
    if needs is table.Needs.NOTHING:
        return
    from akkoord.config import readiness
    from akkoord.config.environment import BadEnvironment

    try:
        readiness.load_django()
    except BadEnvironment as problem:
        raise click.UsageError(str(problem)) from problem
    if needs is table.Needs.DATABASE:
        make_ready()


def make_ready() -> None:
    """The database ready for use, or the reason why not and status 1."""
    from akkoord.config import readiness
    from akkoord.config.embedded import DatabaseProblem
    from akkoord.datamap.keys import KeyProblem

    try:
        readiness.make_ready()
    except (readiness.NotReady, DatabaseProblem, KeyProblem) as problem:
        refuse(str(problem), reason="not-ready")


def main() -> NoReturn:
    """Run `akkoord`."""
    table.prepare_with(prepare)
    table.main()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
