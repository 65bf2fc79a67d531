"""What people did with the demo's letters: presses, letters that came back, leave to count sales.

Made up like the rest of the demo, and of nobody: presses are numbers per hour, as real ones are.
"""

import random
from datetime import datetime, timedelta

from akkoord.law.purpose_rules import Answer, Factor, Weighed
from akkoord.messages.models import Dispatch, LinkCount, Message
from akkoord.people.actions import mark_undeliverable
from akkoord.register.models import Purpose
from akkoord.register.own_fields import admit_field
from akkoord.trail.actions import Actor

# The demo answers the questions of art. 6(4) as a shop would.
FITS = Weighed(
    "Wie bij ons koopt, verwacht een aanbieding die daarbij past.",
    answers=dict.fromkeys(Factor, Answer.FOR),
)

HOURS = (1, 2, 3, 5, 8, 11, 24, 27, 33, 50)
FULL = "4.2.2"
COMES_BACK = 90  # one of so many mailboxes turns out to be full


def press_links(
    dispatch: Dispatch,
    dice: random.Random,
    *,
    at: datetime,
    share: tuple[float, float] = (0.1, 0.22),
) -> None:
    """Presses in the days after a letter, most of them soon, and machines that looked ahead.

    `share`: between these, of the people whom it reached, for the first link.
    """
    sent = Message.objects.filter(dispatch=dispatch, state=Message.State.SENT).count()
    start = (dispatch.started_at or at).replace(minute=0, second=0, microsecond=0)
    rows = []
    for link in dispatch.links.order_by("place"):
        wanted = round(sent * dice.uniform(*share) / link.place)
        hours = sorted(dice.choices(HOURS, [1 / each for each in HOURS], k=wanted))
        for hour in sorted(set(hours)):
            moment = start + timedelta(hours=hour)
            if moment < at:
                rows.append(LinkCount(link=link, hour=moment, kind="press", n=hours.count(hour)))
        if sent:
            rows.append(LinkCount(link=link, hour=start, kind="ahead", n=max(1, sent // 7)))
    LinkCount.objects.bulk_create(rows)


def come_back(dispatch: Dispatch, *, at: datetime) -> None:
    """A few letters come back a day later: the mailbox is full."""
    sent = Message.objects.filter(dispatch=dispatch, state=Message.State.SENT)
    points = list(sent.order_by("id").values_list("contact_point_id", flat=True))
    moment = (dispatch.started_at or at) + timedelta(days=1)
    returned = [each for each in points[3::COMES_BACK] if each]
    if returned and moment < at:
        mark_undeliverable(point_ids=returned, why=FULL, at=moment)


def let_count_sales(topic: Purpose, *, at: datetime, actor: Actor) -> None:
    """The topic of offers may use what people bought, with the reason."""
    for key in ("last_purchase", "purchase_amount"):
        admit_field(
            activity_key=topic.activity_key,
            field_key=key,
            why_nl="Om te zien of een aanbieding past bij wat u kocht.",
            why_en="To see whether an offer fits what you bought.",
            at=at,
            actor=actor,
            weighed=FITS,
        )
