"""`akkoord service`: messages about purchases."""

import click
from django.utils import timezone

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service import check_service, send_service
from akkoord.campaigns.service_queries import service_templates
from akkoord.cli.output import answer, json_option, refuse
from akkoord.messages.queries import dispatch_figures
from akkoord.people.models import Purchase
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
@click.option(
    "--purchase", "numbers", multiple=True, required=True, help="Number of a purchase; repeat it."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and send nothing.")
@json_option
def send(template: str, numbers: tuple[str, ...], dry_run: bool) -> None:
    """Send a message about these purchases, to each customer once."""
    found = ServiceTemplate.objects.filter(name=template, ended_at=None).first()
    if found is None:
        refuse("There is no message with this name.", reason="unknown-template")
    purchases = Purchase.objects.filter(number__in=numbers)
    known = set(purchases.values_list("number", flat=True))
    if missing := [each for each in numbers if each not in known]:
        refuse(f"There is no purchase {missing[0]}.", reason="unknown-purchase")
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
