"""`akkoord evidence`: proof for all people of a file who came in without enough of it."""

from datetime import datetime, time
from pathlib import Path
from uuid import UUID

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse, text_of
from akkoord.consent.evidence_files import LARGEST, BadFile
from akkoord.imports.actions import GroupEvidence, ImportRefused, add_group_evidence
from akkoord.imports.models import Import
from akkoord.trail.actions import Actor

WHY_NOT = {
    "empty": "The scan is empty.",
    "too-large": "The scan is larger than 10 MB.",
    "heic": "The scan is a HEIC picture. Save it as JPG or PDF.",
    "unknown": "The scan is no PDF, JPG or PNG.",
    "damaged": "The scan is damaged.",
    "too-many-pixels": "The scan has too many pixels. Scan it at 200 dpi.",
    "locked": "The PDF is locked. Save it without a password.",
}


@click.command()
@click.argument("import_id", metavar="IMPORT", type=click.UUID)
@click.option("--kind", type=click.Choice(["paper", "counter"]), default="paper", show_default=True)
@click.option("--signed-on", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option(
    "--wording",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text that people agreed to.",
)
@click.option("--where", required=True, help="What the evidence is, and where it lies.")
@click.option(
    "--scan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A scan or photo of it: PDF, JPG or PNG. It is kept sealed.",
)
@json_option
def command(
    import_id: UUID, kind: str, signed_on: datetime, wording: Path, where: str, scan: Path | None
) -> None:
    """Add evidence for everybody of IMPORT who waits for it. IMPORT is what `import` answered."""
    now = timezone.now()
    signed_at = timezone.make_aware(datetime.combine(signed_on.date(), time(12)))
    if signed_on.date() > timezone.localdate(now):
        raise click.BadParameter("this day is still to come", param_hint="--signed-on")
    evidence = GroupEvidence(
        kind=kind,
        signed_at=min(now, signed_at),
        wording=text_of(wording, "--wording"),
        description=where,
        scan=_content(scan),
    )
    try:
        count = add_group_evidence(
            import_id=import_id, evidence=evidence, at=now, actor=Actor.system()
        )
    except Import.DoesNotExist:
        refuse("There is no import with this id.", {"reason": "unknown-import"})
    except ImportRefused as refusal:
        refuse(refusal.sentence, {"reason": refusal.reason.value})
    except BadFile as bad:
        refuse(WHY_NOT[bad.fault], {"reason": bad.fault.value})
    answer({"people": count}, f"The proof is added for {count} people.")


def _content(scan: Path | None) -> bytes | None:
    """The bytes of a scan, no more than can be evidence; an empty file is not the same as none."""
    if scan is None:
        return None
    with scan.open("rb") as file:
        content = file.read(LARGEST + 1)
    if not content:
        refuse(WHY_NOT["empty"], {"reason": "empty"})
    return content
