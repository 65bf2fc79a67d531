"""Verbs that take words away for good: somebody who is forgotten may stand in them (art. 17)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.models import Campaign
from akkoord.composing.models import KeptLetter
from akkoord.trail.actions import Actor, record_change

EMPTIED = {"name": "", "subject": "", "preheader": "", "body": ""}


@transaction.atomic
def remove_beginning(*, kept_id: UUID, at: datetime, actor: Actor) -> None:
    """Take a letter out of the beginnings; its words and its name go. A second time does nothing.

    Letters that began from it stay as they are.
    """
    if KeptLetter.objects.filter(id=kept_id, ended_at=None).update(ended_at=at, **EMPTIED):
        record_change(
            actor=actor,
            action="letter-template.remove",
            object_kind="letter-template",
            object_id=kept_id,
            at=at,
        )


@transaction.atomic
def remove_version(*, campaign_id: UUID, number: int, at: datetime, actor: Actor) -> None:
    """Take an earlier version of a letter away for good, also of one that has left.

    Refuses the newest: that is the letter itself.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(id=campaign_id)
    newest = campaign.versions.order_by("-number").first()
    if newest is not None and newest.number == number:
        raise CampaignRefused("", _("This is the letter as it is now. Change the letter itself."))
    if not campaign.versions.filter(number=number).delete()[0]:
        raise CampaignRefused("", _("This version is not there any more."))
    record_change(
        actor=actor,
        action="campaign.remove-version",
        object_kind="campaign",
        object_id=campaign.id,
        at=at,
    )
