"""The entry point of `akkoord`: joins the table of commands to the wiring that makes them ready."""

import contextlib
import os
from collections.abc import Iterator
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

    with load_problems():
        readiness.make_ready()


@contextlib.contextmanager
def load_problems() -> Iterator[None]:
    """What keeps the database from being used, as a refusal: its reason, and status 1."""
    from akkoord.config import readiness
    from akkoord.config.backup import BackupProblem
    from akkoord.config.embedded import DatabaseProblem
    from akkoord.datamap.keys import KeyProblem

    try:
        yield
    except (readiness.NotReady, DatabaseProblem, KeyProblem) as problem:
        refuse(str(problem), reason="not-ready")
    except BackupProblem as problem:
        refuse(str(problem), reason="backup")


def refuse_locked(name: str) -> None:
    """In a house whose journal is lost a command that could change something does not run."""
    from akkoord.config import locked, readiness

    if locked.is_locked() and not locked.may_run(name):
        refuse(locked.SENTENCE, reason=f"journal-{os.environ[readiness.LOCKED]}")


def main() -> NoReturn:
    """Run `akkoord`."""
    table.prepare_with(prepare)
    table.refuse_with(refuse_locked)
    table.main()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
