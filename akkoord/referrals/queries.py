"""Named reads of the room."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from akkoord.consent.models import Form
from akkoord.referrals.models import Card, CardUse, Programme, Tip


def programme() -> Programme | None:
    """What the organisation offers; None: nothing was ever set."""
    return Programme.objects.first()


def offers_mail() -> bool:
    """Whether customers may have a mail sent."""
    return Programme.objects.filter(mail_is_on=True).exists()


def offers_card() -> bool:
    """Whether customers may have a card."""
    return Programme.objects.filter(card_is_on=True).exists()


@dataclass(frozen=True, slots=True)
class ReferralFigures:
    """How it goes, without anybody's name."""

    tips: int
    cards: int
    uses: int
    to_reward: int


def figures(*, at: datetime) -> ReferralFigures:
    """Tips of the last thirty days, living cards, new customers by them, rewards to give."""
    uses = CardUse.objects.aggregate(n=Count("id"), due=Count("id", filter=Q(rewarded_on=None)))
    return ReferralFigures(
        tips=Tip.objects.filter(asked_at__gt=at - timedelta(days=30)).count(),
        cards=Card.objects.filter(ended_at=None).count(),
        uses=uses["n"],
        to_reward=uses["due"],
    )


def living_card(code: str) -> Card | None:
    """The card with this code while it lives."""
    return Card.objects.filter(code=code.strip().upper(), ended_at=None).first()


def card_of(person_id: UUID) -> Card | None:
    """The living card of a person."""
    return Card.objects.filter(person_id=person_id, ended_at=None).first()


def uses_to_reward(limit: int = 50) -> list[CardUse]:
    """New customers by a card whose giver still gets something, oldest first."""
    return list(
        CardUse.objects.filter(rewarded_on=None)
        .select_related("card__person")
        .order_by("used_on", "id")[:limit]
    )


def open_forms() -> list[Form]:
    """Forms that a friend may sign up by."""
    open_ones = Form.objects.filter(closed_at=None, versions__isnull=False)
    return list(open_ones.exclude(kind=Form.PUSH).distinct())


def form_address(programme: Programme) -> str:
    """The path of the form behind a tip; empty without one."""
    form = Form.objects.filter(id__in=[programme.form_id], closed_at=None).first()
    return f"/f/{form.slug}/" if form else ""
