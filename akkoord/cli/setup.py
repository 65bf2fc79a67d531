"""`akkoord setup`: what the first-run wizard does, for scripts."""

from pathlib import Path

import click
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from akkoord.accounts.actions import StaffRefused, create_staff
from akkoord.cli.output import answer, json_option, refuse, text_of
from akkoord.register.actions import OrganisationFacts, RegisterRefused, set_up_organisation
from akkoord.register.models import Trade
from akkoord.register.queries import organisation as organisation_there
from akkoord.trail.actions import Actor


@click.command()
@click.option("--organisation", required=True, help="Name of the organisation (the controller).")
@click.option("--address", required=True, help="Postal address, shown in every mail.")
@click.option("--contact-email", required=True, help="Where people ask about their data.")
@click.option("--owner-email", required=True, help="The owner logs in with it.")
@click.option(
    "--owner-password-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the owner's password on its first line.",
)
@click.option("--owner-name", default="", help="The owner's name.")
@click.option("--trade", type=click.Choice(Trade.values), default="shop", show_default=True)
@click.option("--sender-name", default="", help="From whom letters come.")
@click.option("--sender-email", default="", help="The sender's address.")
@json_option
def command(
    organisation: str,
    address: str,
    contact_email: str,
    owner_email: str,
    owner_password_file: Path,
    owner_name: str,
    trade: str,
    sender_name: str,
    sender_email: str,
) -> None:
    """Enter the organisation and its owner; the presets of the trade fill the register."""
    lines = text_of(owner_password_file, "--owner-password-file").splitlines()
    password = lines[0] if lines else ""
    try:
        validate_password(password)
    except ValidationError as weak:
        refuse(" ".join(weak.messages), reason="weak-password")
    if organisation_there() is not None:
        refuse("Akkoord has been set up already.", reason="already-set-up")
    facts = OrganisationFacts(
        name=organisation,
        address=address,
        contact_email=contact_email,
        trade=trade,
        sender_name=sender_name,
        sender_email=sender_email,
    )
    now = timezone.now()
    try:
        with transaction.atomic():
            owner = create_staff(
                email=owner_email, name=owner_name, role="owner", password=password
            )
            house = set_up_organisation(facts=facts, at=now, actor=Actor.staff(owner.pk))
    except RegisterRefused as refusal:
        refuse(refusal.sentence, reason=refusal.field)
    except StaffRefused as refusal:
        refuse("There is an account with this address already.", reason=str(refusal))
    answer(
        {
            "organisation": house.name,
            "owner": owner.email,
            "login_url": f"{settings.BASE_URL}/account/login/",
        }
    )
