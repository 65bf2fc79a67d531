"""`akkoord register`: the register of processing activities to a file and from one."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone, translation

from akkoord.cli.output import answer, json_option, refuse
from akkoord.register.bringing import bring_in
from akkoord.register.exporting import FORMATS, export_register
from akkoord.register.judging import Outcome, judge
from akkoord.register.queries import organisation
from akkoord.register.reading import read_register
from akkoord.register.records import register_now, register_on
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor

language_option = click.option(
    "--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True
)


@click.group(name="register")
def command() -> None:
    """Export or import the register of processing activities."""


@command.command()
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this day.")
@language_option
@json_option
def export(format_name: str, output: Path, as_of: datetime | None, language: str) -> None:
    """Write the register to a file."""
    if organisation() is None:
        refuse("Set up your organisation first.", reason="no-organisation")
    register = register_on(as_of.date()) if as_of else register_now()
    content = export_register(register, format_name, language)
    try:
        output.write_bytes(content)
    except OSError as problem:
        refuse(f"The file cannot be written: {problem.strerror}.", reason="cannot-write")
    data = {
        "file": str(output),
        "format": format_name,
        "on": register.on.isoformat(),
        "activities": len(register.entries),
        "incomplete": len(register.to_mend),
    }
    answer(data, f"{len(register.entries)} activities written to {output}.")


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@language_option
@json_option
def bring(file: Path, dry_run: bool, language: str) -> None:
    """Bring a register in: our own, or one by the model of the AP, the CNIL or the ICO."""
    if organisation() is None:
        refuse("Set up your organisation first.", reason="no-organisation")
    with translation.override(language):
        try:
            outcome = judge(read_register(file.read_bytes()))
        except RegisterRefused as refusal:
            refuse(refusal.sentence, reason="unreadable")
        if not dry_run:
            bring_in(outcome, at=timezone.now(), actor=Actor.system())
    data = _told(outcome, dry_run=dry_run)
    if data["refused"] and outcome.count("refused") == len(outcome.judged):
        refuse("No row of this file can come in.", data)
    answer(data, _in_words(data))


def _told(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    counts = {name: outcome.count(name) for name in ("new", "changed", "unchanged", "kept")}
    return {
        "rows": len(outcome.judged),
        "dry_run": dry_run,
        **counts,
        "refused": [
            {"row": each.row, "column": column, "reason": sentence}
            for each in outcome.judged
            if each.outcome == "refused"
            for column, sentence in each.faults
        ],
        "columns": {head: target or None for head, target in outcome.columns.items() if head},
    }


def _in_words(data: dict[str, Any]) -> str:
    counts = ", ".join(f"{data[name]} {name}" for name in ("new", "changed", "unchanged", "kept"))
    lines = [f"{data['rows']} rows: {counts}."]
    lines += [f"row {each['row']}, {each['column']}: {each['reason']}" for each in data["refused"]]
    return "\n".join(lines)
