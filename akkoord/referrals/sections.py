"""What this room adds to other rooms' pages."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from akkoord.consent.sections import PreferenceEntry, add_entry
from akkoord.people.joining_steps import JoinStep, add_join_step
from akkoord.people.models import ContactPoint
from akkoord.referrals.joined import cards_again, one_card
from akkoord.referrals.queries import offers_card, offers_mail
from akkoord.referrals.tokens import tip_link


def _url(point: ContactPoint, at: datetime) -> str:
    """Where somebody tips a friend; nowhere while it is not offered."""
    return tip_link(point_id=point.id, at=at) if offers_mail() or offers_card() else ""


add_entry(
    "tip",
    PreferenceEntry(
        order=15,
        label=_("Tip a friend"),
        description=_("A card to give away, or one mail in your name."),
        url=_url,
    ),
)
add_join_step("referrals", JoinStep(before=one_card, undo=cards_again))
