"""`akkoord doctor`: is the set-up right? What cannot be checked off-line is said, never passed."""

from typing import TYPE_CHECKING

import click

from akkoord.cli.main import Needs
from akkoord.cli.output import answer, json_option, refuse
from akkoord.config.command import prepare

if TYPE_CHECKING:
    from akkoord.config.finding import Finding


@click.command()
@json_option
def command() -> None:
    """Check database, mail, DNS records to publish, clock, disk and secrets."""
    prepare(Needs.DJANGO)
    from akkoord.config import health
    from akkoord.config.finding import State

    found = health.check_all()
    good = all(each.state != State.WRONG for each in found)
    checks = [
        {"check": each.name, "state": str(each.state), "says": each.says, "do": each.to_do}
        for each in found
    ]
    answer({"ok": good, "checks": checks}, "\n".join(_line(each) for each in found))
    if not good:
        refuse("Something is wrong; see above.")


def _line(found: "Finding") -> str:
    """A finding for people."""
    to_do = f"\n       {found.to_do}" if found.to_do else ""
    return f"{found.state.sign} {found.name}: {found.says}{to_do}"
