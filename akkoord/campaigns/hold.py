"""Hold everything that is on its way, after a backup was put back (INV-36).

The database says what waited when the backup was made. What left since is not known to it, so going
on by itself could send a letter twice: a person decides, letter by letter.
"""

from datetime import datetime

from django.db import transaction

from akkoord.campaigns.series_actions import pause_series
from akkoord.campaigns.series_models import Series
from akkoord.delivery.handover import hold_outbox
from akkoord.law.reasons import Reason
from akkoord.messages.hold import hold_dispatches
from akkoord.trail.actions import Actor


@transaction.atomic
def hold_everything(*, at: datetime) -> int:
    """Pause every series and every letter that is being sent; how many, with the single mails.

    What was being handed over is uncertain, and so is every single mail that waited: it is shown
    as such and not sent again.
    """
    series = list(Series.objects.filter(state=Series.State.ON).values_list("id", flat=True))
    for each in series:
        pause_series(series_id=each, at=at, actor=Actor.system())
    mails = hold_outbox(at=at, reason=Reason.PUT_BACK.value)
    return len(series) + mails + hold_dispatches(at=at, reason=Reason.PUT_BACK.value)
