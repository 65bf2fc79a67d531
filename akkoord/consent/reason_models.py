"""The table of reasons that people gave after they stopped (see `reasons_given.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import Column, personal_data

LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="event__person_ref",
    order=470,  # before the event that it tells about is emptied
    columns={
        "event_id": Column("pd:Consent", (LEGAL,)),  # stays, sealed: it finds nobody
        "reason": Column("pd:Opinion", (LEGAL,), provided=True),
        "given_at": Column("pd:Consent", (LEGAL,)),
    },
    plain=(),
)
class StopReason(models.Model):
    """Why a person stopped, in one word of a closed list, given afterwards and of their own accord.

    Beside the event, which is sealed and never changed.
    """

    event = models.OneToOneField(
        "consent.PermissionEvent", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    reason = models.CharField(max_length=20)  # law.stop_reasons.StopReason
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    reason__in=[
                        "too-often",
                        "not-for-me",
                        "never-asked",
                        "other-address",
                        "something-else",
                    ]
                ),
                name="consent_reason_of_the_list",
            ),
        ]
