"""`akkoord service`: messages about purchases."""

from pathlib import Path

import click
from django.utils import timezone

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service import check_service, send_service
from akkoord.campaigns.service_queries import service_templates
from akkoord.cli.output import answer, json_option, refuse, text_of
from akkoord.messages.queries import dispatch_figures
from akkoord.people.agreement_files import bring_agreements
from akkoord.people.models import Agreement, Purchase
from akkoord.permission.service import Proof
from akkoord.trail.actions import Actor


@click.group()
def command() -> None:
    """Messages about purchases: on the contract, never advertising."""


@command.command()
@json_option
def templates() -> None:
    """The messages that can be sent."""
    answer(
        [
            {"name": each.name, "activity": each.activity_key, "language": each.language}
            for each in service_templates()
        ]
    )


@command.command()
@click.argument("template")
@click.option("--purchase", "numbers", multiple=True, help="Number of a purchase; repeat it.")
@click.option("--agreement", "agreed", multiple=True, help="Number of an agreement; repeat it.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and send nothing.")
@json_option
def send(template: str, numbers: tuple[str, ...], agreed: tuple[str, ...], dry_run: bool) -> None:
    """Send a message about these purchases or agreements, to each customer once."""
    if bool(numbers) == bool(agreed):
        raise click.UsageError("Give --purchase or --agreement.")
    found = ServiceTemplate.objects.filter(name=template, ended_at=None).first()
    if found is None:
        refuse("There is no message with this name.", reason="unknown-template")
    what = "agreement" if agreed else "purchase"
    purchases: Proof = (
        Agreement.objects.filter(number__in=agreed)
        if agreed
        else Purchase.objects.filter(number__in=numbers)
    )
    known = set(purchases.values_list("number", flat=True))
    if missing := [each for each in (*numbers, *agreed) if each not in known]:
        refuse(f"There is no {what} {missing[0]}.", reason=f"unknown-{what}")
    try:
        check = check_service(found, purchases, at=timezone.now())
        report = {
            "selected": check.selected,
            "may_be_mailed": check.may_be_mailed,
            "not": {str(reason): count for reason, count in check.reasons.items()},
            "blocking": [{"code": each.code, "text": each.sentence} for each in check.blocking],
        }
        if dry_run:
            answer(report)
            return
        dispatch = send_service(
            template_id=found.id, purchases=purchases, at=timezone.now(), actor=Actor.system()
        )
    except CampaignRefused as refusal:
        code = refusal.codes[0] if refusal.codes else refusal.field or "refused"
        refuse(refusal.sentence, reason=code)
    answer(report | {"id": dispatch.id, "state": dispatch_figures(dispatch.id).state})


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def agreements(file: Path) -> None:
    """Bring in agreements of people who are here: CSV with email, kind, number, day, end,
    company (where they are a contact).

    Kinds: member, subscription, appointment. Days: 2026-12-01.
    """
    report = bring_agreements(text_of(file, "FILE"), at=timezone.now(), actor=Actor.system())
    if not report.rows:
        refuse("There is no row in this file, or a column is missing.", reason="not-a-table")
    answer(
        {
            "rows": report.rows,
            "created": report.created,
            "unchanged": report.unchanged,
            "refused": [{"row": row, "reason": reason} for row, reason in report.refused],
        }
    )
