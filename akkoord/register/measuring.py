"""Asking people apart whether they let us see what they read (INV-28; Tw 11.7a).

A purpose of its own with words of its own. Nothing is sent for it; without it nobody's opening or
pressing is kept.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.register import presets
from akkoord.register.actions import RegisterRefused, TopicWords, create_topic
from akkoord.register.models import Purpose
from akkoord.register.queries import measuring_purpose
from akkoord.trail.actions import Actor

SLUG = "meten"


@transaction.atomic
def offer_measuring(*, at: datetime, actor: Actor) -> Purpose:
    """Let people be asked: from now on the box can stand on forms and in the preference centre.

    Refuses when it is offered already.
    """
    if measuring_purpose() is not None:
        raise RegisterRefused("", _("People are asked already."))
    name, description = presets.MEASURING["name"], presets.MEASURING["description"]
    taken = Purpose.objects.filter(slug__startswith=SLUG).count()  # one that has ended stays
    return create_topic(
        slug=f"{SLUG}-{taken + 1}" if taken else SLUG,
        words=TopicWords(name.nl, name.en, description.nl, description.en),
        at=at,
        actor=actor,
        measures=True,
    )
