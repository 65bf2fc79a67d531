"""The letters of a comparison beside each other: both versions, and what the rest got."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.campaigns.models import AbTest, Campaign


@dataclass(frozen=True, slots=True)
class PartOf:
    """One letter of it that left."""

    label: str
    campaign: Campaign


def parts_of(campaign: Campaign) -> list[PartOf]:
    """The versions and the rest that left, when this letter is one of them; one statement."""
    test = (
        AbTest.objects.filter(Q(campaign=campaign) | Q(other=campaign) | Q(rest=campaign))
        .select_related("campaign", "other", "rest")
        .first()
    )
    if test is None:
        return []
    named = [
        (_("Version A"), test.campaign),
        (_("Version B"), test.other),
        (_("The rest"), test.rest),
    ]
    return [PartOf(label, each) for label, each in named if each and each.dispatch_id]
