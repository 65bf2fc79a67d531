"""`akkoord places`: where postcodes lie, for groups with a distance."""

from pathlib import Path

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse
from akkoord.segments.places import PlacesRefused, bring_places
from akkoord.trail.actions import Actor


@click.group()
def command() -> None:
    """Where postcodes lie, for groups with a distance."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def bring(file: Path) -> None:
    """Replace the table: NL.txt of GeoNames, or postcode;latitude;longitude on each line."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            found = bring_places(lines, at=timezone.now(), actor=Actor.system())
    except PlacesRefused as refusal:
        told = [{"line": line, "reason": reason} for line, reason in refusal.told]
        refuse(refusal.sentence, {"reason": "not-a-table", "bad_lines": told})
    answer(
        {
            "four_digits": found.numbers,
            "with_letters": found.whole,
            "bad": found.bad,
            "bad_lines": [{"line": line, "reason": reason} for line, reason in found.told],
        }
    )
