"""The `akkoord` command: a table of names, each loaded only when it is called.

A command lives in a module of its own that exports `command`, in `akkoord/cli/<name>.py` or, when
it belongs to the wiring, in `akkoord/config/commands/<name>.py`. A command whose module does not
exist is not listed. What must be ready before a command runs (Django, the database) is done by a
function that the wiring registers, so that this floor does not look upwards.
"""

import importlib
import importlib.util
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import click

from akkoord import __version__

PACKAGES = ("akkoord.cli", "akkoord.config.commands")


class Needs(Enum):
    """What must be ready before a command is loaded."""

    NOTHING = auto()  # only Python: starts at once
    DJANGO = auto()  # models can be imported; the command makes its own database ready
    DATABASE = auto()  # the database runs, is migrated and knows our keys


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    help: str
    needs: Needs = Needs.DATABASE
    module: str = ""  # when the name is no module's name (`import`)


COMMANDS: dict[str, Entry] = {
    "serve": Entry("Start the database, the web app and a worker.", Needs.NOTHING),
    "worker": Entry("Start one more worker.", Needs.NOTHING),
    "migrate": Entry("Bring the database up to date with this version.", Needs.NOTHING),
    "doctor": Entry("Check the set-up.", Needs.NOTHING),
    "keys": Entry("Export or import the keys.", Needs.NOTHING),
    "setup": Entry("What the first-run wizard does, for scripts."),
    "demo": Entry("Load a believable demo organisation."),
    "topic": Entry("Make a topic with its processing activity."),
    "form": Entry("Make a published form."),
    "import": Entry("Bring people in from a file.", module="import_file"),
    "evidence": Entry("Add evidence for a whole group of an import."),
    "person": Entry("Everything about one person."),
    "campaign": Entry("Make, check and send a campaign."),
    "service": Entry("Send messages about purchases."),
    "places": Entry("Bring the table of where postcodes lie."),
    "series": Entry("Letters that go by themselves: list, on, pause, off."),
    "receipt": Entry("Check a receipt of consent, off-line.", Needs.NOTHING),
    "ledger": Entry("Verify, seal and prove what people agreed to."),
    "mail": Entry("Take in mails: who answers with stop, stops."),
    "bounce": Entry("Read bounces and complaints.", Needs.DJANGO),
    "register": Entry("Export or import the register of processing activities."),
    "retention": Entry("What is due, and the nightly clean-up."),
    "checkup": Entry("The check-up of your duties."),
    "policy": Entry("Build the privacy policy from the register."),
    "readability": Entry("How easy a text reads.", Needs.DJANGO),
    "sensitive": Entry("Which lines of a file hold special categories.", Needs.DJANGO),
    "backup": Entry("Write the database and the uploads to one sealed file."),
    "restore": Entry("Put a backup back; it forgets and stops again.", Needs.DJANGO),
    "bench": Entry("Run a benchmark.", Needs.DJANGO),
    "apikey": Entry("Make a key for the API."),
}

_prepare: Callable[[Needs], None] | None = None
_refuse: Callable[[str], None] | None = None


def prepare_with(function: Callable[[Needs], None]) -> None:
    """Register what makes Django and the database ready; the wiring calls this."""
    global _prepare
    _prepare = function


def refuse_with(function: Callable[[str], None]) -> None:
    """Register what refuses a command by its name when it may not run now."""
    global _refuse
    _refuse = function


def prepare(needs: Needs) -> None:
    """Make ready what a command finds out that it needs, beyond what the table says."""
    if _prepare is not None:
        _prepare(needs)


def module_of(name: str) -> str | None:
    """The module of a command, or None when nobody wrote it yet."""
    entry = COMMANDS.get(name)
    if entry is None:
        return None
    for package in PACKAGES:
        module = f"{package}.{entry.module or name}"
        if importlib.util.find_spec(package) and importlib.util.find_spec(module):
            return module
    return None


def _speak_english() -> None:
    """The command's own sentences are English; those of the rooms then are too, in every run."""
    from django.utils import translation

    translation.activate("en")


class Commands(click.Group):
    """The table as a click group: names and help texts without loading a command."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The commands that exist, in the table's order."""
        return [name for name in COMMANDS if module_of(name)]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Make ready what the command needs, and load it."""
        module = module_of(name)
        if module is None:
            return None
        needs = COMMANDS[name].needs
        if needs is Needs.DATABASE and {"--help", "-h"} & set(sys.argv):
            needs = Needs.DJANGO  # asking for help starts no database
        prepare(needs)
        if needs is Needs.DATABASE and _refuse is not None:
            _refuse(name)
        if needs is not Needs.NOTHING:
            _speak_english()
        command: click.Command = importlib.import_module(module).command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table."""
        rows = [(name, COMMANDS[name].help) for name in self.list_commands(context)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _use_data_folder(_context: click.Context, _option: click.Parameter, data: str | None) -> None:
    """Name the data folder while arguments are read: finding a command opens the database."""
    if data:
        os.environ["AKKOORD_DATA"] = data


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="The data folder (else AKKOORD_DATA, else ./data).",
    callback=_use_data_folder,
    expose_value=False,
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def akkoord() -> None:
    """Direct marketing that cannot break the law by accident."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; ends the process with its status."""
    signal.signal(signal.SIGTERM, _end)
    return akkoord.main(args=arguments, prog_name="akkoord")


def _end(_number: int, _frame: object) -> None:
    """A polite end on SIGTERM, so that the database is let go."""
    raise SystemExit(143)
