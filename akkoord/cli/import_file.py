"""`akkoord import`: people from a file, with the evidence that the file carries."""

from datetime import date, datetime
from pathlib import Path

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse, say, text_of
from akkoord.imports.actions import SOURCES, ImportOrder, ImportRefused, import_file
from akkoord.imports.evidence import Period
from akkoord.imports.invoices import LAYOUT_NAMES, SalesOrder, import_sales, is_about_sales
from akkoord.imports.known_layouts import LAYOUTS
from akkoord.imports.layouts import EVIDENCE, FIELDS, OWN, POSTAL
from akkoord.imports.reader import ENCODINGS, ReadAs
from akkoord.imports.report import Report
from akkoord.trail.actions import Actor

_DAY = click.DateTime(["%Y-%m-%d"])


def _roles(
    _context: click.Context, _parameter: click.Parameter, pairs: tuple[str, ...]
) -> dict[str, str]:
    """`NAME=ROLE` pairs as a mapping; refuses a role that does not exist."""
    roles = {}
    for pair in pairs:
        name, sign, role = pair.rpartition("=")
        is_known = role in ("", *FIELDS, *EVIDENCE, *POSTAL) or role.startswith(OWN)
        if not sign or not is_known:
            raise click.BadParameter(f"{pair!r}: write COLUMN=ROLE, a role of the list in --help")
        roles[name] = role
    return roles


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(["auto", *LAYOUTS, *LAYOUT_NAMES]),
    default="auto",
    show_default=True,
)
@click.option("--topic", default="", help="Slug of the topic that people signed up for.")
@click.option("--place", default="", help="Sales: slug of the place where they were made.")
@click.option("--source", type=click.Choice(SOURCES), default="own-signup", show_default=True)
@click.option("--system", default="", help="Which other system the file comes from.")
@click.option(
    "--wording",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text that people agreed to; without it older consent proves nothing.",
)
@click.option("--from", "first", type=_DAY, help="First day that the wording was shown.")
@click.option("--until", "last", type=_DAY, help="Last day that the wording was shown.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Else it is found out.")
@click.option("--delimiter", default="", help="One sign, or “tab”; else it is found out.")
@click.option("--header/--no-header", default=None, help="Whether the first row names the columns.")
@click.option(
    "--column",
    "roles",
    multiple=True,
    metavar="NAME=ROLE",
    callback=_roles,
    help="What a column is: "
    f"{', '.join((*FIELDS, *POSTAL, *EVIDENCE))}, or own:KEY for an own field.",
)
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    metavar="NAME",
    help="Only this sheet of a book or file of a ZIP; can be given more than once. Else all.",
)
@click.option("--overwrite", is_flag=True, help="Take over other names; never what people said.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@json_option
def command(
    file: Path,
    layout: str,
    topic: str,
    place: str,
    source: str,
    system: str,
    wording: Path | None,
    first: datetime | None,
    last: datetime | None,
    encoding: str | None,
    delimiter: str,
    header: bool | None,
    roles: dict[str, str],
    sheets: tuple[str, ...],
    overwrite: bool,
    dry_run: bool,
) -> None:
    """Bring people in from FILE: CSV, XLSX, or a ZIP of those.

    Sales, as proof that people are customers: UBL invoices (XML, or a folder or ZIP of them), or
    orders by --layout.
    """
    if is_about_sales(file, layout):
        sales = SalesOrder(file.name, layout, place, topic, system, dry_run, sheets)
        _import_sales(file, sales)
        return
    delimiter = "\t" if delimiter.lower() == "tab" else delimiter
    if len(delimiter) > 1:
        raise click.BadParameter("a delimiter is one sign", param_hint="--delimiter")
    order = ImportOrder(
        file_name=file.name,
        layout=layout,
        topic_slug=topic,
        source=source,
        system=system,
        wording=text_of(wording, "--wording") if wording else "",
        period=Period(_date(first), _date(last)),
        read_as=ReadAs(encoding or "", delimiter, header),
        roles=roles,
        sheets=sheets,
        overwrites=overwrite,
        is_dry_run=dry_run,
    )
    try:
        record, report = import_file(file, order=order, at=timezone.now(), actor=Actor.system())
    except ImportRefused as refusal:
        refuse(refusal.sentence, {"reason": refusal.reason.value})
    _warn(order, report)
    # Its id is what `akkoord evidence` asks; a dry run leaves nothing to add to.
    answer(report.as_json() | {"import": None if dry_run else str(record.id)})


def _import_sales(source: Path, order: SalesOrder) -> None:
    """Invoices or orders."""
    try:
        _, report = import_sales(source, order=order, at=timezone.now(), actor=Actor.system())
    except ImportRefused as refusal:
        refuse(refusal.sentence, {"reason": refusal.reason.value})
    if not order.place_slug:
        say(
            "No place was given (--place): nothing shows what these customers saw, so the sales "
            "carry service messages and post alone."
        )
    answer(report.as_json())


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _warn(order: ImportOrder, report: Report) -> None:
    """What the person at the keyboard must know beside the answer."""
    if not order.wording:
        say(
            "No wording was given (--wording): older consent proves nothing, so nobody in this "
            "file may be mailed yet."
        )
    held = [each["column"] for each in report.sensitive if each["quarantined"]]
    if held:
        say(
            f"Kept out, because something in them may not be stored: {', '.join(held)}. The owner "
            "or the privacy officer decides on the screen; then bring the file in again."
        )
