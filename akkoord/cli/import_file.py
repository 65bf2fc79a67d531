"""`akkoord import`: people from a file, with the evidence that the file carries."""

from pathlib import Path

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.imports.actions import SOURCES, ImportOrder, ImportRefused, import_file
from akkoord.imports.layouts import LAYOUTS
from akkoord.trail.actions import Actor


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--layout", type=click.Choice(["auto", *LAYOUTS]), default="auto", show_default=True)
@click.option("--topic", default="", help="Slug of the topic that people signed up for.")
@click.option("--source", type=click.Choice(SOURCES), default="own-signup", show_default=True)
@click.option(
    "--wording",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text that people agreed to; without it older consent proves nothing.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@json_option
def command(
    file: Path, layout: str, topic: str, source: str, wording: Path | None, dry_run: bool
) -> None:
    """Bring people in from FILE."""
    order = ImportOrder(
        file_name=file.name,
        layout=layout,
        topic_slug=topic,
        source=source,
        wording=wording.read_text(encoding="utf-8") if wording else "",
        is_dry_run=dry_run,
    )
    try:
        _, report = import_file(file, order=order, at=timezone.now(), actor=Actor.system())
    except ImportRefused as refusal:
        refuse(refusal.sentence, {"reason": refusal.reason.value})
    if not order.wording:
        say(
            "No wording was given (--wording): older consent proves nothing, so nobody in this "
            "file may be mailed yet."
        )
    answer(report.as_json())
